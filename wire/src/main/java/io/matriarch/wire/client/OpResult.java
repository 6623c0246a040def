package io.matriarch.wire.client;

import io.matriarch.wire.JuteWriter;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one operation of a multi or multiRead (client.md 12.2, 12.3): header {type, done = false, err}, then the
 * body.
 *
 * @param type the operation's number, {@link OpCode#CREATE2} for all creates that return a stat, {@link OpCode#ERROR}
 *     for a failure
 * @param err 0 or the error
 * @param body null for delete and check; {@link Response.ErrorBody} for a failure
 */
public record OpResult(int type, int err, @Nullable Response body) {
    /** A failure, or the fate of an operation beside one. */
    public static OpResult failed(int err) {
        return new OpResult(OpCode.ERROR, err, new Response.ErrorBody(err));
    }

    void encode(JuteWriter out) {
        MultiHeader.encode(out, type, err);
        if (body != null) {
            body.encode(out);
        }
    }
}
