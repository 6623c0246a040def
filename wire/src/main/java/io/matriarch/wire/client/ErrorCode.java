package io.matriarch.wire.client;

/** The codes of outcomes in replies (client.md 7). */
public final class ErrorCode {
    /** Success. */
    public static final int OK = 0;

    /** Never sent by current servers. */
    public static final int SYSTEM_ERROR = -1;

    /** Inside multi results: an earlier operation failed. */
    public static final int RUNTIME_INCONSISTENCY = -2;

    /** Never sent. */
    public static final int DATA_INCONSISTENCY = -3;

    /** Clients only. */
    public static final int CONNECTION_LOSS = -4;

    /** The request could not be decoded, or failed in an unforeseen way. */
    public static final int MARSHALLING_ERROR = -5;

    /** Unknown operation, or one that is switched off. */
    public static final int UNIMPLEMENTED = -6;

    /** Clients only. */
    public static final int OPERATION_TIMEOUT = -7;

    /** Path, flags, ttl or arguments of reconfig. */
    public static final int BAD_ARGUMENTS = -8;

    /** Internal. */
    public static final int UNKNOWN_SESSION = -12;

    /** reconfig: too few of the new members are in sync. */
    public static final int NEW_CONFIG_NO_QUORUM = -13;

    /** reconfig: another one is pending. */
    public static final int RECONFIG_IN_PROGRESS = -14;

    /** Boundary, never sent. */
    public static final int API_ERROR = -100;

    /** No such znode. */
    public static final int NO_NODE = -101;

    /** Refused by the access list. */
    public static final int NO_AUTH = -102;

    /** The version does not match. */
    public static final int BAD_VERSION = -103;

    /** The parent is ephemeral. */
    public static final int NO_CHILDREN_FOR_EPHEMERALS = -108;

    /** The znode exists. */
    public static final int NODE_EXISTS = -110;

    /** The znode has children. */
    public static final int NOT_EMPTY = -111;

    /** The session has ended or is ending. */
    public static final int SESSION_EXPIRED = -112;

    /** Clients only. */
    public static final int INVALID_CALLBACK = -113;

    /** The access list is not acceptable. */
    public static final int INVALID_ACL = -114;

    /** Authentication refused; the connection closes. */
    public static final int AUTH_FAILED = -115;

    /** Another server serves the session now; the connection closes. */
    public static final int SESSION_MOVED = -118;

    /** A write at a read-only server. */
    public static final int NOT_READ_ONLY = -119;

    /** A local session may not own ephemerals. */
    public static final int EPHEMERAL_ON_LOCAL_SESSION = -120;

    /** No such watch. */
    public static final int NO_WATCHER = -121;

    /** Clients only. */
    public static final int REQUEST_TIMEOUT = -122;

    /** reconfig is switched off. */
    public static final int RECONFIG_DISABLED = -123;

    /** Enforced authentication is missing; the connection closes. */
    public static final int SESSION_CLOSED_REQUIRE_SASL_AUTH = -124;

    /** A hard quota is exceeded. */
    public static final int QUOTA_EXCEEDED = -125;

    /** The request waited too long. */
    public static final int THROTTLED_OP = -127;

    private ErrorCode() {}

    /** The code's name as clients know it, for logs; {@code error<number>} if it has none. */
    public static String name(int code) {
        return switch (code) {
            case OK -> "Ok";
            case SYSTEM_ERROR -> "SystemError";
            case RUNTIME_INCONSISTENCY -> "RuntimeInconsistency";
            case DATA_INCONSISTENCY -> "DataInconsistency";
            case CONNECTION_LOSS -> "ConnectionLoss";
            case MARSHALLING_ERROR -> "MarshallingError";
            case UNIMPLEMENTED -> "Unimplemented";
            case OPERATION_TIMEOUT -> "OperationTimeout";
            case BAD_ARGUMENTS -> "BadArguments";
            case UNKNOWN_SESSION -> "UnknownSession";
            case NEW_CONFIG_NO_QUORUM -> "NewConfigNoQuorum";
            case RECONFIG_IN_PROGRESS -> "ReconfigInProgress";
            case API_ERROR -> "ApiError";
            case NO_NODE -> "NoNode";
            case NO_AUTH -> "NoAuth";
            case BAD_VERSION -> "BadVersion";
            case NO_CHILDREN_FOR_EPHEMERALS -> "NoChildrenForEphemerals";
            case NODE_EXISTS -> "NodeExists";
            case NOT_EMPTY -> "NotEmpty";
            case SESSION_EXPIRED -> "SessionExpired";
            case INVALID_CALLBACK -> "InvalidCallback";
            case INVALID_ACL -> "InvalidACL";
            case AUTH_FAILED -> "AuthFailed";
            case SESSION_MOVED -> "SessionMoved";
            case NOT_READ_ONLY -> "NotReadOnly";
            case EPHEMERAL_ON_LOCAL_SESSION -> "EphemeralOnLocalSession";
            case NO_WATCHER -> "NoWatcher";
            case REQUEST_TIMEOUT -> "RequestTimeout";
            case RECONFIG_DISABLED -> "ReconfigDisabled";
            case SESSION_CLOSED_REQUIRE_SASL_AUTH -> "SessionClosedRequireSaslAuth";
            case QUOTA_EXCEEDED -> "QuotaExceeded";
            case THROTTLED_OP -> "ThrottledOp";
            default -> "error" + code;
        };
    }
}
