package io.matriarch.wire.client;

/** The numbers of the operations (client.md 6.1). The same numbers are the types of transactions. */
public final class OpCode {
    /** Watch event; never a request. */
    public static final int NOTIFICATION = 0;

    /** Create a znode. */
    public static final int CREATE = 1;

    /** Delete a znode. */
    public static final int DELETE = 2;

    /** Stat, or no such znode. */
    public static final int EXISTS = 3;

    /** Data and stat. */
    public static final int GET_DATA = 4;

    /** Replace the data. */
    public static final int SET_DATA = 5;

    /** Access list and stat. */
    public static final int GET_ACL = 6;

    /** Replace the access list. */
    public static final int SET_ACL = 7;

    /** Names of the children. */
    public static final int GET_CHILDREN = 8;

    /** Barrier against the leader. */
    public static final int SYNC = 9;

    /** Keeps the session alive. */
    public static final int PING = 11;

    /** Names of the children and stat. */
    public static final int GET_CHILDREN2 = 12;

    /** Compare a version; only inside multi. */
    public static final int CHECK = 13;

    /** Several writes as one. */
    public static final int MULTI = 14;

    /** Create, answered with stat. */
    public static final int CREATE2 = 15;

    /** Change the membership. */
    public static final int RECONFIG = 16;

    /** Is there such a watch. */
    public static final int CHECK_WATCHES = 17;

    /** Remove a watch. */
    public static final int REMOVE_WATCHES = 18;

    /** Create a container znode. */
    public static final int CREATE_CONTAINER = 19;

    /** Remove an empty container or expired znode; only by the leader itself. */
    public static final int DELETE_CONTAINER = 20;

    /** Create a znode with a time to live. */
    public static final int CREATE_TTL = 21;

    /** Several reads as one. */
    public static final int MULTI_READ = 22;

    /** Add an identity to the connection. */
    public static final int AUTH = 100;

    /** Arm watches again after a reconnect. */
    public static final int SET_WATCHES = 101;

    /** One step of a SASL exchange. */
    public static final int SASL = 102;

    /** The session's ephemeral znodes. */
    public static final int GET_EPHEMERALS = 103;

    /** Count of descendants. */
    public static final int GET_ALL_CHILDREN_NUMBER = 104;

    /** As setWatches, with persistent watches. */
    public static final int SET_WATCHES2 = 105;

    /** Set a persistent watch. */
    public static final int ADD_WATCH = 106;

    /** Identities of the connection. */
    public static final int WHO_AM_I = 107;

    /** A failed write, in transactions and multi results. */
    public static final int ERROR = -1;

    /** Open a session; between servers only. */
    public static final int CREATE_SESSION = -10;

    /** End a session. */
    public static final int CLOSE_SESSION = -11;

    private OpCode() {}

    /** ZooKeeper's name of {@code opcode}, for logs; {@code op<number>} if it has none. */
    public static String name(int opcode) {
        return switch (opcode) {
            case NOTIFICATION -> "notification";
            case CREATE -> "create";
            case DELETE -> "delete";
            case EXISTS -> "exists";
            case GET_DATA -> "getData";
            case SET_DATA -> "setData";
            case GET_ACL -> "getACL";
            case SET_ACL -> "setACL";
            case GET_CHILDREN -> "getChildren";
            case SYNC -> "sync";
            case PING -> "ping";
            case GET_CHILDREN2 -> "getChildren2";
            case CHECK -> "check";
            case MULTI -> "multi";
            case CREATE2 -> "create2";
            case RECONFIG -> "reconfig";
            case CHECK_WATCHES -> "checkWatches";
            case REMOVE_WATCHES -> "removeWatches";
            case CREATE_CONTAINER -> "createContainer";
            case DELETE_CONTAINER -> "deleteContainer";
            case CREATE_TTL -> "createTTL";
            case MULTI_READ -> "multiRead";
            case AUTH -> "auth";
            case SET_WATCHES -> "setWatches";
            case SASL -> "sasl";
            case GET_EPHEMERALS -> "getEphemerals";
            case GET_ALL_CHILDREN_NUMBER -> "getAllChildrenNumber";
            case SET_WATCHES2 -> "setWatches2";
            case ADD_WATCH -> "addWatch";
            case WHO_AM_I -> "whoAmI";
            case ERROR -> "error";
            case CREATE_SESSION -> "createSession";
            case CLOSE_SESSION -> "closeSession";
            default -> "op" + opcode;
        };
    }
}
