package io.matriarch.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tree far larger than any buffer goes to three learners at once, one of which reads slowly, while clients write through
 * the leader (zab.md 8, 9, 18.27; R8). {@code -Dmatriarch.tree.megabytes=1000 -DargLine=-Xmx8g} for a larger one.
 */
@Timeout(180)
class LargeSnapshotTest {
    private static final int TREE_MEGABYTES = Integer.getInteger("matriarch.tree.megabytes", 100);
    private static final int NODE_BYTES = 64 << 10;
    private static final int NODES = TREE_MEGABYTES * ((1 << 20) / NODE_BYTES);
    /** The slow one's transfer takes some eight seconds. */
    private static final int SLOW_BYTES_PER_SECOND = TREE_MEGABYTES << 17;

    /** What a leader may hold for one learner that takes a snapshot: a piece of 256 KiB, its last znode, some packets. */
    private static final long MOST_OF_SNAPSHOT_BYTES = 512 << 10;

    /** Behind the snapshot comes at once what was written meanwhile. */
    private static final long MOST_WAITING_BYTES = 8 << 20;

    /** Writes that the slow transfer must see; how many the others see is the machine's affair. */
    private static final int LEAST_WRITES = 20;

    /** The slow one gets so far until the others are done and that much was written. */
    private static final long FIRST_BYTES = 10L << 20;

    /** Nothing from the log on disk. */
    private static final ReplicationConfig SNAPSHOTS_ONLY = new ReplicationConfig(
            true,
            ReplicationConfig.DEFAULT.windowEntries(),
            -1,
            ReplicationConfig.DEFAULT.maxTxnBytes(),
            ReplicationConfig.DEFAULT.pieceBytes(),
            ReplicationConfig.DEFAULT.rollOverAt(),
            ReplicationConfig.DEFAULT.lastCounter());

    private static final int SESSION_MILLIS = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path dir;

    private final List<MemberConfig> members = new ArrayList<>();
    private final List<MatriarchServer> servers = new ArrayList<>();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicLong longestPauseNanos = new AtomicLong();
    private final AtomicLong longestStepNanos = new AtomicLong();
    private final AtomicBoolean isOver = new AtomicBoolean();

    @AfterEach
    void stop() {
        servers.forEach(MatriarchServer::kill);
    }

    @Test
    void threeLearnersTakeASnapshotAtOnceWhileWritesGoOn() throws Exception {
        takePorts();
        start(1, members);
        MatriarchServer leader = start(2, members);
        assertThat(leader.awaitServing(PATIENCE)).isTrue();
        assertThat(leader.status().role()).isEqualTo(PeerState.LEADING);
        fill(leader);
        long usedBefore = usedBytes();
        CompletableFuture<Void> watching = CompletableFuture.runAsync(() -> watch(leader));
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(leader.clientPort()));
        awaitWrites(LEAST_WRITES);
        long usualPauseNanos = longestPauseNanos.getAndSet(0);
        leader.mostWaitingForPeer();
        try (SlowReader slow = new SlowReader(members.get(1).quorumPort(), SLOW_BYTES_PER_SECOND, FIRST_BYTES)) {
            List<CompletableFuture<Integer>> transfers = new ArrayList<>();
            transfers.add(transfer(start(3, members)));
            transfers.add(transfer(start(4, behind(slow.port()))));
            transfers.add(transfer(start(5, members)));
            assertWrites(transfers.get(0), 1);
            assertWrites(transfers.get(2), 1);
            long mostOfSnapshot = leader.mostWaitingForPeer();
            assertThat(transfers.get(1)).as("the slow one").isNotDone();
            awaitWrites(written.get() + LEAST_WRITES);
            slow.release();
            assertWrites(transfers.get(1), LEAST_WRITES);
            long mostWaiting = leader.mostWaitingForPeer();
            System.out.printf(
                    "snapshot of %d MB to three learners: %s writes during each transfer, longest pause %d ms (%d ms"
                            + " before), of the leader's thread %d ms, at most %d KB of the snapshot waiting"
                            + " for one learner, %d KB with what follows it, heap %d MB before, %d MB now%n",
                    TREE_MEGABYTES,
                    transfers.stream().map(CompletableFuture::join).toList(),
                    TimeUnit.NANOSECONDS.toMillis(longestPauseNanos.get()),
                    TimeUnit.NANOSECONDS.toMillis(usualPauseNanos),
                    TimeUnit.NANOSECONDS.toMillis(longestStepNanos.get()),
                    mostOfSnapshot >> 10,
                    mostWaiting >> 10,
                    usedBefore >> 20,
                    usedBytes() >> 20);
            isOver.set(true);
            CompletableFuture.allOf(writing, watching).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(mostOfSnapshot).isLessThan(MOST_OF_SNAPSHOT_BYTES);
            assertThat(mostWaiting).isLessThan(MOST_WAITING_BYTES);
            assertEqualTrees(leader);
        }
    }

    // --- servers -----------------------------------------------------------------------------------------------------

    private void takePorts() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (int i = 0; i < 5; i++) {
            members.add(member(
                    i + 1L, held.get(2 * i).getLocalPort(), held.get(2 * i + 1).getLocalPort()));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
    }

    /** Three vote: the leader needs none of those that come later. */
    private static MemberConfig member(long sid, int quorumPort, int electionPort) {
        return new MemberConfig(new ServerId(sid), "127.0.0.1", quorumPort, electionPort, sid <= 3, null);
    }

    /** The members as one sees them that reaches the leader, server 2, at another port only. */
    private List<MemberConfig> behind(int port) {
        List<MemberConfig> seen = new ArrayList<>(members);
        seen.set(1, member(2, port, members.get(1).electionPort()));
        return seen;
    }

    private MatriarchServer start(long sid, List<MemberConfig> seen) {
        MatriarchServer server = MatriarchServer.start(ServerConfig.builder()
                .dataDir(dir.resolve(String.valueOf(sid)))
                .clientAddress("127.0.0.1", 0)
                .tickMillis(1000)
                .limits(60, 30)
                .forcesLog(false)
                .replication(SNAPSHOTS_ONLY)
                .ensemble(new ServerId(sid), seen)
                .build());
        servers.add(server);
        return server;
    }

    /** Done, with the number of writes meanwhile, when the server serves. */
    private CompletableFuture<Integer> transfer(MatriarchServer to) {
        int before = written.get();
        return CompletableFuture.supplyAsync(() -> {
            try {
                assertThat(to.awaitServing(PATIENCE)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return written.get() - before;
        });
    }

    private static void assertWrites(CompletableFuture<Integer> transfer, int least) throws Exception {
        assertThat(transfer.get()).as("writes during a transfer").isGreaterThanOrEqualTo(least);
    }

    // --- clients -----------------------------------------------------------------------------------------------------

    private static Request create(String path, Bytes data) {
        return new Request.Create(OpCode.CREATE, path, data, Acl.OPEN, 0, Request.Create.NO_TTL);
    }

    private static void fill(MatriarchServer leader) throws IOException {
        Random random = new Random(1);
        try (BlockingClient client = new BlockingClient(leader.clientPort(), SESSION_MILLIS)) {
            int unanswered = 0;
            for (int i = 0; i < NODES; i++) {
                byte[] data = new byte[NODE_BYTES];
                random.nextBytes(data);
                client.send(create("/n" + i, Bytes.wrap(data)));
                if (++unanswered > 50) {
                    client.receive();
                    unanswered--;
                }
            }
            for (; unanswered > 0; unanswered--) {
                client.receive();
            }
        }
    }

    /** New znodes, and new data for some old ones, before and behind the place that a snapshot has reached. */
    private void write(int port) {
        try (BlockingClient client = new BlockingClient(port, SESSION_MILLIS)) {
            while (!isOver.get()) {
                long began = System.nanoTime();
                int number = written.get();
                client.ask(create("/w" + number, Bytes.utf8("v" + number)));
                client.ask(new Request.SetData("/n" + number * 7919L % NODES / 8 * 8, Bytes.utf8("new " + number), -1));
                client.ping();
                longestPauseNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
                written.incrementAndGet();
                LockSupport.parkNanos(1_000_000);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the writer broke off", e);
        }
    }

    /** How long the leader's thread lets anybody wait. */
    private void watch(MatriarchServer leader) {
        while (!isOver.get()) {
            long began = System.nanoTime();
            leader.status();
            longestStepNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void awaitWrites(int count) {
        while (written.get() < count) {
            assertThat(Thread.currentThread().isInterrupted()).as("out of time").isFalse();
            LockSupport.parkNanos(1_000_000);
        }
    }

    // --- the end -----------------------------------------------------------------------------------------------------

    /** Every acknowledged write is everywhere, and everything else is the same. */
    private void assertEqualTrees(MatriarchServer leader) throws IOException {
        long digest = leader.treeDigest();
        int nodes = leader.status().nodeCount();
        assertThat(nodes).isGreaterThan(NODES + written.get());
        for (MatriarchServer server : servers) {
            try (BlockingClient client = new BlockingClient(server.clientPort(), SESSION_MILLIS)) {
                client.ask(new Request.Sync("/"));
                client.ask(new Request.Exists("/w" + (written.get() - 1), false));
            }
            assertThat(server.status().nodeCount()).isEqualTo(nodes);
            assertThat(server.treeDigest()).isEqualTo(digest);
            assertThat(server.status().digestMismatches()).isZero();
        }
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
