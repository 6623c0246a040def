package io.matriarch.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A leader whose disk hangs gives way and loses nothing; one whose disk fails stops with one clear line. */
@Timeout(120)
class FailingForceTest {
    private static final int SERVERS = 3;
    private static final int SESSION_MILLIS = 30_000;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path dir;

    private final Map<Long, MatriarchServer> servers = new TreeMap<>();
    private final Map<Long, HeldFiles> disks = new TreeMap<>();
    private final BlockingQueue<Long> leaders = new LinkedBlockingQueue<>();
    private List<MemberConfig> members = List.of();

    @AfterEach
    void stop() {
        disks.values().forEach(HeldFiles::letGo);
        servers.values().forEach(MatriarchServer::kill);
    }

    @Test
    void aLeaderWhoseForceHangsGivesWayAndLosesNothing() throws Exception {
        startAll();
        givesWay(nextLeader(), () -> {});
    }

    /** Who is up to date was told to wait for long, and nobody else can be synchronized before the leader's disk answers. */
    @Test
    void aLeaderWhoseForceHangsBeforeAnybodyElseIsUpToDateGivesWayToo() throws Exception {
        members = members();
        start(1);
        start(2);
        givesWay(nextLeader(), () -> start(3));
    }

    /** The disk of leader {@code old} hangs in a write; another leads soon, and in the end all have the same tree. */
    private void givesWay(long old, Runnable meanwhile) throws Exception {
        try (BlockingClient client = new BlockingClient(server(old).clientPort(), SESSION_MILLIS)) {
            disk(old).hold();
            CompletableFuture<Bytes> hanging = CompletableFuture.supplyAsync(() -> create(client, "/hanging"));
            disk(old).awaitForce();
            long beganNanos = System.nanoTime();
            meanwhile.run();
            long next = nextLeader();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
            System.out.println("a leader whose force hangs is replaced after " + millis + " ms");
            assertThat(next).isNotEqualTo(old);
            assertThat(millis).as("10 s would be syncLimit").isLessThan(5_000);
            // The others' disks may have been a quorum for it before they turned away.
            boolean isAcknowledged = hanging.isDone() && !hanging.isCompletedExceptionally();
            try (BlockingClient other = new BlockingClient(server(next).clientPort(), SESSION_MILLIS)) {
                create(other, "/goes-on");
                if (isAcknowledged) {
                    other.ask(new Request.Exists("/hanging", false));
                }
            }
            disk(old).letGo();
            while (server(old).status().role() != PeerState.FOLLOWING) {
                Thread.onSpinWait();
            }
            while (server(old).treeDigest() != server(next).treeDigest()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aLeaderWhoseForceFailsStopsAndSaysWhatWhereAndWhatToDo() throws Exception {
        startAll();
        long old = nextLeader();
        try (BlockingClient client = new BlockingClient(server(old).clientPort(), SESSION_MILLIS)) {
            disk(old).failNext();
            CompletableFuture<Bytes> failing = CompletableFuture.supplyAsync(() -> create(client, "/failing"));
            HaltReason reason = server(old).awaitHalt();

            assertThat(reason.isClean()).isFalse();
            assertThat(reason.exitCode()).isEqualTo(HaltReason.EXIT_STORAGE);
            assertThat(reason.text()).contains("disk gone", "version-2", "check the disk", "start the server again");
            // The two other disks are a quorum: they may have acknowledged it before the leader stopped.
            boolean isAcknowledged =
                    failing.handle((bytes, failure) -> failure == null).get();
            long next = nextLeader();
            assertThat(next).isNotEqualTo(old);
            try (BlockingClient other = new BlockingClient(server(next).clientPort(), SESSION_MILLIS)) {
                if (isAcknowledged) {
                    other.ask(new Request.Exists("/failing", false));
                }
            }
        }
    }

    private long nextLeader() throws InterruptedException {
        return requireNonNull(leaders.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), "nobody leads");
    }

    private MatriarchServer server(long sid) {
        return requireNonNull(servers.get(sid));
    }

    private HeldFiles disk(long sid) {
        return requireNonNull(disks.get(sid));
    }

    private void startAll() throws Exception {
        members = members();
        for (long sid = 1; sid <= SERVERS; sid++) {
            start(sid);
        }
        for (MatriarchServer server : servers.values()) {
            assertThat(server.awaitServing(PATIENCE)).isTrue();
        }
    }

    private static List<MemberConfig> members() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < 2 * SERVERS; i++) {
            held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        List<MemberConfig> drawn = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            drawn.add(MemberConfig.participant(
                    i + 1L,
                    "127.0.0.1",
                    held.get(2 * i).getLocalPort(),
                    held.get(2 * i + 1).getLocalPort()));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        return drawn;
    }

    private void start(long sid) {
        HeldFiles disk = new HeldFiles();
        disks.put(sid, disk);
        ServerConfig config = ServerConfig.builder()
                .dataDir(dir.resolve(String.valueOf(sid)))
                .clientAddress("127.0.0.1", 0)
                .tickMillis(500)
                .limits(40, 20)
                .preAllocBytes(1 << 16)
                .ensemble(new ServerId(sid), members)
                .build();
        servers.put(sid, MatriarchServer.startOn(disk, null, config, event -> {
            if (event instanceof TraceEvent.LeaderEstablished) {
                leaders.add(sid);
            }
        }));
    }

    private static Bytes create(BlockingClient client, String path) {
        try {
            return client.ask(new Request.Create(
                    OpCode.CREATE, path, Bytes.utf8("of " + path), Acl.OPEN, 0, Request.Create.NO_TTL));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
