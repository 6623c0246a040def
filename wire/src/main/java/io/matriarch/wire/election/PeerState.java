package io.matriarch.wire.election;

import io.matriarch.wire.MalformedException;

/** What a server says it is doing (election.md 2.1). */
public enum PeerState {
    /** Electing. */
    LOOKING(0),
    /** Following a leader, with a vote. */
    FOLLOWING(1),
    /** Leading. */
    LEADING(2),
    /** Following a leader, without a vote. */
    OBSERVING(3);

    private static final PeerState[] BY_CODE = {LOOKING, FOLLOWING, LEADING, OBSERVING};

    private final int code;

    PeerState(int code) {
        this.code = code;
    }

    /** The number on the wire, 0 to 3. */
    public int code() {
        return code;
    }

    /**
     * The state with this number.
     *
     * @throws MalformedException if there is none
     */
    public static PeerState of(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new MalformedException("unknown peer state " + code);
        }
        return BY_CODE[code];
    }
}
