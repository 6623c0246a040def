package io.matriarch.storage;

import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code acceptedEpoch} or {@code currentEpoch}: one epoch as decimal text (disk.md 1.1). */
final class EpochFile {
    static final String ACCEPTED = "acceptedEpoch";
    static final String CURRENT = "currentEpoch";

    private final AtomicFile file;

    EpochFile(FileSystem files, Layout layout, String name) {
        this.file = new AtomicFile(files, layout.snapshotDirectory(), name);
    }

    String path() {
        return file.path();
    }

    /**
     * The stored epoch; empty if there is none. If the file is not a number, what a replacement left in its temporary
     * file counts (deviation: Apache does not start), and else nothing; {@code notices} says so.
     */
    OptionalLong read(Notices notices) throws IOException {
        String text = file.read();
        if (text == null) {
            return OptionalLong.empty();
        }
        OptionalLong epoch = parse(text);
        if (epoch.isPresent()) {
            return epoch;
        }
        OptionalLong tmp = parse(file.readTmp());
        notices.add(file.path() + " does not hold a number; "
                + (tmp.isPresent()
                        ? "took " + tmp.getAsLong() + " from " + file.tmpPath()
                        : "took it from the log instead"));
        return tmp;
    }

    /** Replaces the epoch; durable on return. */
    void write(long epoch) throws IOException {
        file.replace(Long.toString(epoch));
    }

    /** Makes the file hold {@code epoch} if it does not yet; durable on return. */
    void settle(long epoch) throws IOException {
        OptionalLong stored = parse(file.read());
        if (stored.isEmpty() || stored.getAsLong() != epoch) {
            write(epoch);
        }
    }

    private static OptionalLong parse(@Nullable String text) {
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            long epoch = Long.parseLong(text);
            // Compat: Apache stores -1 as the epoch of "no history".
            return epoch < -1 || epoch > Integer.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(Math.max(0, epoch));
        } catch (NumberFormatException notANumber) {
            return OptionalLong.empty();
        }
    }
}
