package io.matriarch.storage;

/**
 * Storage cannot go on: a file is damaged, or the disk failed. The message is for the operator and says what, where
 * (file, and offset and zxid where there are any) and what to do. After one came out of a {@link StorageLane}, nothing
 * more may be asked of that lane but to close it.
 */
public class StorageException extends RuntimeException {
    /** What, where, and what to do. */
    public StorageException(String message) {
        super(message);
    }

    /** The same with the failure underneath. */
    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
