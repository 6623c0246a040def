package io.matriarch.wire.disk;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;

/**
 * What a snapshot file has around the stream of {@link SnapshotEncoder} (disk.md 5.1), without any file.
 *
 * <pre>
 * header   magic int "ZKSN" | version int 2 | dbid long -1                          16 bytes
 * stream   ... | path "/"
 * seal     Adler-32 of everything before, long | ustring "/"                        13 bytes
 * digest   zxid long | version int 2 | digest long                                  20 bytes, optional, then a seal
 * last     last processed zxid long                                                  8 bytes, optional, then a seal
 * </pre>
 *
 * Every seal covers all bytes before it, earlier seals included. Which trailers are present can only be told by which
 * seal value matches (disk.md 5.6).
 */
public final class SnapshotFormat {
    /** "ZKSN". */
    public static final int MAGIC = 0x5A4B534E;

    /** Written, never checked. */
    public static final int VERSION = 2;

    /** Length of the file header. */
    public static final int HEADER_BYTES = 16;

    /** Length of a seal. */
    public static final int SEAL_BYTES = 13;

    /** Length of the digest trailer without its seal. */
    public static final int DIGEST_BYTES = 20;

    /** Length of the last-zxid trailer without its seal. */
    public static final int LAST_ZXID_BYTES = 8;

    /** How digests are computed (disk.md 9). */
    public static final int DIGEST_VERSION = 2;

    private static final long DBID = -1;

    private SnapshotFormat() {}

    /** Writes the 16 bytes of a file header. */
    public static void encodeHeader(JuteWriter out) {
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeLong(DBID);
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
            throw new MalformedException("not a snapshot: magic 0x" + Integer.toHexString(magic));
        }
        in.readInt();
        in.readLong();
    }

    /** Writes a seal with the Adler-32 of everything before it. */
    public static void encodeSeal(JuteWriter out, long checksum) {
        out.writeLong(checksum);
        out.writeString(SnapshotEncoder.END_PATH);
    }

    /** Reads the checksum of a seal of 13 bytes. Compat: what follows the checksum is not looked at. */
    public static long decodeSeal(Bytes seal) {
        return new JuteReader(seal).readLong();
    }

    /** Writes the digest trailer, to be followed by a seal. */
    public static void encodeDigest(JuteWriter out, Zxid zxid, long digest) {
        out.writeLong(zxid.value());
        out.writeInt(DIGEST_VERSION);
        out.writeLong(digest);
    }

    /**
     * Reads the 20 bytes of a digest trailer.
     *
     * @throws MalformedException if there are fewer bytes, or the digest has another version, which cannot be compared
     */
    public static SnapshotPiece.End decodeDigest(Bytes trailer) {
        JuteReader in = new JuteReader(trailer);
        Zxid zxid = new Zxid(in.readLong());
        int version = in.readInt();
        if (version != DIGEST_VERSION) {
            throw new MalformedException("snapshot digest of version " + version, 8);
        }
        return new SnapshotPiece.End(zxid, in.readLong());
    }

    /** Writes the last-zxid trailer, to be followed by a seal. */
    public static void encodeLastZxid(JuteWriter out, Zxid zxid) {
        out.writeLong(zxid.value());
    }

    /** Reads the 8 bytes of a last-zxid trailer. */
    public static Zxid decodeLastZxid(Bytes trailer) {
        return new Zxid(new JuteReader(trailer).readLong());
    }
}
