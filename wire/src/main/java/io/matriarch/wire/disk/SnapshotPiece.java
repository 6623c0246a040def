package io.matriarch.wire.disk;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Zxid;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a snapshot, in a file or on the wire. A snapshot is one {@link Tables}, any number of {@link Nodes} (the root
 * {@code ""} first, parents before their children), one {@link End}.
 */
public sealed interface SnapshotPiece {
    /**
     * Sessions and access lists (disk.md 5.2, 5.3). Written in the maps' order, read into insertion-ordered maps.
     *
     * @param sessions timeout in milliseconds by session id
     * @param acls list by id; ids count from 1
     */
    record Tables(Map<Long, Integer> sessions, Map<Long, List<Acl>> acls) implements SnapshotPiece {}

    /** Some znodes (disk.md 5.4). */
    record Nodes(List<NodeRecord> nodes) implements SnapshotPiece {}

    /**
     * No more znodes follow. The fields are the digest trailer of a file (disk.md 5.7); the stream itself does not carry
     * them, so decoders of the stream leave them empty.
     *
     * @param zxid the last transaction applied when the tree had been written; null if not known
     * @param digest the tree's digest then; 0 if not known
     */
    record End(@Nullable Zxid zxid, long digest) implements SnapshotPiece {
        /** An end that says nothing more. */
        public static final End BARE = new End(null, 0);
    }
}
