package io.matriarch.core.zab;

import java.util.Random;

/**
 * When the next snapshot is due: after so many transactions or so many bytes of them, whichever comes first; each number
 * is drawn anew between its half and all of it, so that the servers of an ensemble do not all write at once (disk.md 4).
 * What a start replays counts too: the log of a server that never lives that long would grow without end.
 */
final class SnapshotPace {
    private final int snapCount;
    private final long snapSizeBytes;
    private final Random random;
    private long dueCount;
    private long dueBytes;

    /**
     * Both reckoned from the snapshot that this process started from.
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

    boolean isDue(long appliedCount, long appliedBytes) {
        return appliedCount >= dueCount || appliedBytes >= dueBytes;
    }

    /** A snapshot began when this much was applied. */
    void begun(long appliedCount, long appliedBytes) {
        dueCount = appliedCount + snapCount / 2 + random.nextInt(Math.max(1, snapCount / 2));
        long half = snapSizeBytes / 2;
        dueBytes = half <= 0 ? Long.MAX_VALUE : appliedBytes + half + (long) (random.nextDouble() * half);
    }
}
