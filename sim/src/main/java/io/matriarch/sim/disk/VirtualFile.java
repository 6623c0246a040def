package io.matriarch.sim.disk;

import io.matriarch.sim.time.Chance;
import java.util.Arrays;
import java.util.BitSet;

/**
 * One file's content twice: as the running system sees it, and as the platter has it. A crash keeps, of every page
 * written since the last force, the old content, the new, or a mixture at sector granularity.
 */
final class VirtualFile {
    static final int PAGE_BYTES = 4096;
    static final int SECTOR_BYTES = 512;

    private byte[] seen = new byte[0];
    private int seenSize;
    private byte[] durable = new byte[0];
    private int durableSize;
    private final BitSet dirty = new BitSet();

    int size() {
        return seenSize;
    }

    void read(int at, byte[] into, int offset, int length) {
        System.arraycopy(seen, at, into, offset, length);
    }

    void write(int at, byte[] from, int offset, int length) {
        int end = Math.addExact(at, length);
        seen = grown(seen, end);
        System.arraycopy(from, offset, seen, at, length);
        int firstTouched = Math.min(at, seenSize);
        seenSize = Math.max(seenSize, end);
        touch(firstTouched, end);
    }

    /** Cuts or extends with zeros. */
    void resize(int size) {
        if (size < seenSize) {
            Arrays.fill(seen, size, seenSize, (byte) 0);
            touch(size, seenSize);
        } else {
            seen = grown(seen, size);
            touch(seenSize, size);
        }
        seenSize = size;
    }

    void force() {
        durable = grown(durable, seenSize);
        for (int page = dirty.nextSetBit(0); page >= 0; page = dirty.nextSetBit(page + 1)) {
            copySeen(page * PAGE_BYTES, Math.min((page + 1) * PAGE_BYTES, durable.length));
        }
        if (seenSize < durableSize) {
            Arrays.fill(durable, seenSize, durableSize, (byte) 0);
        }
        durableSize = seenSize;
        dirty.clear();
    }

    boolean isForced() {
        return dirty.isEmpty() && seenSize == durableSize;
    }

    byte[] durableContent() {
        return Arrays.copyOf(durable, durableSize);
    }

    /** The power went: decides page by page what had reached the platter, and forgets the rest. */
    void crash(Chance chance) {
        if (!isForced()) {
            int size = chance.hits(0.5) ? durableSize : survivingSize(chance);
            durable = grown(durable, Math.max(size, durableSize));
            for (int page = dirty.nextSetBit(0); page >= 0; page = dirty.nextSetBit(page + 1)) {
                int from = page * PAGE_BYTES;
                int to = Math.min(from + PAGE_BYTES, size);
                if (from < to) {
                    crashPage(chance, from, to);
                }
            }
            if (size < durableSize) {
                Arrays.fill(durable, size, durableSize, (byte) 0);
            }
            durableSize = size;
            dirty.clear();
        }
        seen = durable.clone();
        seenSize = durableSize;
    }

    /** A size between the old and the new one, or just the new one. */
    private int survivingSize(Chance chance) {
        if (chance.hits(0.5)) {
            return seenSize;
        }
        return (int) chance.between(Math.min(seenSize, durableSize), Math.max(seenSize, durableSize));
    }

    private void crashPage(Chance chance, int from, int to) {
        switch (chance.below(3)) {
            case 0 -> {
                // Lost: the platter keeps what it had.
            }
            case 1 -> copySeen(from, to);
            default -> {
                for (int at = from; at < to; at += SECTOR_BYTES) {
                    if (chance.hits(0.5)) {
                        copySeen(at, Math.min(at + SECTOR_BYTES, to));
                    }
                }
            }
        }
    }

    private void copySeen(int from, int to) {
        int available = Math.min(to, seen.length);
        if (from < available) {
            System.arraycopy(seen, from, durable, from, available - from);
        }
        if (available < to) {
            Arrays.fill(durable, Math.max(from, available), to, (byte) 0);
        }
    }

    private void touch(int from, int to) {
        if (from < to) {
            dirty.set(from / PAGE_BYTES, (to - 1) / PAGE_BYTES + 1);
        }
    }

    private static byte[] grown(byte[] array, int size) {
        return array.length >= size ? array : Arrays.copyOf(array, Math.max(size, array.length * 2));
    }
}
