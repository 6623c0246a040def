package io.matriarch.cli.shell;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Commands about quotas: znodes below /zookeeper/quota that clients write and servers count by (client.md 14). */
final class Limiting {
    private static final String QUOTAS = "/zookeeper/quota";
    private static final String LIMITS = "/zookeeper_limits";
    private static final String USAGE = "/zookeeper_stats";

    private Limiting() {}

    /** The limits of a znode; empty if it has none. */
    private static Optional<StatsTrack> limits(ZooKeeper zooKeeper, String path)
            throws KeeperException, InterruptedException {
        return track(zooKeeper, QUOTAS + path + LIMITS);
    }

    private static Optional<StatsTrack> track(ZooKeeper zooKeeper, String at)
            throws KeeperException, InterruptedException {
        try {
            return Optional.of(new StatsTrack(new String(zooKeeper.getData(at, false, null), StandardCharsets.UTF_8)));
        } catch (NoNodeException e) {
            return Optional.empty();
        }
    }

    static final class SetQuota extends Reading.OfPath {
        @ArgGroup(multiplicity = "1")
        private Limit limit = new Limit();

        /** Exactly one of them. */
        static final class Limit {
            @Option(names = "-n", paramLabel = "VALUE")
            private @Nullable Long znodes;

            @Option(names = "-b", paramLabel = "VALUE")
            private @Nullable Long sizeBytes;

            @Option(names = "-N", paramLabel = "VALUE")
            private @Nullable Long hardZnodes;

            @Option(names = "-B", paramLabel = "VALUE")
            private @Nullable Long hardBytes;

            void into(StatsTrack limits) {
                set(limits, znodes, StatsTrack::setCount);
                set(limits, sizeBytes, StatsTrack::setBytes);
                set(limits, hardZnodes, StatsTrack::setCountHardLimit);
                set(limits, hardBytes, StatsTrack::setByteHardLimit);
            }

            private static void set(StatsTrack limits, @Nullable Long value, BiConsumer<StatsTrack, Long> field) {
                if (value != null) {
                    field.accept(limits, value);
                }
            }

            boolean isSensible() {
                return isSensible(znodes) && isSensible(sizeBytes) && isSensible(hardZnodes) && isSensible(hardBytes);
            }

            private static boolean isSensible(@Nullable Long value) {
                return value == null || value > 0;
            }
        }

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            if (!limit.isSensible()) {
                throw ShellException.usage("setquota: a limit is at least 1; delquota removes one");
            }
            ZooKeeper zooKeeper = shell.zooKeeper();
            requireAllowed(zooKeeper);
            StatsTrack limits = limits(zooKeeper, path).orElseGet(Limiting::unlimited);
            limit.into(limits);
            createWithParents(zooKeeper, QUOTAS + path);
            // Limits first: their znode is what makes a server count, and usage is counted when its own appears.
            store(zooKeeper, QUOTAS + path + LIMITS, limits, true);
            store(zooKeeper, QUOTAS + path + USAGE, nothingCounted(), false);
            long counted = track(zooKeeper, QUOTAS + path + USAGE)
                    .map(StatsTrack::getCount)
                    .orElse(0L);
            if (counted < 1) {
                shell.screen()
                        .remark("The quota is stored, but this server does not count usage: nothing is limited by it.");
            }
            Map<String, Object> fields = fields();
            fields.put("quota", limits.toString());
            fields.put("isCounted", counted >= 1);
            shell.screen().tell("", fields);
        }

        private void requireAllowed(ZooKeeper zooKeeper) throws ShellException, KeeperException, InterruptedException {
            if (path.equals("/")) {
                throw ShellException.usage("setquota: the root can have no quota");
            }
            if (path.equals("/zookeeper") || path.startsWith("/zookeeper/")) {
                throw ShellException.usage("setquota: below /zookeeper there are no quotas");
            }
            if (zooKeeper.exists(path, false) == null) {
                throw new NoNodeException(path);
            }
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                refuseOther(zooKeeper, path.substring(0, slash), "above");
            }
            if (zooKeeper.exists(QUOTAS + path, false) != null) {
                for (String below : ZKUtil.listSubTreeBFS(zooKeeper, QUOTAS + path)) {
                    if (below.endsWith(LIMITS) && !below.equals(QUOTAS + path + LIMITS)) {
                        refuseOther(
                                zooKeeper, below.substring(QUOTAS.length(), below.length() - LIMITS.length()), "below");
                    }
                }
            }
        }

        private void refuseOther(ZooKeeper zooKeeper, String other, String where)
                throws ShellException, KeeperException, InterruptedException {
            if (limits(zooKeeper, other).isPresent()) {
                throw ShellException.failed(
                        "QUOTA_NESTED",
                        other + ", " + where + " " + path + ", has a quota, and quotas cannot be nested: delquota "
                                + other + " removes it");
            }
        }

        private static void createWithParents(ZooKeeper zooKeeper, String path)
                throws KeeperException, InterruptedException {
            for (int slash = path.indexOf('/', QUOTAS.length() + 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
                createIfMissing(zooKeeper, path.substring(0, slash), null);
            }
            createIfMissing(zooKeeper, path, null);
        }

        private static boolean createIfMissing(ZooKeeper zooKeeper, String path, byte @Nullable [] bytes)
                throws KeeperException, InterruptedException {
            try {
                zooKeeper.create(path, bytes, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                return true;
            } catch (NodeExistsException e) {
                return false;
            }
        }

        private static void store(ZooKeeper zooKeeper, String at, StatsTrack track, boolean replaces)
                throws KeeperException, InterruptedException {
            boolean isNew = createIfMissing(zooKeeper, at, track.getStatsBytes());
            if (!isNew && replaces) {
                zooKeeper.setData(at, track.getStatsBytes(), -1);
            }
        }
    }

    private static StatsTrack unlimited() {
        StatsTrack track = new StatsTrack();
        track.setCount(-1L);
        track.setBytes(-1L);
        return track;
    }

    private static StatsTrack nothingCounted() {
        StatsTrack track = new StatsTrack();
        track.setCount(0L);
        track.setBytes(0L);
        return track;
    }

    static final class ListQuota extends Reading.OfPath {
        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            StatsTrack limits = limits(shell.zooKeeper(), path).orElseThrow(() -> none(path));
            StatsTrack usage = track(shell.zooKeeper(), QUOTAS + path + USAGE).orElseGet(Limiting::nothingCounted);
            Map<String, Object> fields = fields();
            fields.put("limits", fields(limits));
            fields.put("usage", Map.of("count", usage.getCount(), "bytes", usage.getBytes()));
            shell.screen()
                    .tell(
                            "Output quota for " + path + " " + limits + "\nOutput stat for " + path + " " + usage,
                            fields);
        }

        private static Map<String, Long> fields(StatsTrack limits) {
            Map<String, Long> fields = new LinkedHashMap<>();
            fields.put("count", limits.getCount());
            fields.put("bytes", limits.getBytes());
            fields.put("countHardLimit", limits.getCountHardLimit());
            fields.put("byteHardLimit", limits.getByteHardLimit());
            fields.values().removeIf(value -> value < 0);
            return fields;
        }
    }

    private static ShellException none(String path) {
        return ShellException.failed("NO_QUOTA", "quota for " + path + " does not exist.");
    }

    static final class DelQuota extends Reading.OfPath {
        @Option(names = "-n")
        private boolean isZnodes;

        @Option(names = "-b")
        private boolean isBytes;

        @Option(names = "-N")
        private boolean isHardZnodes;

        @Option(names = "-B")
        private boolean isHardBytes;

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            ZooKeeper zooKeeper = shell.zooKeeper();
            StatsTrack limits = limits(zooKeeper, path).orElseThrow(() -> none(path));
            boolean isPart = isZnodes || isBytes || isHardZnodes || isHardBytes;
            if (isPart) {
                clear(limits, isZnodes, StatsTrack::setCount);
                clear(limits, isBytes, StatsTrack::setBytes);
                clear(limits, isHardZnodes, StatsTrack::setCountHardLimit);
                clear(limits, isHardBytes, StatsTrack::setByteHardLimit);
            }
            boolean isLeft = isPart
                    && List.of(
                                    limits.getCount(),
                                    limits.getBytes(),
                                    limits.getCountHardLimit(),
                                    limits.getByteHardLimit())
                            .stream()
                            .anyMatch(value -> value > -1);
            if (isLeft) {
                zooKeeper.setData(QUOTAS + path + LIMITS, limits.getStatsBytes(), -1);
            } else {
                remove(zooKeeper);
            }
            shell.screen().tell("", Map.of("path", path, "quota", isLeft ? limits.toString() : "none"));
        }

        private static void clear(StatsTrack limits, boolean isMeant, BiConsumer<StatsTrack, Long> field) {
            if (isMeant) {
                field.accept(limits, -1L);
            }
        }

        /** With all znodes above that held nothing else. */
        private void remove(ZooKeeper zooKeeper) throws KeeperException, InterruptedException {
            for (String at : List.of(QUOTAS + path + LIMITS, QUOTAS + path + USAGE)) {
                try {
                    zooKeeper.delete(at, -1);
                } catch (NoNodeException e) {
                    // So much the better.
                }
            }
            String at = QUOTAS + path;
            while (!at.equals(QUOTAS) && zooKeeper.getChildren(at, false).isEmpty()) {
                zooKeeper.delete(at, -1);
                at = at.substring(0, at.lastIndexOf('/'));
            }
        }
    }
}
