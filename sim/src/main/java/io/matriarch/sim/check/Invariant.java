package io.matriarch.sim.check;

/** Everything that is checked, with its place in the specifications. */
public enum Invariant {
    ONE_LEADER_PER_EPOCH("zab.md 18.1, 18.2; election.md 8.13"),
    ONE_LEADER_ANSWERS("issue 4: a leader that is only silent answers no client when another can lead"),
    PREFIX_CONSISTENCY("zab.md 18.3, 18.5 to 18.8: all servers deliver the same transactions in the same order"),
    ONE_MEANING_PER_ZXID("zab.md 18.4, 18.19: a zxid is one transaction, and was proposed"),
    DURABILITY("zab.md 18.10: an acknowledged write is in the history of a quorum's disks"),
    EPOCHS_ON_DISK("zab.md 18.12, 18.16; election.md 8.9: epoch(zxid) <= currentEpoch <= acceptedEpoch, none falls"),
    PROMISED_EPOCH_STORED("zab.md 18.13: LEADERINFO and ACKEPOCH only above a durable acceptedEpoch"),
    ONE_PROMISE_PER_EPOCH("zab.md 18.14: a countable ACKEPOCH once per server and epoch"),
    NEWLEADER_ACK_STORED("zab.md 18.15: NEWLEADER acknowledged only with epoch and history durable"),
    NEWLEADER_STORED("zab.md 7.2 R2: the leader's currentEpoch is durable before its NEWLEADER"),
    ACK_STORED("zab.md 18.20: ACK only for what the sender has forced"),
    COMMIT_ORDER("zab.md 18.21: COMMIT follows its PROPOSAL on the connection, without gaps"),
    COMMIT_QUORUM("zab.md 18.22: what is delivered is durable on a quorum"),
    ESTABLISHED_QUORUM("zab.md 18.26: UPTODATE only after a quorum acknowledged NEWLEADER"),
    OBSERVERS_UNCOUNTED("zab.md 15, 18.25: an observer leads nothing, follows nobody and acknowledges no proposal"),
    PROPOSALS_CONTIGUOUS("zab.md 18.19: proposals of an epoch have consecutive zxids"),
    EQUAL_TREES("zab.md 18.28: equal zxid, equal digest"),
    DIGESTS_AGREE("zab.md 6.2, 18.28: after a transaction the tree has the digest that the transaction carries"),
    RECOVERY("zab.md 18.41: what was forced is there after a crash, what was cut is not"),
    VALID_TRANSACTION("zab.md 10.1: a transaction fits the state it was proposed for"),
    READABLE_TRANSACTION("zab.md 1, D16: no transaction is longer than what servers read from the wire or a log"),
    SYNC_WITHOUT_HOLES("zab.md R10, D8: what a learner is sent follows on what it had, without holes"),
    SESSION_ONCE("zab.md 18.30: a session id is created once and not used after its end"),
    SESSION_EPHEMERALS("zab.md 18.31, client.md 9.4: an ephemeral goes with its session, all of them and no others"),
    TIME_TO_LIVE("client.md 9.5: what goes by itself was not changed for its time to live, and has no children"),
    SESSION_EXPIRY("zab.md 18.36: no session expires before its timeout"),
    SESSION_ANSWER("zab.md 18.35, client.md 3.2: a resumed session is alive, a refused one is not"),
    LOCAL_SESSION(
            "zab.md 12: a session that no transaction opened is served by the server that granted it, and only there"),
    READ_ONLY("client.md 19, zab.md D20: a server without a quorum acknowledges no write and changes nothing"),
    ONE_TRANSACTION_PER_REQUEST("zab.md 18.32: a request is executed at most once"),
    CLIENT_ORDER("zab.md 18.33, client.md 16: replies in request order, zxids never go back"),
    CORRECT_REPLY("client.md 6, 16: a reply is what its transaction or the tree at its zxid says"),
    LINEARIZABLE_WRITES("client.md 16: a write comes after everything delivered before it was sent"),
    FRESH_AFTER_SYNC(
            "zab.md 18.34, client.md 16: a read after sync sees everything delivered before the sync was sent"),
    WATCH_BEFORE_REPLY("client.md 13.3: a watch event comes before a reply that reflects the change"),
    TRUE_WATCH_EVENT("client.md 13.2: an event tells the first change after its watch was set"),
    CLIENT_HISTORY("client.md 13, 16: what clients were shown, judged without a look at any server (sim.history)"),
    CONFIGURATION_QUORUMS(
            "zab.md 18.37, 18.38: a configuration is delivered with a quorum of it and of the one before"),
    CONFIGURATION_RISES("zab.md 18.40: the version of a server's configuration never falls"),
    HANDED_OVER("zab.md 18.39: a leader that named another commits nothing more"),
    CONFIGURATION_STORED("zab.md 14: a configuration is on disk before its acknowledgement leaves"),
    VOTES_RISE("election.md 8.1, 8.7: votes of one round never fall, rounds never fall but by joining"),
    NO_INVENTED_VOTE("election.md 8.2: a vote in circulation was its candidate's own"),
    DECISION_QUORUM("election.md 8.3, 8.4: decided on a quorum of equal votes of one round, or on the leader's word"),
    VOTE_DURABLE("election.md 8.2: an own vote claims no more than disk has"),
    LEFT_ALONE("election.md F10, 8.18, T4: nothing is repeated to an Apache server that waits for silence"),
    PEER_UNHARMED("zab.md R6, R9, R10: nothing that we send makes an Apache learner break off or exit"),
    ELECTABLE("election.md 8.5: who is elected votes itself, and has weight"),
    VOTERS_COUNT("election.md 2.5, 8.5: nobody counts a word from or for a server that does not vote"),
    TOLD_WHEN_ASKED("election.md 2.4, 7.1 (1807): who does not vote is told only what it asked for"),
    ADOPTED_WHILE_LOOKING("election.md 8.12: a configuration comes from a notification only to a server that looks"
            + " for a leader, and only where members change"),
    CONFIGURATION_LABELLED("election.md 4.4: the first leader gives the configuration that all began with a version"),
    APPROACH_GIVEN_UP("election.md F6: who cannot reach the leader it decided for looks anew in time"),
    LEADER_JOINED(
            "election.md 3.8, 7.1 (3537): who looks, and heard a leader and a quorum that follows it, does so too"),
    ELECTION_TIMED("election.md 7.1 (3479): an election is said to take as long as its server looked for a leader"),
    FORM_OF_WORDS("election.md 2.2, 7.1 (1810): a word names its form and carries the sender's configuration"),
    LAST_WORD_TOLD(
            "election.md 1.6, 7.1 (481, 512): a new connection begins with what was said last, or anything newer"),
    DATABASE_KEPT("election.md 7.2 (2678): a server reads its database anew only if something was cut from it"),
    SNAPSHOT_COMMITTED("zab.md D21: a snapshot that a server takes holds only what is committed"),
    NEW_EPOCH_TOLD("election.md 2.3, 8.8: a server that serves announces the epoch that it serves in"),
    NEWEST_LEADS("zab.md 7.2, 18.17: until its history is final, a leader takes nobody who has a newer one"),
    NEWLEADER_ACK_FIRST("zab.md R19: nothing is acknowledged on a connection before NEWLEADER is"),
    NEWLEADER_ACK_COUNTED("zab.md R5: a leader that a quorum acknowledged does not wait for it in vain"),
    HOPELESS_LEADER("election.md F7, 8.15: who cannot be established any more gives up without waiting for initLimit"),
    FORSAKEN_TOLD("election.md F9: who follows another server tells those that it promised its vote"),
    OWN_CONFIGURATION("zab.md 14, D22: a server shows its own configuration"),
    LEADER_KEPT("zab.md 18.47: while all are slow at times and nobody is lost, nobody leaves an established leader"),
    HANGING_DISK_NOTICED(
            "docs/operations.md: a leader whose disk hangs gives way within the bound of heartbeats, if others can lead"),
    PROGRESS("zab.md 18.44 to 18.46, election.md 8.15: healed, the ensemble elects, agrees and commits"),
    NO_HALT("a server stops only for a failed disk"),
    NO_CRASH("no event makes the core throw");

    private final String source;

    Invariant(String source) {
        this.source = source;
    }

    /** Where it is written, and what it says. */
    public String source() {
        return source;
    }
}
