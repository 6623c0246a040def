package io.matriarch.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What must be true of the directories before anything is created in them. */
final class DirectoryRules {
    static final String VERSIONED = "version-2";

    private final Complaints complaints;
    private final Predicate<Path> isUsable;

    /** @param isUsable whether this process may list, enter and change an existing directory */
    DirectoryRules(Complaints complaints, Predicate<Path> isUsable) {
        this.complaints = complaints;
        this.isUsable = isUsable;
    }

    static boolean isUsable(Path directory) {
        return Files.isReadable(directory) && Files.isWritable(directory) && Files.isExecutable(directory);
    }

    void check(ConfigValues values) {
        Path dataDir = values.dataDir;
        Path dataLogDir = values.dataLogDir;
        if (dataDir == null) {
            complaints.add("dataDir", "is missing; must name the directory of snapshots and logs");
        } else {
            check("dataDir", dataDir);
        }
        if (dataLogDir != null && !dataLogDir.equals(dataDir)) {
            check("dataLogDir", dataLogDir);
        }
    }

    private void check(String key, Path dir) {
        Path nearest = nearestExisting(dir.toAbsolutePath().normalize());
        if (nearest == null) {
            return;
        }
        boolean isThere = nearest.equals(dir.toAbsolutePath().normalize());
        if (!Files.isDirectory(nearest)) {
            complaints.addDirectory(
                    key,
                    isThere
                            ? "exists and is not a directory"
                            : "cannot be created, because " + nearest + " is not a directory");
        } else if (!isUsable.test(nearest)) {
            complaints.addDirectory(
                    key,
                    isThere
                            ? "this process may not read and write it; give it to the user that runs the server"
                            : "cannot be created, because this process may not write " + nearest);
        } else if (isThere) {
            checkVersioned(key, dir.resolve(VERSIONED));
        }
    }

    private void checkVersioned(String key, Path dir) {
        if (!Files.exists(dir)) {
            return;
        }
        if (!Files.isDirectory(dir)) {
            complaints.addDirectory(key, dir + " exists and is not a directory");
        } else if (!isUsable.test(dir)) {
            complaints.addDirectory(
                    key, "this process may not read and write " + dir + "; give it to the user that runs the server");
        }
    }

    private static @Nullable Path nearestExisting(Path absolute) {
        Path at = absolute;
        while (at != null && !Files.exists(at)) {
            at = at.getParent();
        }
        return at;
    }
}
