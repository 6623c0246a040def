package io.matriarch.sim;

import io.matriarch.storage.FileSystem;
import io.matriarch.storage.ForwardingFileSystem;
import java.io.IOException;

/** A file system on which the leave to begin with an empty database is always there. */
final class MarkerNeverGoes extends ForwardingFileSystem {
    MarkerNeverGoes(FileSystem correct) {
        super(correct);
    }

    @Override
    public boolean exists(String path) throws IOException {
        return path.endsWith("/initialize") || super.exists(path);
    }
}
