package io.matriarch.sim.check;

import java.util.Arrays;

/** Ascending zxids; appended and cut at the end. */
final class ZxidList {
    private long[] values = new long[64];
    private int size;

    int size() {
        return size;
    }

    long get(int index) {
        return values[index];
    }

    /** The last one, or {@code otherwise} if there is none. */
    long lastOr(long otherwise) {
        return size == 0 ? otherwise : values[size - 1];
    }

    void add(long zxid) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = zxid;
    }

    boolean contains(long zxid) {
        return Arrays.binarySearch(values, 0, size, zxid) >= 0;
    }

    /** Index of the first one above {@code zxid}; the size if there is none. */
    int firstAbove(long zxid) {
        int found = Arrays.binarySearch(values, 0, size, zxid);
        return found >= 0 ? found + 1 : -found - 1;
    }

    void cutAbove(long zxid) {
        size = firstAbove(zxid);
    }

    boolean hasSame(ZxidList other) {
        return Arrays.equals(values, 0, size, other.values, 0, other.size);
    }

    ZxidList copy() {
        ZxidList copy = new ZxidList();
        copy.values = values.clone();
        copy.size = size;
        return copy;
    }
}
