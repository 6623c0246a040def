package io.matriarch.core.tree;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.disk.NodeRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The digest of one znode (disk.md 9), version 2: CRC-32 over path, data and 60 bytes:
 *
 * <pre>
 * czxid, mzxid, pzxid, ctime, mtime long | version, cversion, aversion int | ephemeralOwner long
 * </pre>
 *
 * Znodes below {@code /zookeeper} count 0. Deviation: the path is always UTF-8; Apache on an old JVM takes the
 * platform's charset (disk.md R18). Of use to one thread.
 */
public final class NodeDigest {
    private static final String RESERVED = "zookeeper";
    private static final String RESERVED_PREFIX = DataTree.ZOOKEEPER + "/";

    private final CRC32 crc = new CRC32();
    private final ByteBuffer fields = ByteBuffer.allocate(60);

    /** Computes digests, one at a time. */
    public NodeDigest() {}

    /** The digest of a znode that need not be in any tree; its path is {@code ""} for the root. */
    public long of(NodeRecord node) {
        if (node.path().startsWith(RESERVED_PREFIX)) {
            return 0;
        }
        crc.reset();
        crc.update(node.path().getBytes(StandardCharsets.UTF_8));
        Bytes data = node.data();
        if (data != null) {
            crc.update(data.array(), data.offset(), data.length());
        }
        fields.clear();
        fields.putLong(node.czxid()).putLong(node.mzxid()).putLong(node.pzxid());
        fields.putLong(node.ctime()).putLong(node.mtime());
        fields.putInt(node.version()).putInt(node.cversion()).putInt(node.aversion());
        fields.putLong(node.ephemeralOwner());
        crc.update(fields.array());
        return crc.getValue();
    }

    /** The digest of {@code node}, whose path is {@code path} ("/" or "" for the root). */
    public long of(Znode node, String path) {
        if (isReserved(node)) {
            return 0;
        }
        crc.reset();
        if (node.parent != null) {
            crc.update(path.getBytes(StandardCharsets.UTF_8));
        }
        if (node.data != null) {
            crc.update(node.data);
        }
        fields.clear();
        fields.putLong(node.czxid).putLong(node.mzxid).putLong(node.pzxid);
        fields.putLong(node.ctime).putLong(node.mtime);
        fields.putInt(node.version).putInt(node.cversion).putInt(node.aversion);
        fields.putLong(node.owner);
        crc.update(fields.array());
        return crc.getValue();
    }

    private static boolean isReserved(Znode node) {
        Znode below = null;
        Znode top = node;
        while (top.parent != null && top.parent.parent != null) {
            below = top;
            top = top.parent;
        }
        return below != null && top.name.equals(RESERVED);
    }
}
