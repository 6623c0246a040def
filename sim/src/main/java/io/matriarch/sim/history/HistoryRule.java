package io.matriarch.sim.history;

/** What a history must keep, with its place in the specification. */
public enum HistoryRule {
    LINEARIZABLE_WRITES("client.md 16: a write that began after another was acknowledged has a higher zxid"),
    ONE_ZXID_PER_WRITE("client.md 16: no two acknowledged writes have one zxid"),
    FRESH_AFTER_SYNC("client.md 16: a read after a sync sees whatever anybody saw before the sync was sent"),
    SESSION_ORDER("client.md 4, 16: replies come in the order of requests, and what a client sees never goes back"),
    TRUE_READ("client.md 4, 16: a read shows the last write before it, and only what somebody wrote"),
    WATCH_BEFORE_REPLY("client.md 13.3: a watch event comes before a reply that shows the change"),
    TRUE_WATCH_EVENT("client.md 13.2: an event tells the first change after its watch was set"),
    REGISTER_LINEARIZABLE("client.md 16: each key's history has a sequential explanation, by values and times alone");

    private final String source;

    HistoryRule(String source) {
        this.source = source;
    }

    /** Where it is written, and what it says. */
    public String source() {
        return source;
    }
}
