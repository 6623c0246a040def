package io.matriarch.wire.quorum;

/** The types of quorum packets (zab.md 4), each with its direction: L leader, F follower, O observer. */
public final class PacketType {
    /** F,O to L: a client's write or sync. */
    public static final int REQUEST = 1;

    /** L to F: log this transaction. */
    public static final int PROPOSAL = 2;

    /** F to L: everything up to here is durable. */
    public static final int ACK = 3;

    /** L to F: apply the transaction. */
    public static final int COMMIT = 4;

    /** Both ways: still there; the answer carries touched sessions. */
    public static final int PING = 5;

    /** Both ways: is this session alive. */
    public static final int REVALIDATE = 6;

    /** L to F,O: answer to a sync. */
    public static final int SYNC = 7;

    /** L to O: a committed transaction. */
    public static final int INFORM = 8;

    /** L to F: commit of a reconfig. */
    public static final int COMMITANDACTIVATE = 9;

    /** L to F,O: the end of the history to take over. */
    public static final int NEWLEADER = 10;

    /** F to L: the first packet. */
    public static final int FOLLOWERINFO = 11;

    /** L to F,O: serve clients. */
    public static final int UPTODATE = 12;

    /** L to F,O: missing transactions follow. */
    public static final int DIFF = 13;

    /** L to F,O: forget everything after. */
    public static final int TRUNC = 14;

    /** L to F,O: a snapshot follows, outside of packets. */
    public static final int SNAP = 15;

    /** O to L: the first packet. */
    public static final int OBSERVERINFO = 16;

    /** L to F,O: the new epoch. */
    public static final int LEADERINFO = 17;

    /** F,O to L: the new epoch is promised. */
    public static final int ACKEPOCH = 18;

    /** L to O: a committed reconfig. */
    public static final int INFORMANDACTIVATE = 19;

    /** Ours alone, both ways: another server is to lead ({@link LeadTransfer}). */
    public static final int TRANSFER = 20;

    private static final String[] NAMES = {
        "REQUEST", "PROPOSAL", "ACK", "COMMIT", "PING", "REVALIDATE", "SYNC", "INFORM", "COMMITANDACTIVATE",
        "NEWLEADER", "FOLLOWERINFO", "UPTODATE", "DIFF", "TRUNC", "SNAP", "OBSERVERINFO", "LEADERINFO", "ACKEPOCH",
        "INFORMANDACTIVATE", "TRANSFER"
    };

    private PacketType() {}

    /** The type's name, for logs; {@code packet<number>} if it has none. */
    public static String name(int type) {
        return type >= 1 && type <= NAMES.length ? NAMES[type - 1] : "packet" + type;
    }
}
