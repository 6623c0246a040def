package io.matriarch.storage;

import io.matriarch.storage.Layout.NumberedFile;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Removes snapshots and logs that no start needs any more (disk.md 6). The newest whole snapshots are kept, and with the
 * oldest of them every log that leads on from it; what is older goes. A snapshot counts only if it was read to its end and
 * its seals are right: keeping three that are broken would keep nothing (LESSONS 37).
 *
 * <p>Two steps, because reading large snapshots takes long and nothing else may wait for it: {@link #plan} only reads and
 * may run beside a server that writes; {@link #perform} only deletes. A snapshot that appears between the two is newer than
 * what is kept, and where one vanished nothing is deleted.
 */
public final class Purge {
    /** Compat: the least that Apache keeps. */
    public static final int MIN_RETAINED = 3;

    private final FileSystem files;
    private final Layout layout;
    private final int retained;
    /** Sizes of snapshots that were found whole, so that each is read only once. */
    private final Map<String, Long> whole = new HashMap<>();

    /** @param retained how many whole snapshots to keep, at least {@link #MIN_RETAINED} */
    public Purge(FileSystem files, StorageOptions options, int retained) {
        if (retained < MIN_RETAINED) {
            throw new IllegalArgumentException("at least " + MIN_RETAINED + " snapshots are kept, not " + retained);
        }
        this.files = files;
        this.layout = new Layout(files, options);
        this.retained = retained;
    }

    /**
     * What can go, and why the rest stays.
     *
     * @param kept the whole snapshots that are kept, newest first, as paths
     * @param broken snapshots that cannot be read, and therefore do not count, as paths
     * @param removable what no start needs, oldest first, as paths
     */
    public record Plan(List<String> kept, List<String> broken, List<String> removable) {}

    /** Looks what can go; changes nothing. If there is no whole snapshot, nothing can. */
    public Plan plan() throws IOException {
        List<String> kept = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        Zxid oldestKept = null;
        for (NumberedFile snapshot : layout.snapshots()) {
            if (kept.size() == retained) {
                break;
            }
            if (isWhole(snapshot)) {
                kept.add(snapshot.path());
                oldestKept = snapshot.zxid();
            } else {
                broken.add(snapshot.path());
            }
        }
        return new Plan(kept, broken, oldestKept == null ? List.of() : removableBelow(oldestKept));
    }

    /**
     * Deletes what {@code plan} allows, oldest first, so that an interruption leaves no gap; answers how many files. If a
     * snapshot to be kept has gone meanwhile, the history was replaced: then nothing is deleted, for what is planned to go
     * may have become what is needed.
     */
    public int perform(Plan plan) throws IOException {
        int count = 0;
        for (String kept : plan.kept()) {
            if (!files.exists(kept)) {
                return count;
            }
        }
        for (String path : plan.removable()) {
            if (files.exists(path)) {
                files.delete(path);
                whole.remove(path);
                count++;
            }
        }
        return count;
    }

    private boolean isWhole(NumberedFile snapshot) throws IOException {
        long size;
        try (FileSystem.ReadableFile file = files.openForReading(snapshot.path())) {
            size = file.size();
        }
        Long known = whole.get(snapshot.path());
        if (known != null && known == size) {
            return true;
        }
        boolean isWhole = SnapshotReader.isWhole(files, snapshot);
        if (isWhole) {
            whole.put(snapshot.path(), size);
        }
        return isWhole;
    }

    private List<String> removableBelow(Zxid oldestKept) throws IOException {
        List<NumberedFile> logs = layout.logs();
        // The newest log that starts at or below the snapshot may hold the transaction right after it.
        Zxid firstNeeded = null;
        for (NumberedFile log : logs) {
            if (!log.zxid().isAfter(oldestKept)) {
                firstNeeded = log.zxid();
            }
        }
        List<String> removable = new ArrayList<>();
        for (NumberedFile log : logs) {
            if (isBelow(log.zxid(), firstNeeded)) {
                removable.add(log.path());
            }
        }
        List<NumberedFile> snapshots = layout.snapshots();
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            if (isBelow(snapshots.get(i).zxid(), oldestKept)) {
                removable.add(snapshots.get(i).path());
            }
        }
        return removable;
    }

    private static boolean isBelow(Zxid zxid, @Nullable Zxid limit) {
        return limit != null && limit.isAfter(zxid);
    }
}
