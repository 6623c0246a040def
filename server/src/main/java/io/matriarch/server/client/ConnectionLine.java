package io.matriarch.server.client;

import io.matriarch.core.request.ClientStats;
import io.matriarch.wire.client.OpCode;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection in the words of operators, as {@code stat} and {@code cons} show it (operations.md 3.2).
 *
 * @param isOwn whether the word came on this connection
 * @param received frames
 * @param sent frames
 * @param core what the core knows of it; null before its first frame
 */
record ConnectionLine(String address, boolean isOwn, long received, long sent, ClientStats.@Nullable Link core) {
    /** A line of {@code stat}. */
    String shortText() {
        return head(received, sent) + ")\n";
    }

    /** A line of {@code cons}. */
    String longText() {
        if (core == null || core.sessionId() == 0) {
            return shortText();
        }
        StringBuilder text = new StringBuilder(head(core.received(), core.sent()))
                .append(",sid=0x")
                .append(Long.toHexString(core.sessionId()))
                .append(",lop=")
                .append(operation(core.lastOpcode()))
                .append(",est=")
                .append(core.upWallMillis())
                .append(",to=")
                .append(core.timeoutMillis());
        if (core.lastXid() >= 0) {
            text.append(",lcxid=0x").append(Integer.toHexString(core.lastXid()));
        }
        return text.append(",lzxid=0x")
                .append(Long.toHexString(core.lastZxid()))
                .append(",lresp=")
                .append(core.lastAnswerMillis())
                .append(",llat=")
                .append(core.lastLatencyMillis())
                .append(",minlat=")
                .append((long) core.minLatencyMillis())
                .append(",avglat=")
                .append((long) core.avgLatencyMillis())
                .append(",maxlat=")
                .append((long) core.maxLatencyMillis())
                .append(")\n")
                .toString();
    }

    /** Of its session; 0 without one. */
    long sessionId() {
        return core == null ? 0 : core.sessionId();
    }

    /** When it will be closed if nothing is heard of it; a connection without a session gets a little time for its handshake. */
    long silentUntilNanos(long nowNanos) {
        long heardNanos = core == null ? nowNanos : core.lastHeardNanos();
        int millis = sessionId() == 0 ? ClientPort.FIRST_BYTES_MILLIS : core.timeoutMillis();
        return heardNanos + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private String head(long in, long out) {
        int queued = core == null ? 0 : core.queued();
        return " " + address + "[" + (isOwn ? 0 : 1) + "](queued=" + queued + ",recved=" + in + ",sent=" + out;
    }

    private static String operation(int opcode) {
        return switch (opcode) {
            case OpCode.CREATE_SESSION -> "SESS";
            case OpCode.CLOSE_SESSION -> "CLOS";
            case OpCode.PING -> "PING";
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL -> "CREA";
            case OpCode.DELETE, OpCode.DELETE_CONTAINER -> "DELE";
            case OpCode.EXISTS -> "EXIS";
            case OpCode.GET_DATA -> "GETD";
            case OpCode.SET_DATA -> "SETD";
            case OpCode.GET_ACL -> "GETA";
            case OpCode.SET_ACL -> "SETA";
            case OpCode.GET_CHILDREN, OpCode.GET_CHILDREN2 -> "GETC";
            case OpCode.GET_ALL_CHILDREN_NUMBER -> "GETACN";
            case OpCode.GET_EPHEMERALS -> "GETE";
            case OpCode.SYNC -> "SYNC";
            case OpCode.MULTI -> "MULT";
            case OpCode.MULTI_READ -> "MLTR";
            case OpCode.CHECK -> "CHEC";
            case OpCode.RECONFIG -> "RECO";
            case OpCode.SET_WATCHES -> "SETW";
            case OpCode.SET_WATCHES2 -> "STW2";
            case OpCode.ADD_WATCH -> "ADDW";
            case OpCode.CHECK_WATCHES -> "CHKW";
            case OpCode.REMOVE_WATCHES -> "REMW";
            case OpCode.WHO_AM_I -> "HOMI";
            default -> "NA";
        };
    }
}
