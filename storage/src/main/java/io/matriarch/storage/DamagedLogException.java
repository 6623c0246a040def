package io.matriarch.storage;

/** History that this server may have acknowledged cannot be read (disk.md R4). */
final class DamagedLogException extends StorageException {
    private static final String ADVICE =
            ". Nothing was changed. If other servers of the ensemble are healthy, move version-2 of this server away (keep"
                    + " it, and keep acceptedEpoch and currentEpoch in place) and start it again: the leader sends it a"
                    + " snapshot. A single server needs a backup";

    /** What is damaged where; advice is added. */
    DamagedLogException(String what) {
        super(what + ADVICE);
    }
}
