package io.matriarch.wire;

/**
 * A transaction id: epoch in the high 32 bits, counter in the low 32. Zxids compare as signed 64-bit numbers; {@link
 * #NONE} (-1) means "no history that may be counted" (zab.md 5).
 *
 * @param value the 64 bits as they travel on the wire
 */
public record Zxid(long value) implements Comparable<Zxid> {
    /** "Nothing, and do not count me". */
    public static final Zxid NONE = new Zxid(-1);

    /** The zxid of an empty history. */
    public static final Zxid ZERO = new Zxid(0);

    /** The last counter that may be proposed in an epoch; 0xFFFFFFFF never is (zab.md 5). */
    public static final long LAST_COUNTER = 0xFFFF_FFFEL;

    /** The zxid with this epoch and counter (0 to 2^32-1). */
    public static Zxid of(long epoch, long counter) {
        return new Zxid((epoch << 32) | (counter & 0xFFFF_FFFFL));
    }

    public long epoch() {
        return value >> 32;
    }

    /** The counter, 0 to 2^32-1. Counter 0 is never a transaction. */
    public long counter() {
        return value & 0xFFFF_FFFFL;
    }

    /** The next zxid of the same epoch. */
    public Zxid next() {
        return new Zxid(value + 1);
    }

    public boolean isAfter(Zxid other) {
        return value > other.value;
    }

    // Written out, because those of records are made by invokedynamic, in the middle of a start or an election.
    @Override
    public boolean equals(Object other) {
        return other instanceof Zxid that && that.value == value;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value);
    }

    @Override
    public int compareTo(Zxid other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(value);
    }
}
