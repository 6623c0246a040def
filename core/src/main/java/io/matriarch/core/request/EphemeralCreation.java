package io.matriarch.core.request;

import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;

/** Which requests need a session that all servers know, because they create an ephemeral znode (zab.md 12). */
final class EphemeralCreation {
    private static final int EPHEMERAL = 1;
    private static final int EPHEMERAL_SEQUENTIAL = 3;

    private EphemeralCreation() {}

    /** Compat: create, create2 and multi only. */
    static boolean isIn(Request request) {
        if (request instanceof Request.Multi multi) {
            return multi.ops().stream().anyMatch(EphemeralCreation::isIn);
        }
        return request instanceof Request.Create create
                && (create.opcode() == OpCode.CREATE || create.opcode() == OpCode.CREATE2)
                && (create.flags() == EPHEMERAL || create.flags() == EPHEMERAL_SEQUENTIAL);
    }
}
