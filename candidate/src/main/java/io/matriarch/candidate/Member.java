package io.matriarch.candidate;

import java.util.Arrays;
import java.util.Locale;

/**
 * One znode of a line: a candidate or a member.
 *
 * @param path of the znode
 * @param sequence the number that the server gave to it; the lowest is the first
 * @param sessionId the session that owns it
 * @param czxid when it was created: as a fencing token, if it leads
 * @param createdMillis the ensemble's wall clock when it was created, milliseconds since 1970
 * @param content what it published
 */
@SuppressWarnings("ArrayRecordComponent") // equal by content, below
public record Member(String path, long sequence, long sessionId, long czxid, long createdMillis, byte[] content) {
    /** By content of the array, too. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Member that
                && path.equals(that.path)
                && czxid == that.czxid
                && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s of session 0x%x", path, sessionId);
    }
}
