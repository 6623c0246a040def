package io.matriarch.core.zab;

import java.util.Random;

/**
 * When the next snapshot is due: after so many transactions or so many bytes of them, whichever comes first; each number
 * is drawn anew between its half and all of it, so that the servers of an ensemble do not all write at once (disk.md 4).
 */
final class SnapshotPace {
    private final int snapCount;
    private final long snapSizeBytes;
    private final Random random;
    private long dueCount;
    private long dueBytes;

    /**
     * Both reckoned from 0.
     *
     * @param snapCount transactions between snapshots, at least 2
     * @param snapSizeBytes bytes between snapshots; 0 or less: any
     */
    SnapshotPace(int snapCount, long snapSizeBytes, Random random) {
        this.snapCount = snapCount;
        this.snapSizeBytes = snapSizeBytes;
        this.random = random;
        begun(0, 0);
    }

    boolean isDue(long committedCount, long committedBytes) {
        return committedCount >= dueCount || committedBytes >= dueBytes;
    }

    /** A snapshot began when this much was committed. */
    void begun(long committedCount, long committedBytes) {
        dueCount = committedCount + snapCount / 2 + random.nextInt(Math.max(1, snapCount / 2));
        long half = snapSizeBytes / 2;
        dueBytes = half <= 0 ? Long.MAX_VALUE : committedBytes + half + (long) (random.nextDouble() * half);
    }
}
