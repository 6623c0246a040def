package io.matriarch.core.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds a znode by its full path: a hash table whose chains run through the znodes, which hold no path but only their
 * name and parent. A candidate is compared by walking up, so no substring is made and the index costs about four bytes
 * per znode.
 *
 * <p>It grows by linear hashing: each insertion splits one bucket, so that no insertion ever pays for rehashing all of a
 * large tree. With n buckets and {@code level} the largest power of two that is no greater, buckets below
 * {@code n - level} and from {@code level} up are addressed by one bit more than the others. It never shrinks.
 *
 * <p>Why not a map by full path, or maps of children by name: measured with half a million znodes three levels deep, 32
 * bytes of data and names of 17 characters, a znode takes 230 bytes here, all included; a map by full path took 217
 * without data and without children, maps of children another 209. A look-up costs one to two times that of a map by full
 * path and at most that of walking maps of children.
 *
 * <p>The root is not in it.
 */
final class PathIndex {
    private static final int FIRST_LEVEL = 16;

    private Znode[] table = new Znode[2 * FIRST_LEVEL];
    private int level = FIRST_LEVEL;
    private int buckets = FIRST_LEVEL;
    private int size;

    int size() {
        return size;
    }

    /** FNV-1a over the path's UTF-16 units from {@code hash} of what precedes, unmixed. */
    static int hash(String path, int end) {
        int hash = 0x811C9DC5;
        for (int i = 0; i < end; i++) {
            hash = (hash ^ path.charAt(i)) * 0x01000193;
        }
        hash ^= hash >>> 16;
        hash *= 0x85EBCA6B;
        hash ^= hash >>> 13;
        return hash;
    }

    /** The znode whose path is the first {@code end} characters of {@code path}. */
    @Nullable
    Znode find(String path, int end) {
        int hash = hash(path, end);
        for (Znode node = table[bucketOf(hash)]; node != null; node = node.hashNext) {
            if (node.pathHash == hash && isPathOf(node, path, end)) {
                return node;
            }
        }
        return null;
    }

    void add(Znode node) {
        int bucket = bucketOf(node.pathHash);
        node.hashNext = table[bucket];
        table[bucket] = node;
        size++;
        if (size > buckets) {
            split();
        }
    }

    void remove(Znode node) {
        int bucket = bucketOf(node.pathHash);
        Znode at = table[bucket];
        if (at == node) {
            table[bucket] = node.hashNext;
        } else {
            while (at.hashNext != node) {
                at = at.hashNext;
            }
            at.hashNext = node.hashNext;
        }
        size--;
    }

    private int bucketOf(int hash) {
        int bucket = hash & (2 * level - 1);
        return bucket < buckets ? bucket : bucket - level;
    }

    private void split() {
        if (buckets == table.length) {
            table = Arrays.copyOf(table, 2 * buckets);
        }
        int from = buckets - level;
        Znode node = table[from];
        table[from] = null;
        buckets++;
        while (node != null) {
            Znode following = node.hashNext;
            int bucket = bucketOf(node.pathHash);
            node.hashNext = table[bucket];
            table[bucket] = node;
            node = following;
        }
        if (buckets == 2 * level) {
            level = buckets;
        }
    }

    private static boolean isPathOf(Znode node, String path, int end) {
        int rest = end;
        Znode at = node;
        while (at.parent != null) {
            int start = rest - at.name.length();
            if (start < 1 || path.charAt(start - 1) != '/' || !path.startsWith(at.name, start)) {
                return false;
            }
            rest = start - 1;
            at = at.parent;
        }
        return rest == 0;
    }
}
