package io.matriarch.wire.quorum;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a learner's PING answer (zab.md 4, 12): sessionId long, timeout int.
 *
 * @param sessionId a session that its client touched since the last answer
 * @param timeoutMillis its timeout
 */
public record SessionTouch(long sessionId, int timeoutMillis) {
    /** Encoded length of one entry. */
    public static final int SIZE_BYTES = 12;

    /**
     * Reads the data of a PING answer: entries up to the end. No data is an empty list.
     *
     * @throws MalformedException if the last entry is cut
     */
    public static List<SessionTouch> decodeAll(@Nullable Bytes data) {
        if (data == null || data.isEmpty()) {
            return List.of();
        }
        if (data.length() % SIZE_BYTES != 0) {
            throw new MalformedException("session touches of " + data.length() + " bytes");
        }
        JuteReader in = new JuteReader(data);
        SessionTouch[] touches = new SessionTouch[data.length() / SIZE_BYTES];
        for (int i = 0; i < touches.length; i++) {
            long sessionId = in.readLong();
            touches[i] = new SessionTouch(sessionId, in.readInt());
        }
        return Collections.unmodifiableList(Arrays.asList(touches));
    }

    /** The data of a PING answer; empty, never null, for an empty list (zab.md 19, scenario 45). */
    public static Bytes encodeAll(List<SessionTouch> touches) {
        JuteWriter out = new JuteWriter(touches.size() * SIZE_BYTES);
        for (SessionTouch touch : touches) {
            out.writeLong(touch.sessionId);
            out.writeInt(touch.timeoutMillis);
        }
        return out.toBytes();
    }
}
