package io.matriarch.wire.disk;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import org.jspecify.annotations.Nullable;

/**
 * One znode in a snapshot (disk.md 5.4): path ustring, data buffer, then 68 bytes in the order of the components.
 *
 * @param path the full path, {@code ""} for the root; never {@code "/"}, which ends the stream
 * @param data perhaps null
 * @param aclId key into {@link SnapshotPiece.Tables#acls()}, {@link #OPEN_ACL_ID} for the open list
 * @param czxid zxid that created it
 * @param mzxid zxid that last set its data
 * @param ctime wall-clock milliseconds of the creation
 * @param mtime wall-clock milliseconds of the last setData
 * @param version count of setData
 * @param cversion count of <em>creations</em> of children; clients are shown another number
 * @param aversion count of setACL
 * @param ephemeralOwner session, or the marks of zab.md 6.5
 * @param pzxid zxid that last created or deleted a child
 */
public record NodeRecord(
        String path,
        @Nullable Bytes data,
        long aclId,
        long czxid,
        long mzxid,
        long ctime,
        long mtime,
        int version,
        int cversion,
        int aversion,
        long ephemeralOwner,
        long pzxid) {
    /** world:anyone with all permissions, which is never in the table. */
    public static final long OPEN_ACL_ID = -1;

    /** Bytes behind path and data. */
    static final int FIXED_BYTES = 68;

    /** Reads the fields behind the path. Data is a copy, so that it does not keep the reader's array. */
    static NodeRecord decode(String path, JuteReader in) {
        Bytes data = in.readBuffer();
        if (data != null) {
            data = Bytes.wrap(data.toByteArray());
        }
        long aclId = in.readLong();
        long czxid = in.readLong();
        long mzxid = in.readLong();
        long ctime = in.readLong();
        long mtime = in.readLong();
        int version = in.readInt();
        int cversion = in.readInt();
        int aversion = in.readInt();
        long ephemeralOwner = in.readLong();
        long pzxid = in.readLong();
        return new NodeRecord(
                path, data, aclId, czxid, mzxid, ctime, mtime, version, cversion, aversion, ephemeralOwner, pzxid);
    }

    void encode(JuteWriter out) {
        out.writeString(path);
        out.writeBuffer(data);
        out.writeLong(aclId);
        out.writeLong(czxid);
        out.writeLong(mzxid);
        out.writeLong(ctime);
        out.writeLong(mtime);
        out.writeInt(version);
        out.writeInt(cversion);
        out.writeInt(aversion);
        out.writeLong(ephemeralOwner);
        out.writeLong(pzxid);
    }
}
