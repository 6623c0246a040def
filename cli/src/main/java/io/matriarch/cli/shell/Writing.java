package io.matriarch.cli.shell;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that change znodes. */
final class Writing {
    private static final int ANY_VERSION = -1;

    private Writing() {}

    static final class Create implements Verb {
        @Option(names = "-s")
        private boolean isSequential;

        @Option(names = "-e")
        private boolean isEphemeral;

        @Option(names = "-c")
        private boolean isContainer;

        @Option(names = "-t", paramLabel = "TTL")
        private long ttlMillis = -1;

        @Parameters(index = "0", paramLabel = "PATH")
        private String path = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "DATA")
        private @Nullable String content;

        @Parameters(index = "2", arity = "0..1", paramLabel = "ACL")
        private @Nullable String acl;

        @Override
        public String subject() {
            return path;
        }

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            byte[] bytes = content == null ? null : content.getBytes(StandardCharsets.UTF_8);
            List<ACL> access = acl == null ? ZooDefs.Ids.OPEN_ACL_UNSAFE : AclText.parse(acl);
            CreateMode mode = mode();
            String created;
            try {
                created = ttlMillis >= 0
                        ? shell.zooKeeper().create(path, bytes, access, mode, new Stat(), ttlMillis)
                        : shell.zooKeeper().create(path, bytes, access, mode);
            } catch (NoNodeException e) {
                int slash = path.lastIndexOf('/');
                if (slash <= 0) {
                    throw e;
                }
                throw ShellException.failed(
                        e.code().name(),
                        "Node does not exist: " + path.substring(0, slash) + "; create it before " + path);
            }
            shell.screen().tell("Created " + shell.screen().safe(created), Map.of("created", created));
        }

        private CreateMode mode() throws ShellException {
            if (isContainer && (isEphemeral || isSequential)) {
                throw ShellException.usage("create: a container (-c) is neither ephemeral (-e) nor sequential (-s)");
            }
            if (ttlMillis >= 0 && (isEphemeral || isContainer)) {
                throw ShellException.usage("create: a time to live (-t) is for persistent znodes, not for -e or -c");
            }
            if (ttlMillis >= 0) {
                return isSequential ? CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL : CreateMode.PERSISTENT_WITH_TTL;
            }
            if (isContainer) {
                return CreateMode.CONTAINER;
            }
            if (isEphemeral) {
                return isSequential ? CreateMode.EPHEMERAL_SEQUENTIAL : CreateMode.EPHEMERAL;
            }
            return isSequential ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT;
        }
    }

    static final class Overwrite implements Verb {
        @Option(names = "-s")
        private boolean withStat;

        @Option(names = "-v", paramLabel = "VERSION")
        private int version = ANY_VERSION;

        @Option(names = "-b")
        private boolean isBase64;

        @Parameters(index = "0", paramLabel = "PATH")
        private String path = "";

        @Parameters(index = "1", paramLabel = "DATA")
        private String content = "";

        @Override
        public String subject() {
            return path;
        }

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            Stat stat = shell.zooKeeper()
                    .setData(path, isBase64 ? decoded() : content.getBytes(StandardCharsets.UTF_8), version);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("set", path);
            fields.put("stat", StatLines.fields(stat));
            shell.screen().tell(withStat ? StatLines.text(shell.screen(), stat) : "", fields);
        }

        private byte[] decoded() throws ShellException {
            try {
                return Base64.getDecoder().decode(content);
            } catch (IllegalArgumentException e) {
                throw ShellException.usage("set: DATA is no base64: " + e.getMessage());
            }
        }
    }

    static final class Delete extends Reading.OfPath {
        @Option(names = "-v", paramLabel = "VERSION")
        private int version = ANY_VERSION;

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            shell.zooKeeper().delete(path, version);
            shell.screen().tell("", Map.of("deleted", path));
        }
    }

    static final class DeleteAll extends Reading.OfPath {
        private static final int MAX_BATCH = 10_000;

        @Option(names = "-b", paramLabel = "BATCH")
        private int batch = 1000;

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            if (batch < 1 || batch > MAX_BATCH) {
                throw ShellException.usage("deleteall: a batch has 1 to " + MAX_BATCH + " znodes, not " + batch);
            }
            if (path.equals("/")) {
                throw ShellException.usage("deleteall: the root cannot be deleted; name the znodes below it");
            }
            ZooKeeper zooKeeper = shell.zooKeeper();
            List<String> all = new ArrayList<>(ZKUtil.listSubTreeBFS(zooKeeper, path));
            if (zooKeeper.exists(path, false) == null) {
                throw new NoNodeException(path);
            }
            int deleted = deleteBackwards(zooKeeper, all);
            shell.screen().tell("", Map.of("deleted", path, "znodes", deleted));
        }

        /** From the last to the first, so many on the way at a time; who deletes beside us does no harm. */
        private int deleteBackwards(ZooKeeper zooKeeper, List<String> paths)
                throws KeeperException, InterruptedException {
            Semaphore room = new Semaphore(batch);
            AtomicInteger deleted = new AtomicInteger();
            AtomicReference<KeeperException> failure = new AtomicReference<>();
            for (int i = paths.size() - 1; i >= 0 && failure.get() == null; i--) {
                room.acquire();
                zooKeeper.delete(
                        paths.get(i),
                        ANY_VERSION,
                        (code, path, context) -> {
                            if (code == Code.OK.intValue()) {
                                deleted.incrementAndGet();
                            } else if (code != Code.NONODE.intValue()) {
                                failure.compareAndSet(null, KeeperException.create(Code.get(code), path));
                            }
                            room.release();
                        },
                        null);
            }
            room.acquire(batch);
            KeeperException first = failure.get();
            if (first != null) {
                throw first;
            }
            return deleted.get();
        }
    }

    static final class Sync extends Reading.OfPath {
        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            CompletableFuture<Integer> done = new CompletableFuture<>();
            shell.zooKeeper().sync(path, (code, path, context) -> done.complete(code), null);
            Code code = Code.get(await(done));
            if (code != Code.OK) {
                throw KeeperException.create(code, path);
            }
            shell.screen().tell("Sync is OK", Map.of("synced", path));
        }

        /** Unlike {@code join}, ends when the user interrupts. */
        private static int await(CompletableFuture<Integer> done) throws InterruptedException {
            try {
                return done.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("an answer that is never exceptional", e);
            }
        }
    }
}
