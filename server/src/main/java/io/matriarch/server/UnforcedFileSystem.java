package io.matriarch.server;

import io.matriarch.storage.FileSystem;
import io.matriarch.storage.ForwardingFileSystem;
import java.io.IOException;

/** A file system that leaves forcing to the machine: {@code forceSync=no}. A power failure loses what it had not done. */
final class UnforcedFileSystem extends ForwardingFileSystem {
    UnforcedFileSystem(FileSystem files) {
        super(files);
    }

    @Override
    public WritableFile openForWriting(String path) throws IOException {
        return new ForwardingFile(super.openForWriting(path)) {
            @Override
            public void force() {
                // What this class is for.
            }
        };
    }

    @Override
    public void forceDirectory(String directory) {
        // What this class is for.
    }
}
