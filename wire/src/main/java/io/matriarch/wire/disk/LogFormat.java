package io.matriarch.wire.disk;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import java.util.zip.Adler32;

/**
 * The bytes of a transaction log file (disk.md 2.1), without any file.
 *
 * <pre>
 * header   magic int "ZKLG" | version int 2 | dbid long 0                        16 bytes
 * record   checksum long | length int | payload | end mark byte 'B'              13 bytes around the payload
 * </pre>
 *
 * The checksum is the Adler-32 of the payload, which is a {@link io.matriarch.wire.txn.Txn}. Zeros may follow the last
 * record, of any number.
 */
public final class LogFormat {
    /** "ZKLG". */
    public static final int MAGIC = 0x5A4B4C47;

    /** Written, never checked. */
    public static final int VERSION = 2;

    /** Length of the file header. */
    public static final int HEADER_BYTES = 16;

    /** Bytes before the payload of a record. */
    public static final int RECORD_PREFIX_BYTES = 12;

    /** Bytes of a record besides its payload. */
    public static final int RECORD_OVERHEAD_BYTES = RECORD_PREFIX_BYTES + 1;

    /** The last byte of a record. */
    public static final byte END_MARK = 'B';

    /** Longest payload: no record is taken to be longer, wherever it comes from. Apache's limit is jute.maxbuffer's. */
    public static final int MAX_PAYLOAD_BYTES = 64 << 20;

    /** By how much Apache enlarges a file ahead of its writes: 64 MiB. */
    public static final long DEFAULT_PREALLOCATION_BYTES = 65_536L * 1024;

    private LogFormat() {}

    /** Writes the 16 bytes of a file header. */
    public static void encodeHeader(JuteWriter out) {
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeLong(0);
    }

    /**
     * Checks the first 16 bytes of a file. Version and dbid may be anything, as for Apache.
     *
     * @throws MalformedException if there are fewer bytes, or the magic is wrong
     */
    public static void checkHeader(Bytes header) {
        JuteReader in = new JuteReader(header);
        int magic = in.readInt();
        if (magic != MAGIC) {
            throw new MalformedException("not a transaction log: magic 0x" + Integer.toHexString(magic));
        }
        in.readInt();
        in.readLong();
    }

    /** Writes one record around {@code payload}. */
    public static void encodeRecord(JuteWriter out, Bytes payload) {
        out.writeLong(checksumOf(payload));
        out.writeInt(payload.length());
        out.writeRaw(payload);
        out.writeByte(END_MARK);
    }

    /** The Adler-32 of {@code payload}, 0 to 2^32-1. */
    public static long checksumOf(Bytes payload) {
        Adler32 adler = new Adler32();
        adler.update(payload.array(), payload.offset(), payload.length());
        return adler.getValue();
    }

    /**
     * Says what is at {@code at} in {@code window}, a part of a log file after its header. Never throws and never copies;
     * a payload is a slice of the window.
     *
     * @param maxPayloadBytes a longer record is {@link LogFrame.Verdict#BAD_LENGTH}
     */
    public static LogFrame frameAt(Bytes window, int at, int maxPayloadBytes) {
        int available = window.length() - at;
        if (available < RECORD_PREFIX_BYTES) {
            return LogFrame.of(LogFrame.Verdict.INCOMPLETE);
        }
        JuteReader in = new JuteReader(window);
        in.seek(at);
        long checksum = in.readLong();
        int length = in.readInt();
        if (length == 0) {
            // Compat: Apache takes any record of length 0 for the end, whatever its checksum.
            return LogFrame.of(checksum == 0 ? LogFrame.Verdict.ZEROS : LogFrame.Verdict.BAD_LENGTH);
        }
        if (length < 0 || length > maxPayloadBytes) {
            return LogFrame.of(LogFrame.Verdict.BAD_LENGTH);
        }
        if (available - RECORD_OVERHEAD_BYTES < length) {
            return LogFrame.of(LogFrame.Verdict.INCOMPLETE);
        }
        Bytes payload = in.readRaw(length);
        if (in.readByte() != END_MARK) {
            return LogFrame.of(LogFrame.Verdict.BAD_END_MARK);
        }
        if (checksumOf(payload) != checksum) {
            return LogFrame.of(LogFrame.Verdict.BAD_CHECKSUM);
        }
        return new LogFrame(LogFrame.Verdict.RECORD, payload);
    }
}
