package io.matriarch.core.port;

/**
 * One connection of a client or of a peer on the quorum port, for its whole life; never reused by a process. The host
 * numbers the connections it accepts from 1 up; the core numbers those it asks to dial from -1 down.
 */
public record LinkId(long value) {
    @Override
    public boolean equals(Object other) {
        return other instanceof LinkId that && that.value == value;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value);
    }

    @Override
    public String toString() {
        return "link" + value;
    }
}
