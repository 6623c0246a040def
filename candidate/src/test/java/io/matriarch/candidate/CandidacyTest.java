package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Candidates over the real client, on Apache's real server. */
class CandidacyTest {
    private static final String PATH = "/house/race";

    /** The events of one candidate, in order. */
    private static final class Diary {
        private final BlockingQueue<CandidacyEvent> events = new LinkedBlockingQueue<>();

        /** The next event of this type; those before it are passed over. */
        <T extends CandidacyEvent> T await(Class<T> type) throws InterruptedException {
            while (true) {
                CandidacyEvent event = events.poll(20, TimeUnit.SECONDS);
                assertThat(event).as("an event of type " + type.getSimpleName()).isNotNull();
                if (type.isInstance(event)) {
                    return type.cast(event);
                }
            }
        }
    }

    @TempDir
    private Path directory;

    private ZooKeeperServer server;
    private ServerCnxnFactory connections;
    private final ExecutorService listeners = Executors.newCachedThreadPool();
    private final List<Candidacy> candidacies = new ArrayList<>();

    @BeforeEach
    void startServer() throws Exception {
        server = new ZooKeeperServer(directory.toFile(), directory.toFile(), 500);
        connections = new NIOServerCnxnFactory();
        connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        connections.startup(server);
    }

    @AfterEach
    void stopAll() {
        candidacies.forEach(Candidacy::close);
        connections.shutdown();
        listeners.shutdown();
    }

    private String address() {
        return "127.0.0.1:" + connections.getLocalPort();
    }

    private Candidacy enter(Diary diary) {
        Candidacy candidacy = Candidacy.builder(address(), PATH)
                .sessionTimeout(Duration.ofSeconds(5))
                .executor(listeners)
                .listener(diary.events::add)
                .start();
        candidacies.add(candidacy);
        return candidacy;
    }

    @Test
    void firstLeads_othersWaitInOrder_andEachStepsUpWhenTheOneBeforeItLeaves() throws InterruptedException {
        Diary a = new Diary();
        Diary b = new Diary();
        Diary c = new Diary();
        Candidacy first = enter(a);
        Leadership leadershipOfA = a.await(CandidacyEvent.Leading.class).leadership();
        Candidacy second = enter(b);
        assertThat(b.await(CandidacyEvent.Waiting.class).predecessor()).isEqualTo(leadershipOfA.path());
        Candidacy third = enter(c);
        c.await(CandidacyEvent.Waiting.class);

        second.close();
        assertThat(c.await(CandidacyEvent.Waiting.class).predecessor()).isEqualTo(leadershipOfA.path());
        first.close();
        a.await(CandidacyEvent.SteppedDown.class);
        assertThat(first.leadership()).isEmpty();
        Leadership leadershipOfC = c.await(CandidacyEvent.Leading.class).leadership();
        assertThat(third.leadership()).contains(leadershipOfC);
        assertThat(leadershipOfC.fencingToken()).isGreaterThan(leadershipOfA.fencingToken());
    }

    @Test
    void successor_leadsOnlyAfterTheListenerOfTheLeaderHasReturned() throws InterruptedException {
        List<String> order = new ArrayList<>();
        Diary a = new Diary();
        Diary b = new Diary();
        Candidacy first = Candidacy.builder(address(), PATH)
                .executor(listeners)
                .listener(event -> {
                    if (event instanceof CandidacyEvent.SteppedDown) {
                        synchronized (order) {
                            order.add("a stopped");
                        }
                    }
                    a.events.add(event);
                })
                .start();
        candidacies.add(first);
        a.await(CandidacyEvent.Leading.class);
        candidacies.add(Candidacy.builder(address(), PATH)
                .executor(listeners)
                .listener(event -> {
                    if (event instanceof CandidacyEvent.Leading) {
                        synchronized (order) {
                            order.add("b leads");
                        }
                    }
                    b.events.add(event);
                })
                .start());
        b.await(CandidacyEvent.Waiting.class);
        first.close();
        b.await(CandidacyEvent.Leading.class);
        synchronized (order) {
            assertThat(order).containsExactly("a stopped", "b leads");
        }
    }

    @Test
    void closeFromWithinTheListener_doesNotWaitForItself() throws InterruptedException {
        Diary diary = new Diary();
        LinkedBlockingQueue<Candidacy> self = new LinkedBlockingQueue<>();
        Candidacy candidacy = Candidacy.builder(address(), PATH)
                .listener(event -> {
                    if (event instanceof CandidacyEvent.Leading) {
                        self.remove().close();
                    }
                    diary.events.add(event);
                })
                .executor(listeners)
                .start();
        self.add(candidacy);
        diary.await(CandidacyEvent.Closed.class);
        assertThat(candidacy.closeAsync()).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void ownZnodeDeletedByAnOperator_leaderStepsDownAndEntersAgain() throws Exception {
        Diary a = new Diary();
        enter(a);
        Leadership first = a.await(CandidacyEvent.Leading.class).leadership();
        ZooKeeper operator = new ZooKeeper(address(), 5000, event -> {});
        operator.delete(first.path(), -1);
        a.await(CandidacyEvent.SteppedDown.class);
        Leadership second = a.await(CandidacyEvent.Leading.class).leadership();
        assertThat(second.fencingToken()).isGreaterThan(first.fencingToken());
        operator.close();
    }

    @Test
    void sessionEndedAtTheServer_entersAgainWithANewSession() throws Exception {
        Diary a = new Diary();
        enter(a);
        Leadership first = a.await(CandidacyEvent.Leading.class).leadership();
        server.closeSession(first.sessionId()); // as when its timeout has passed
        assertThat(a.await(CandidacyEvent.SessionLost.class).sessionId()).isEqualTo(first.sessionId());
        Leadership second = a.await(CandidacyEvent.Leading.class).leadership();
        assertThat(second.sessionId()).isNotEqualTo(first.sessionId());
    }

    @Test
    void listenerThatDoesNotStopInTime_isOverrunBeforeAnotherCanLead() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<Leadership> overrun = new LinkedBlockingQueue<>();
        Diary a = new Diary();
        Candidacy stuck = Candidacy.builder(address(), PATH)
                .sessionTimeout(Duration.ofSeconds(2))
                .executor(listeners)
                .listener(event -> {
                    a.events.add(event);
                    if (event instanceof CandidacyEvent.SteppedDown) {
                        awaitUninterruptibly(release);
                    }
                })
                .overrun(overrun::add)
                .start();
        candidacies.add(stuck);
        Leadership leadership = a.await(CandidacyEvent.Leading.class).leadership();
        CompletableFuture<Void> closed = stuck.closeAsync();
        assertThat(closed).isNotDone();
        assertThat(overrun.poll(20, TimeUnit.SECONDS)).isSameAs(leadership);
        assertThat(leadership.timeToStop()).isZero();
        release.countDown();
        a.await(CandidacyEvent.Closed.class);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void candidacyStartedBeforeTheServer_leadsOnceItIsThere() throws Exception {
        int port = connections.getLocalPort();
        connections.shutdown();
        Diary a = new Diary();
        candidacies.add(Candidacy.builder("127.0.0.1:" + port, PATH)
                .listener(a.events::add)
                .executor(listeners)
                .start());
        server = new ZooKeeperServer(directory.toFile(), directory.toFile(), 500);
        connections = new NIOServerCnxnFactory();
        connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
        connections.startup(server);
        assertThat(a.await(CandidacyEvent.Leading.class).leadership().isCurrent())
                .isTrue();
    }
}
