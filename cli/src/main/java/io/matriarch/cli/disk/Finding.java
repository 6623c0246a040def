package io.matriarch.cli.disk;

import io.matriarch.storage.StoredFile;
import io.matriarch.wire.Zxid;
import org.jspecify.annotations.Nullable;

/**
 * Something about a file that an operator should know.
 *
 * @param isWrong whether it makes the exit code 1; otherwise it is only worth knowing
 * @param file path of the file
 * @param offset where in the (uncompressed) file; -1 if it concerns the whole file
 * @param zxid the transaction concerned, or the last good one before the place; null if there is none
 * @param what it is
 * @param remedy what to do; empty if nothing
 */
record Finding(
        boolean isWrong, String file, long offset, @Nullable Zxid zxid, String what, String remedy) {
    /** For histories that cannot be what the ensemble agreed on. */
    static final String GET_A_SNAPSHOT =
            "if other servers are healthy, stop this one, move its version-2 away (keep acceptedEpoch and currentEpoch"
                    + " in place) and start it: the leader sends a snapshot; a single server needs a backup";

    static Finding wrong(StoredFile file, long offset, @Nullable Zxid zxid, String what, String remedy) {
        return new Finding(true, file.path(), offset, zxid, what, remedy);
    }

    static Finding note(StoredFile file, long offset, @Nullable Zxid zxid, String what) {
        return new Finding(false, file.path(), offset, zxid, what, "");
    }
}
