package io.matriarch.compat.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.compat.Clients;
import io.matriarch.sim.history.History;
import io.matriarch.sim.history.HistoryChecker;
import io.matriarch.sim.history.HistoryReport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * Clients that ask at random and write down all they are shown, while a test does harm to their servers; judged afterwards (client.md
 * 13 and 16).
 */
public final class JudgedClients implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(1);

    private final History history = new History();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<RecordingClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private JudgedClients() {}

    /**
     * Creates {@code parent} and has {@code count} clients change what is below it, until {@link #judge} or {@link #close}.
     *
     * @param parent must not be there yet
     * @param seed of what they ask; the order in which their requests meet is the machine's
     */
    public static JudgedClients start(String parent, int count, List<InetSocketAddress> servers, long seed)
            throws Exception {
        return begun(parent, count, servers, false, seed);
    }

    /** The same, and beside them one at each server that only reads, there and nowhere else. */
    public static JudgedClients startBesideReaders(String parent, int count, List<InetSocketAddress> servers, long seed)
            throws Exception {
        return begun(parent, count, servers, true, seed);
    }

    private static JudgedClients begun(
            String parent, int count, List<InetSocketAddress> servers, boolean hasReaders, long seed) throws Exception {
        create(parent, servers);
        JudgedClients judged = new JudgedClients();
        Keys keys = new Keys(parent);
        for (int i = 1; i <= count; i++) {
            judged.add(new RecordingClient(i, judged.history, servers, keys, judged.stop, seed + i), i);
        }
        for (int i = count + 1; hasReaders && i <= count + servers.size(); i++) {
            InetSocketAddress server = servers.get(i - count - 1);
            judged.add(RecordingClient.readingAt(server, i, judged.history, keys, judged.stop, seed + i), i);
        }
        judged.threads.forEach(Thread::start);
        return judged;
    }

    private void add(RecordingClient client, int number) {
        Thread thread = new Thread(client, "client-" + number);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, cause) -> failures.add(cause));
        clients.add(client);
        threads.add(thread);
    }

    /** How many requests succeeded so far. */
    public long replies() {
        return history.acknowledged();
    }

    /** How often a client found a server again. */
    public int reconnects() {
        return clients.stream()
                .mapToInt(client -> Math.max(0, client.connections() - 1))
                .sum();
    }

    /** Waits until {@code count} more requests have succeeded. */
    public void awaitReplies(int count) {
        long goal = history.acknowledged() + count;
        await("clients go on")
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .atMost(Clients.SERVING_BOUND)
                .until(() -> history.acknowledged() >= goal || !failures.isEmpty());
        assertThat(failures).isEmpty();
    }

    /** Ends them and demands that all they were shown is right. */
    public HistoryReport judge() {
        close();
        assertThat(failures).isEmpty();
        HistoryReport report = new HistoryChecker(history).check();
        assertThat(report.violations()).isEmpty();
        assertThat(report.undecidedKeys()).isEmpty();
        return report;
    }

    /** Ends them, unjudged. */
    @Override
    public void close() {
        stop.set(true);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void create(String parent, List<InetSocketAddress> servers) throws Exception {
        ZooKeeper zk = Clients.connect(servers.stream()
                .map(address -> address.getAddress().getHostAddress() + ":" + address.getPort())
                .collect(Collectors.joining(",")));
        try {
            zk.create(parent, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } finally {
            Clients.close(zk);
        }
    }
}
