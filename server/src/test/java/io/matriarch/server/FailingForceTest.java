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

/** A leader whose disk fails stops with one clear line, and acknowledges nothing that it could not keep. */
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

    @AfterEach
    void stop() {
        disks.values().forEach(HeldFiles::letGo);
        servers.values().forEach(MatriarchServer::kill);
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
            assertThat(failing.handle((bytes, failure) -> failure).get()).isNotNull();
            assertThat(nextLeader()).isNotEqualTo(old);
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
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < 2 * SERVERS; i++) {
            held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        List<MemberConfig> members = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            members.add(MemberConfig.participant(
                    i + 1L,
                    "127.0.0.1",
                    held.get(2 * i).getLocalPort(),
                    held.get(2 * i + 1).getLocalPort()));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        for (long sid = 1; sid <= SERVERS; sid++) {
            start(sid, members);
        }
        for (MatriarchServer server : servers.values()) {
            assertThat(server.awaitServing(PATIENCE)).isTrue();
        }
    }

    private void start(long sid, List<MemberConfig> members) {
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
