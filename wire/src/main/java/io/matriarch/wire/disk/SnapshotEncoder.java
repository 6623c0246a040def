package io.matriarch.wire.disk;

import io.matriarch.wire.Acl;
import io.matriarch.wire.JuteWriter;
import java.util.List;
import java.util.Map;

/**
 * Writes the pieces of a snapshot as the stream that files and the wire share (disk.md 5.2 to 5.5, zab.md 9). A file adds
 * {@link SnapshotFormat}'s header and seals around it, the wire {@link #encodeSignature}.
 */
public final class SnapshotEncoder {
    /** What ends a snapshot on the wire. */
    public static final String SIGNATURE = "BenWasHere";

    /** The path that ends the znodes. */
    static final String END_PATH = "/";

    private SnapshotEncoder() {}

    /** Appends one piece. */
    public static void encode(SnapshotPiece piece, JuteWriter out) {
        if (piece instanceof SnapshotPiece.Tables tables) {
            encodeTables(tables, out);
        } else if (piece instanceof SnapshotPiece.Nodes nodes) {
            encodeNodes(nodes.nodes(), out);
        } else {
            out.writeString(END_PATH);
        }
    }

    /** Appends some znodes. */
    public static void encodeNodes(List<NodeRecord> nodes, JuteWriter out) {
        for (NodeRecord node : nodes) {
            if (node.path().equals(END_PATH)) {
                throw new IllegalArgumentException("the path / ends a snapshot and names no znode");
            }
            node.encode(out);
        }
    }

    /** Appends what a learner expects behind the stream (zab.md 9). */
    public static void encodeSignature(JuteWriter out) {
        out.writeString(SIGNATURE);
    }

    private static void encodeTables(SnapshotPiece.Tables tables, JuteWriter out) {
        out.writeInt(tables.sessions().size());
        for (Map.Entry<Long, Integer> session : tables.sessions().entrySet()) {
            out.writeLong(session.getKey());
            out.writeInt(session.getValue());
        }
        out.writeInt(tables.acls().size());
        for (Map.Entry<Long, List<Acl>> acl : tables.acls().entrySet()) {
            out.writeLong(acl.getKey());
            Acl.encodeList(out, acl.getValue());
        }
    }
}
