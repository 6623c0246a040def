package io.matriarch.sim.disk;

import io.matriarch.sim.time.Chance;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * One file's content as the running system sees it, and what the platter has instead where the two differ. A crash
 * keeps, of every page written since the last force, the old content, the new, or a mixture at sector granularity.
 */
final class VirtualFile {
    static final int PAGE_BYTES = 4096;
    static final int SECTOR_BYTES = 512;

    private byte[] seen = new byte[0];
    private int seenSize;
    private int durableSize;
    /** What the platter has of each page that was written since the last force. */
    private final Map<Integer, byte[]> old = new TreeMap<>();

    int size() {
        return seenSize;
    }

    void read(int at, byte[] into, int offset, int length) {
        System.arraycopy(seen, at, into, offset, length);
    }

    void write(int at, byte[] from, int offset, int length) {
        int end = Math.addExact(at, length);
        touch(at, end);
        System.arraycopy(from, offset, seen, at, length);
        seenSize = Math.max(seenSize, end);
    }

    /** Of so many bytes at {@code at} as many as end with a sector or the file: what a sector holds is replaced as a whole. */
    int wholeSectors(int at, int length) {
        int end = at + length;
        return end >= seenSize ? length : Math.max(0, end / SECTOR_BYTES * SECTOR_BYTES - at);
    }

    /** Cuts or extends with zeros. */
    void resize(int size) {
        if (size < seenSize) {
            touch(size, seenSize);
            Arrays.fill(seen, size, seenSize, (byte) 0);
        } else {
            touch(seenSize, size);
        }
        seenSize = size;
    }

    void force() {
        old.clear();
        durableSize = seenSize;
    }

    byte[] durableContent() {
        byte[] content = Arrays.copyOf(seen, durableSize);
        old.forEach((page, bytes) -> {
            int from = page * PAGE_BYTES;
            if (from < durableSize) {
                System.arraycopy(bytes, 0, content, from, Math.min(PAGE_BYTES, durableSize - from));
            }
        });
        return content;
    }

    /** The power went: decides page by page what had reached the platter, and forgets the rest. */
    void crash(Chance chance) {
        if (old.isEmpty() && seenSize == durableSize) {
            return;
        }
        int size = chance.hits(0.5) ? durableSize : survivingSize(chance);
        old.forEach((page, bytes) -> crashPage(chance, page * PAGE_BYTES, bytes));
        old.clear();
        reserve(size);
        Arrays.fill(seen, size, seen.length, (byte) 0);
        seenSize = size;
        durableSize = size;
    }

    /** A size between the old and the new one, or just the new one. */
    private int survivingSize(Chance chance) {
        if (chance.hits(0.5)) {
            return seenSize;
        }
        return (int) chance.between(Math.min(seenSize, durableSize), Math.max(seenSize, durableSize));
    }

    private void crashPage(Chance chance, int from, byte[] bytes) {
        int what = chance.below(3);
        for (int sector = 0; sector < PAGE_BYTES; sector += SECTOR_BYTES) {
            // Lost, kept, or torn.
            boolean isLost = what == 0 || (what == 2 && chance.hits(0.5));
            if (isLost) {
                System.arraycopy(bytes, sector, seen, from + sector, SECTOR_BYTES);
            }
        }
    }

    /** Bytes from {@code from} to {@code to} are about to change. */
    private void touch(int from, int to) {
        reserve(to);
        for (int page = from / PAGE_BYTES; page * PAGE_BYTES < to; page++) {
            int at = page * PAGE_BYTES;
            old.computeIfAbsent(page, key -> Arrays.copyOfRange(seen, at, at + PAGE_BYTES));
        }
    }

    /** Whole pages, so that each can be saved and put back. */
    private void reserve(int size) {
        int pages = (size + PAGE_BYTES - 1) / PAGE_BYTES;
        if (seen.length < pages * PAGE_BYTES) {
            seen = Arrays.copyOf(seen, Math.max(pages, seen.length / PAGE_BYTES * 3 / 2) * PAGE_BYTES);
        }
    }
}
