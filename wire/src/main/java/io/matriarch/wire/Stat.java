package io.matriarch.wire;

/**
 * What clients see of a znode besides its data (client.md 9.1), 68 bytes in the order of the components.
 *
 * @param czxid zxid that created it
 * @param mzxid zxid that last set its data
 * @param ctime wall-clock milliseconds of the creation
 * @param mtime wall-clock milliseconds of the last setData
 * @param version count of setData
 * @param cversion count of creations and deletions of children
 * @param aversion count of setACL
 * @param ephemeralOwner owning session, 0 if not ephemeral
 * @param dataLength bytes of data
 * @param numChildren children now
 * @param pzxid zxid that last created or deleted a child
 */
public record Stat(
        long czxid,
        long mzxid,
        long ctime,
        long mtime,
        int version,
        int cversion,
        int aversion,
        long ephemeralOwner,
        int dataLength,
        int numChildren,
        long pzxid) {
    /** Encoded length. */
    public static final int SIZE_BYTES = 68;

    /** Reads 68 bytes. */
    public static Stat decode(JuteReader in) {
        long czxid = in.readLong();
        long mzxid = in.readLong();
        long ctime = in.readLong();
        long mtime = in.readLong();
        int version = in.readInt();
        int cversion = in.readInt();
        int aversion = in.readInt();
        long ephemeralOwner = in.readLong();
        int dataLength = in.readInt();
        int numChildren = in.readInt();
        long pzxid = in.readLong();
        return new Stat(
                czxid,
                mzxid,
                ctime,
                mtime,
                version,
                cversion,
                aversion,
                ephemeralOwner,
                dataLength,
                numChildren,
                pzxid);
    }

    /** Writes 68 bytes. */
    public void encode(JuteWriter out) {
        out.writeLong(czxid);
        out.writeLong(mzxid);
        out.writeLong(ctime);
        out.writeLong(mtime);
        out.writeInt(version);
        out.writeInt(cversion);
        out.writeInt(aversion);
        out.writeLong(ephemeralOwner);
        out.writeInt(dataLength);
        out.writeInt(numChildren);
        out.writeLong(pzxid);
    }
}
