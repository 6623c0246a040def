package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks, groups, barriers, followers and candidacies that share sessions, over the real client on Apache's real server. */
@Timeout(120)
class SharedSessionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private ZooKeeperServer server;
    private ServerCnxnFactory connections;
    private ElectionSession one;
    private ElectionSession two;

    @BeforeEach
    void start() throws Exception {
        server = new ZooKeeperServer(directory.toFile(), directory.toFile(), 500);
        connections = new NIOServerCnxnFactory();
        connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        connections.startup(server);
        one = session();
        two = session();
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        connections.shutdown();
    }

    private String address() {
        return "127.0.0.1:" + connections.getLocalPort();
    }

    private ElectionSession session() {
        return ElectionSession.builder(address())
                .sessionTimeout(Duration.ofSeconds(5))
                .start();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Test
    void lock_isHeldByOneAndGoesToTheNextWithAGreaterToken() throws Exception {
        HeldLock first = one.lock("/locks/a").acquire();
        assertThat(two.lock("/locks/a").tryAcquire(Duration.ofMillis(200))).isEmpty();
        assertThat(first.isHeld()).isTrue();
        first.close();
        assertThat(first.isHeld()).isFalse();
        HeldLock second = two.lock("/locks/a").tryAcquire(PATIENCE).orElseThrow();
        assertThat(second.fencingToken()).isGreaterThan(first.fencingToken());
        second.close();
    }

    @Test
    void lockOfAnExpiredSession_isLostAndSaysSo() throws Exception {
        HeldLock held = one.lock("/locks/b").acquire();
        ZooKeeper client = new ZooKeeper(address(), 5000, event -> {});
        long owner = client.exists(pathOf(client, "/locks/b"), false).getEphemeralOwner();
        server.closeSession(owner); // as when its timeout has passed
        assertThat(held.whenReleased()).succeedsWithin(PATIENCE);
        assertThat(held.isHeld()).isFalse();
        client.close();
    }

    private static String pathOf(ZooKeeper client, String parent) throws Exception {
        return parent + "/" + client.getChildren(parent, false).get(0);
    }

    @Test
    void readers_holdTogether_andAWriterWaitsForThemAndAfterItForNobodyElse() throws Exception {
        ReadWriteLock ofOne = one.readWriteLock("/locks/rw");
        ReadWriteLock ofTwo = two.readWriteLock("/locks/rw");
        HeldLock firstReader = ofOne.reading().acquire();
        HeldLock secondReader = ofTwo.reading().tryAcquire(PATIENCE).orElseThrow();
        assertThat(ofOne.writing().tryAcquire(Duration.ofMillis(200))).isEmpty();
        firstReader.close();
        secondReader.close();
        HeldLock writer = ofOne.writing().tryAcquire(PATIENCE).orElseThrow();
        assertThat(ofTwo.reading().tryAcquire(Duration.ofMillis(200))).isEmpty();
        writer.close();
        ofTwo.reading().tryAcquire(PATIENCE).orElseThrow().close();
    }

    @Test
    void guard_failsATransactionOnceTheLockIsGivenBack() throws Exception {
        ZooKeeper client = new ZooKeeper(address(), 5000, event -> {});
        HeldLock held = one.lock("/locks/c").acquire();
        Op work = Op.create("/work", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.multi(List.of(held.guard(), work));
        held.close();
        Op more = Op.create("/more", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        assertThatThrownBy(() -> client.multi(List.of(held.guard(), more)))
                .isInstanceOf(KeeperException.NoNodeException.class);
        assertThat(client.exists("/more", false)).isNull();
        client.close();
    }

    @Test
    void group_tellsWhoCameAndWentWithWhatTheyPublished() throws Exception {
        BlockingQueue<List<String>> seen = new LinkedBlockingQueue<>();
        GroupWatch watch = one.group("/groups/g")
                .watch(members -> seen.add(members.stream()
                        .map(member -> new String(member.content(), StandardCharsets.UTF_8))
                        .toList()));
        assertThat(next(seen)).isEmpty();
        Candidacy a = one.group("/groups/g").join("a".getBytes(StandardCharsets.UTF_8));
        assertThat(next(seen)).containsExactly("a");
        Candidacy b = two.group("/groups/g").join("b".getBytes(StandardCharsets.UTF_8));
        assertThat(next(seen)).containsExactly("a", "b");
        a.close();
        assertThat(next(seen)).containsExactly("b");
        watch.close();
        b.close();
    }

    @Test
    void barrier_lastOneInLetsAllGoOn_andItCanBeUsedAgain() throws Exception {
        Barrier mine = one.barrier("/barriers/x", 2);
        Barrier theirs = two.barrier("/barriers/x", 2);
        assertThat(mine.enter(Duration.ofMillis(200))).isFalse();
        for (int round = 0; round < 3; round++) {
            CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> inAndOut(theirs));
            assertThat(mine.enter(PATIENCE)).isTrue();
            assertThat(mine.leave(PATIENCE)).isTrue();
            assertThat(other).succeedsWithin(PATIENCE).isEqualTo(true);
        }
    }

    private static boolean inAndOut(Barrier barrier) {
        try {
            return barrier.enter(PATIENCE) && barrier.leave(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Starts a candidacy that does not lead at once, and returns when it stands in line. */
    private static Candidacy startWaiting(CandidacyBuilder builder) throws InterruptedException {
        BlockingQueue<String> waiting = new LinkedBlockingQueue<>();
        Candidacy candidacy = builder.listener(event -> {
                    if (event instanceof CandidacyEvent.Waiting w) {
                        waiting.add(w.path());
                    }
                })
                .start();
        next(waiting);
        return candidacy;
    }

    @Test
    void follower_hearsOfEachLeaderInOrder_andOfNobody() throws Exception {
        BlockingQueue<Optional<Member>> leaders = new LinkedBlockingQueue<>();
        ElectionFollower follower = ElectionFollower.builder(address(), "/race")
                .listener(leaders::add)
                .start();
        assertThat(next(leaders)).isEmpty();
        Candidacy a = one.candidacy("/race").content("a").start();
        Leadership first = a.awaitLeadership(PATIENCE).orElseThrow();
        Member seen = next(leaders).orElseThrow();
        assertThat(seen.path()).isEqualTo(first.path());
        assertThat(seen.czxid()).isEqualTo(first.fencingToken());
        assertThat(new String(seen.content(), StandardCharsets.UTF_8)).isEqualTo("a");
        Candidacy b = startWaiting(two.candidacy("/race").content("b"));
        a.close();
        assertThat(next(leaders).orElseThrow().czxid())
                .isEqualTo(b.awaitLeadership(PATIENCE).orElseThrow().fencingToken());
        b.close();
        assertThat(next(leaders)).isEmpty();
        follower.close();
    }

    @Test
    void resigningLeader_letsTheNextLead_andComesAfterIt() throws Exception {
        Candidacy a = one.candidacy("/race").start();
        Leadership first = a.awaitLeadership(PATIENCE).orElseThrow();
        Candidacy b = startWaiting(two.candidacy("/race"));
        a.resign();
        Leadership second = b.awaitLeadership(PATIENCE).orElseThrow();
        assertThat(second.fencingToken()).isGreaterThan(first.fencingToken());
        assertThat(first.isCurrent()).isFalse();
        b.close();
        assertThat(a.awaitLeadership(PATIENCE).orElseThrow().fencingToken()).isGreaterThan(second.fencingToken());
        a.close();
    }

    @Test
    void leaderThatStepsAside_isFollowedByTheOneItNamed() throws Exception {
        Candidacy a = one.candidacy("/race").start();
        assertThat(a.awaitLeadership(PATIENCE)).isPresent();
        List<Candidacy> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(startWaiting(two.candidacy("/race")));
        }
        Candidacy last = others.get(2);
        ZooKeeper client = new ZooKeeper(address(), 5000, event -> {});
        String named = Contenders.of(client.getChildren("/race", false)).names().get(3);
        a.stepAsideFor(named);
        assertThat(last.awaitLeadership(PATIENCE).orElseThrow().path()).isEqualTo("/race/" + named);
        assertThat(others.get(0).leadership()).isEmpty();
        client.close();
        others.forEach(Candidacy::close);
        a.close();
    }

    @Test
    void higherPriority_goesFirstWhenThePlaceIsFree() throws Exception {
        Candidacy a = one.candidacy("/race").start();
        assertThat(a.awaitLeadership(PATIENCE)).isPresent();
        Candidacy low = startWaiting(two.candidacy("/race"));
        Candidacy high = startWaiting(one.candidacy("/race").priority(5));
        a.close();
        assertThat(high.awaitLeadership(PATIENCE)).isPresent();
        assertThat(low.leadership()).isEmpty();
        high.close();
        assertThat(low.awaitLeadership(PATIENCE)).isPresent();
        low.close();
    }

    @Test
    void closedSession_endsEverythingOnIt() throws Exception {
        Candidacy a = one.candidacy("/race").start();
        Leadership leadership = a.awaitLeadership(PATIENCE).orElseThrow();
        one.close();
        assertThat(leadership.isCurrent()).isFalse();
        assertThat(a.whenClosed()).succeedsWithin(PATIENCE);
    }

    @Test
    void sessionWhoseListenersThreadIsGone_isClosedAllTheSame() throws Exception {
        ExecutorService listeners = Executors.newSingleThreadExecutor();
        Candidacy a = one.candidacy("/race").executor(listeners).start();
        Leadership leadership = a.awaitLeadership(PATIENCE).orElseThrow();
        listeners.shutdown();
        assertThat(listeners.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(CompletableFuture.runAsync(one::close)).succeedsWithin(PATIENCE);
        assertThat(leadership.isCurrent()).isFalse();
        assertThat(a.whenClosed()).succeedsWithin(PATIENCE);
    }
}
