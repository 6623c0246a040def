package io.matriarch.sim;

import io.matriarch.storage.FileSystem;
import io.matriarch.storage.ForwardingFileSystem;
import java.io.IOException;

/** A file system on which forcing an epoch file does nothing. */
final class UnforcedEpochFiles extends ForwardingFileSystem {
    UnforcedEpochFiles(FileSystem correct) {
        super(correct);
    }

    @Override
    public WritableFile openForWriting(String path) throws IOException {
        WritableFile file = super.openForWriting(path);
        return !path.contains("Epoch")
                ? file
                : new ForwardingFile(file) {
                    @Override
                    public void force() {
                        // That is the defect.
                    }
                };
    }
}
