package io.matriarch.core.tree;

import io.matriarch.wire.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much there is below the znodes that have a quota (client.md 14, disk.md 8). The quota of {@code /a/b} is what clients write to
 * {@code /zookeeper/quota/a/b/zookeeper_limits}; the usage is kept in {@code zookeeper_stats} beside it, by every server for
 * itself as it applies transactions: without a transaction, a change of Stat, a digest or a watch.
 *
 * <p>Usage counts the znode with the quota and all below it, and their data; only the deepest quota above a path counts it.
 */
public final class Quotas {
    private static final String PREFIX = DataTree.QUOTA + "/";
    private static final String LIMITS = "/zookeeper_limits";
    private static final String STATS = "/zookeeper_stats";

    private final DataTree tree;
    /** Paths whose limits were set. */
    private final Set<String> limited = new HashSet<>();

    /**
     * Something that goes, or would go, beyond a limit.
     *
     * @param path of the znode with the quota
     * @param isOfBytes whether it is the limit of bytes, not of znodes
     * @param isHard whether it is to be refused where quotas are enforced
     * @param usage znodes or bytes that there would be
     */
    public record Excess(String path, boolean isOfBytes, boolean isHard, long usage, long limit) {}

    Quotas(DataTree tree) {
        this.tree = tree;
    }

    /** The deepest path with a quota at or above {@code path}; null if there is none. A quota of the root counts nothing. */
    public @Nullable String above(String path) {
        if (limited.isEmpty()) {
            return null;
        }
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            String prefix = path.substring(0, end);
            if (limited.contains(prefix)) {
                return prefix;
            }
        }
        return null;
    }

    /**
     * Which limits {@code bytes} and {@code count} more at {@code path} would exceed, as the tree is now: the hard limit if there is
     * one, else the soft one. Of znodes first; behind a hard one there is no other.
     */
    public List<Excess> excesses(String path, long bytes, long count) {
        String prefix = above(path);
        Znode limitsNode = prefix == null ? null : tree.find(DataTree.QUOTA + prefix + LIMITS);
        Znode usageNode = prefix == null ? null : tree.find(DataTree.QUOTA + prefix + STATS);
        if (limitsNode == null || usageNode == null) {
            return List.of();
        }
        QuotaText limits = QuotaText.parse(limitsNode.data());
        QuotaText usage = QuotaText.parse(usageNode.data());
        List<Excess> excesses = new ArrayList<>();
        Excess ofZnodes = count == 0 ? null : excess(prefix, false, usage.get(QuotaText.COUNT) + count, limits);
        if (ofZnodes != null) {
            excesses.add(ofZnodes);
        }
        boolean isDecided = ofZnodes != null && ofZnodes.isHard;
        Excess ofBytes =
                bytes == 0 || isDecided ? null : excess(prefix, true, usage.get(QuotaText.BYTES) + bytes, limits);
        if (ofBytes != null) {
            excesses.add(ofBytes);
        }
        return excesses;
    }

    private static @Nullable Excess excess(String prefix, boolean isOfBytes, long usage, QuotaText limits) {
        long hard = limits.get(isOfBytes ? QuotaText.BYTE_HARD_LIMIT : QuotaText.COUNT_HARD_LIMIT);
        boolean isHard = hard > QuotaText.NONE;
        long limit = isHard ? hard : limits.get(isOfBytes ? QuotaText.BYTES : QuotaText.COUNT);
        return limit > QuotaText.NONE && usage > limit ? new Excess(prefix, isOfBytes, isHard, usage, limit) : null;
    }

    // --- for the tree --------------------------------------------------------------------------------------------

    /** A znode with so many bytes of data was created. */
    void created(String path, int bytes) {
        String limits = withQuota(path, LIMITS);
        if (limits != null && !limits.isEmpty()) {
            limited.add(limits);
        }
        String stats = withQuota(path, STATS);
        if (stats != null) {
            count(stats);
        }
        add(path, bytes, 1);
    }

    /** A znode with so many bytes of data was deleted. */
    void deleted(String path, int bytes) {
        String limits = withQuota(path, LIMITS);
        if (limits != null) {
            limited.remove(limits);
        }
        add(path, -bytes, -1);
    }

    /** A znode has so many bytes of data more. */
    void changed(String path, int bytes) {
        add(path, bytes, 0);
    }

    /** The tree was loaded: what a snapshot says of usage may be older or newer than the rest of it. */
    void loaded() {
        Znode root = tree.find(DataTree.QUOTA);
        if (root != null) {
            register(root);
        }
    }

    private void register(Znode root) {
        Znode at = root;
        while (at != null) {
            // Compat: one that has children is taken for none.
            String path = at.firstChild == null ? withQuota(at.path(), LIMITS) : null;
            if (path != null && !path.isEmpty()) {
                limited.add(path);
                count(path);
            }
            at = after(at, root);
        }
    }

    /** The path whose quota the znode at {@code path} tells something of; null if it does not. */
    private static @Nullable String withQuota(String path, String name) {
        boolean isOfQuota = path.startsWith(PREFIX) && path.endsWith(name);
        return isOfQuota ? path.substring(DataTree.QUOTA.length(), path.length() - name.length()) : null;
    }

    private void count(String path) {
        Znode top = tree.find(path);
        long count = 0;
        long bytes = 0;
        for (Znode at = top; at != null; at = after(at, top)) {
            if (!at.isDeleted()) {
                count++;
                bytes += at.dataLength();
            }
        }
        store(path, QuotaText.usage(count, bytes));
    }

    /** The next znode of the walk from {@code top} on, parents first. */
    private static @Nullable Znode after(Znode at, Znode top) {
        if (at.firstChild != null) {
            return at.firstChild;
        }
        Znode up = at;
        while (up != top && up.next == null) {
            up = up.parent;
        }
        return up == top ? null : up.next;
    }

    private void add(String path, long bytes, long count) {
        String prefix = above(path);
        Znode node = prefix == null ? null : tree.find(DataTree.QUOTA + prefix + STATS);
        if (node != null) {
            QuotaText usage = QuotaText.parse(node.data());
            usage.add(QuotaText.COUNT, count);
            usage.add(QuotaText.BYTES, bytes);
            store(prefix, usage);
        }
    }

    private void store(String prefix, QuotaText usage) {
        String path = DataTree.QUOTA + prefix + STATS;
        Znode node = tree.find(path);
        if (node != null) {
            Bytes text = usage.encode();
            tree.beforeChange(node, path);
            tree.putData(node, text);
            tree.afterChange(node, path);
        }
    }
}
