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
     * file counts (deviation: Apache does not start), and else nothing; {@code notices} says so. For {@link #CURRENT}:
     * what was logged in an epoch raises it again (R28), and in an epoch without a record nothing was committed.
     */
    OptionalLong read(Notices notices) throws IOException {
        String text = file.read();
        OptionalLong epoch = parse(text);
        if (text == null || epoch.isPresent()) {
            return epoch;
        }
        OptionalLong tmp = readTmp(notices);
        if (tmp.isEmpty()) {
            notices.add(path() + " does not hold a number; took it from the log instead");
        }
        return tmp;
    }

    /**
     * The same for {@link #ACCEPTED}, a promise of which the log knows nothing: whoever guessed too low a number could
     * accept an epoch for a second leader.
     *
     * @throws StorageException if neither the file nor the temporary one is a number
     */
    OptionalLong readPromise(Notices notices) throws IOException {
        String text = file.read();
        OptionalLong epoch = parse(text);
        if (text == null || epoch.isPresent()) {
            return epoch;
        }
        OptionalLong tmp = readTmp(notices);
        if (tmp.isEmpty()) {
            throw new StorageException(path() + " does not hold a number, so nobody knows which epoch this server has"
                    + " promised to follow. Write into it the greatest number that acceptedEpoch holds on any server of"
                    + " the ensemble, on a server alone what currentEpoch holds, and start it again");
        }
        return tmp;
    }

    /** A replacement that a crash left is never older than the file. */
    private OptionalLong readTmp(Notices notices) throws IOException {
        OptionalLong tmp = parse(file.readTmp());
        if (tmp.isPresent()) {
            notices.add(path() + " does not hold a number; took " + tmp.getAsLong() + " from " + file.tmpPath());
        }
        return tmp;
    }

    /** Replaces the epoch; durable on return. */
    void write(long epoch) throws IOException {
        file.replaceInPlace(Long.toString(epoch));
    }

    /** Makes the file hold {@code epoch}, durably: what it holds already may be unforced still (R6). */
    void settle(long epoch) throws IOException {
        OptionalLong stored = parse(file.read());
        if (stored.isEmpty() || stored.getAsLong() != epoch) {
            write(epoch);
        } else {
            file.force();
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
