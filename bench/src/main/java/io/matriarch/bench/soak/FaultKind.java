package io.matriarch.bench.soak;

/** What is done to a soak's servers and candidates. */
public enum FaultKind {
    /** SIGKILL, and started again later. */
    SERVER_KILLED("server killed", 3),
    /** SIGSTOP, and SIGCONT later. */
    SERVER_PAUSED("server paused", 3),
    /** All of them paused at once. */
    QUORUM_PAUSED("all servers paused", 1),
    /** SIGKILL of a process with all its candidates, and another one later. */
    CANDIDATES_KILLED("candidates killed", 4),
    /** SIGSTOP of a process with all its candidates, and SIGCONT later. */
    CANDIDATES_PAUSED("candidates paused", 5),
    /** What a process and the servers send each other vanishes for a while. */
    CANDIDATES_SILENCED("candidates cut off, silently", 4),
    /** All connections of a process end; it can connect again at once. */
    CONNECTIONS_BROKEN("candidates' connections broken", 2),
    /** Whoever leads is told to resign. */
    RESIGNED("leader resigned", 3);

    private final String label;
    private final int weight;

    FaultKind(String label, int weight) {
        this.label = label;
        this.weight = weight;
    }

    String label() {
        return label;
    }

    /** How often it is drawn, against the others. */
    int weight() {
        return weight;
    }
}
