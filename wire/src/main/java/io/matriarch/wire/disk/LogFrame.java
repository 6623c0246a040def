package io.matriarch.wire.disk;

import io.matriarch.wire.Bytes;

/**
 * What is at one place of a log file; see {@link LogFormat#frameAt}. What the verdicts mean for recovery is decided in
 * storage (disk.md 2.4, 2.5).
 *
 * @param verdict what it is
 * @param payload the record's payload, a slice; empty unless it is a record
 */
public record LogFrame(Verdict verdict, Bytes payload) {
    /** What the bytes are. */
    public enum Verdict {
        /** A whole record with the right checksum. */
        RECORD,
        /** The window ends before the record does. */
        INCOMPLETE,
        /** Checksum and length are zero: space ahead of the writes. */
        ZEROS,
        /** A length that no record can have. */
        BAD_LENGTH,
        /** The last byte is not the end mark: torn. */
        BAD_END_MARK,
        /** The end mark is there, the payload is not what was written. */
        BAD_CHECKSUM
    }

    static LogFrame of(Verdict verdict) {
        return new LogFrame(verdict, Bytes.EMPTY);
    }

    /** Bytes of the whole record in the file. */
    public int sizeBytes() {
        return LogFormat.RECORD_OVERHEAD_BYTES + payload.length();
    }
}
