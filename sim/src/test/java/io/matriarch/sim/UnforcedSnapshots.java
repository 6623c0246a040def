package io.matriarch.sim;

import io.matriarch.storage.FileSystem;
import io.matriarch.storage.ForwardingFileSystem;
import java.io.IOException;
import java.util.regex.Pattern;

/** A file system on which forcing a snapshot does nothing, but for that of the empty database, without which no server starts. */
final class UnforcedSnapshots extends ForwardingFileSystem {
    private static final Pattern SNAPSHOT = Pattern.compile(".*/(incoming|snapshot)\\.(?!0\\.|0$).*");

    UnforcedSnapshots(FileSystem correct) {
        super(correct);
    }

    @Override
    public WritableFile openForWriting(String path) throws IOException {
        WritableFile file = super.openForWriting(path);
        return !SNAPSHOT.matcher(path).matches()
                ? file
                : new ForwardingFile(file) {
                    @Override
                    public void force() {
                        // That is the defect.
                    }
                };
    }
}
