package io.matriarch.wire.disk;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.MalformedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stream of {@link SnapshotEncoder} from chunks of any size. Feed a chunk, take pieces until there is none,
 * feed the next. Holds at most one unfinished record and one chunk of raw bytes.
 *
 * <p>Checked: bounds of every length, the order of the parts, that the root comes first, the signature on the wire. Not
 * checked: that parents exist; that is for whoever builds the tree.
 */
public final class SnapshotDecoder {
    /** Where the stream comes from, and so where it ends. */
    public enum Source {
        /** A file: the end is the path "/"; seals follow. */
        FILE,
        /** The wire: the end is the path "/" and the signature (zab.md 9). */
        WIRE
    }

    private enum Phase {
        SESSION_COUNT,
        SESSIONS,
        ACL_COUNT,
        ACLS,
        NODES,
        SIGNATURE,
        DONE
    }

    /** The most znodes in one piece. */
    static final int MAX_BATCH = 256;

    private static final int SESSION_BYTES = 12;
    private static final int ACL_ENTRY_PREFIX_BYTES = 12;

    private final Source source;
    private final int lengthLimit;
    private final Map<Long, Integer> sessions = new LinkedHashMap<>();
    private final Map<Long, List<Acl>> acls = new LinkedHashMap<>();

    private Phase phase = Phase.SESSION_COUNT;
    private byte[] buffer = new byte[0];
    private int start;
    private int end;
    private int left;
    private boolean rootSeen;

    /** A decoder for one snapshot; strings, buffers and access lists may have {@code lengthLimit} bytes each. */
    public SnapshotDecoder(Source source, int lengthLimit) {
        this.source = source;
        this.lengthLimit = lengthLimit;
    }

    /** Takes a copy of the next bytes. Call it when {@link #next()} has returned null. */
    public void feed(Bytes chunk) {
        int held = end - start;
        if (chunk.length() > buffer.length - end) {
            int needed = Math.addExact(held, chunk.length());
            byte[] target = needed <= buffer.length ? buffer : new byte[Math.max(needed, 2 * held)];
            System.arraycopy(buffer, start, target, 0, held);
            buffer = target;
            start = 0;
            end = held;
        }
        System.arraycopy(chunk.array(), chunk.offset(), buffer, end, chunk.length());
        end += chunk.length();
    }

    /**
     * The next piece, or null if more bytes must come first, or if the end was returned already.
     *
     * @throws MalformedException if no further bytes could make it a snapshot
     */
    public @Nullable SnapshotPiece next() {
        JuteReader in = new JuteReader(Bytes.wrap(buffer, start, end - start), lengthLimit);
        return switch (phase) {
            case SESSION_COUNT, SESSIONS, ACL_COUNT, ACLS -> nextTables(in);
            case NODES -> nextNodes(in);
            case SIGNATURE -> nextSignature(in);
            case DONE -> null;
        };
    }

    /** Whether the end was returned. */
    public boolean isDone() {
        return phase == Phase.DONE;
    }

    /** A copy of the bytes fed but not used yet; once done, of what follows the snapshot. */
    public Bytes rest() {
        return Bytes.wrap(Arrays.copyOfRange(buffer, start, end));
    }

    private @Nullable SnapshotPiece nextTables(JuteReader in) {
        if (phase == Phase.SESSION_COUNT && readCount(in)) {
            phase = Phase.SESSIONS;
        }
        if (phase == Phase.SESSIONS) {
            readSessions(in);
        }
        if (phase == Phase.ACL_COUNT && readCount(in)) {
            phase = Phase.ACLS;
        }
        if (phase == Phase.ACLS) {
            readAcls(in);
        }
        return phase == Phase.NODES ? new SnapshotPiece.Tables(sessions, acls) : null;
    }

    private boolean readCount(JuteReader in) {
        if (in.remaining() < 4) {
            return false;
        }
        left = in.readInt();
        if (left < 0) {
            throw new MalformedException("table of " + left + " entries in a snapshot");
        }
        consume(4);
        return true;
    }

    private void readSessions(JuteReader in) {
        int count = Math.min(left, in.remaining() / SESSION_BYTES);
        for (int i = 0; i < count; i++) {
            long id = in.readLong();
            sessions.put(id, in.readInt());
        }
        consume(count * SESSION_BYTES);
        left -= count;
        if (left == 0) {
            phase = Phase.ACL_COUNT;
        }
    }

    private void readAcls(JuteReader in) {
        while (left > 0) {
            int at = in.position();
            if (!skipAclEntry(in)) {
                return;
            }
            int size = in.position() - at;
            in.seek(at);
            long id = in.readLong();
            List<Acl> acl = Acl.decodeList(in);
            if (acl == null) {
                throw new MalformedException("null access list " + id + " in a snapshot");
            }
            acls.put(id, acl);
            consume(size);
            left--;
        }
        phase = Phase.NODES;
    }

    /** Skips id, count and entries; false if they are not all there. */
    private boolean skipAclEntry(JuteReader in) {
        int start = in.position();
        if (in.remaining() < ACL_ENTRY_PREFIX_BYTES) {
            return false;
        }
        in.readLong();
        int count = in.readInt();
        if (count < -1 || (long) count * Acl.MIN_BYTES > lengthLimit) {
            throw new MalformedException("access list of " + count + " entries in a snapshot");
        }
        for (int i = 0; i < count; i++) {
            if (in.position() - start > lengthLimit) {
                throw new MalformedException("access list beyond " + lengthLimit + " bytes in a snapshot");
            }
            if (in.remaining() < 4) {
                return false;
            }
            in.readInt();
            boolean hasScheme = in.trySkipBuffer();
            if (!hasScheme || !in.trySkipBuffer()) {
                return false;
            }
        }
        return true;
    }

    private @Nullable SnapshotPiece nextNodes(JuteReader in) {
        List<NodeRecord> nodes = new ArrayList<>();
        while (nodes.size() < MAX_BATCH && phase == Phase.NODES) {
            int at = in.position();
            if (!in.trySkipBuffer()) {
                break;
            }
            int afterPath = in.position();
            in.seek(at);
            String path = in.readString("path in a snapshot");
            if (path.equals(SnapshotEncoder.END_PATH)) {
                phase = Phase.SIGNATURE;
                consume(afterPath - at);
            } else if (in.trySkipBuffer() && in.remaining() >= NodeRecord.FIXED_BYTES) {
                in.seek(afterPath);
                nodes.add(node(path, in));
                consume(in.position() - at);
            } else {
                break;
            }
        }
        if (nodes.isEmpty()) {
            return phase == Phase.SIGNATURE ? nextSignature(in) : null;
        }
        return new SnapshotPiece.Nodes(Collections.unmodifiableList(nodes));
    }

    private NodeRecord node(String path, JuteReader in) {
        if (path.isEmpty() == rootSeen) {
            throw new MalformedException(
                    rootSeen ? "a second root in a snapshot" : "snapshot starts with " + path + ", not with its root");
        }
        rootSeen = true;
        return NodeRecord.decode(path, in);
    }

    private @Nullable SnapshotPiece nextSignature(JuteReader in) {
        if (source == Source.WIRE) {
            int at = in.position();
            if (!in.trySkipBuffer()) {
                return null;
            }
            int size = in.position() - at;
            in.seek(at);
            if (!SnapshotEncoder.SIGNATURE.equals(in.readString())) {
                throw new MalformedException("snapshot ends without its signature");
            }
            consume(size);
        }
        if (!rootSeen) {
            throw new MalformedException("snapshot without a root");
        }
        phase = Phase.DONE;
        return SnapshotPiece.End.BARE;
    }

    private void consume(int bytes) {
        start += bytes;
    }
}
