package io.matriarch.wire;

/**
 * The id of a server, as in its {@code myid} file. Legal members have 0 to 2^63-1 (254 with extended node types); other
 * values occur on the wire and name strangers.
 *
 * @param value the 64 bits as they travel on the wire
 */
public record ServerId(long value) implements Comparable<ServerId> {
    // Written out, because those of records are made by invokedynamic, in the middle of a start or an election.
    @Override
    public boolean equals(Object other) {
        return other instanceof ServerId that && that.value == value;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value);
    }

    @Override
    public int compareTo(ServerId other) {
        return Long.compare(value, other.value);
    }

    /** The id in decimal, as operators write it. */
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
