package io.matriarch.server.config;

import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the members may be changed while the server runs, where that is kept, and who may do it (operations.md 2). */
final class ReconfigReader {
    private static final String SUPER_DIGEST = "DigestAuthenticationProvider.superDigest";

    private final Settings settings;
    private final ConfigValues values;

    ReconfigReader(Settings settings, ConfigValues values) {
        this.settings = settings;
        this.values = values;
    }

    void read() {
        values.isReconfigEnabled = settings.isTrue("reconfigEnabled", false);
        values.configFile = settings.file().toAbsolutePath().normalize();
        String digest = settings.textOr(SUPER_DIGEST, "").strip();
        if (!digest.isEmpty()) {
            if (!digest.matches("[^:]+:[^:]+")) {
                settings.add(SUPER_DIGEST, "must read user:hash, the hash as in an access list");
            }
            values.superDigest = digest;
        }
        Path directory = values.configFile.getParent();
        if (values.isReconfigEnabled && directory != null && !Files.isWritable(directory)) {
            settings.add(
                    "reconfigEnabled",
                    "changes of the members are kept in files in " + directory
                            + ", which this process may not write; give it to the user that runs the server");
        }
    }
}
