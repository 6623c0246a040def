package io.matriarch.compat;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * A client that creates znode after znode under a path of its own, through whatever happens to the servers, and knows which ones were
 * acknowledged. It holds one ephemeral znode all the while.
 */
public final class Writer implements AutoCloseable {
    private final String path;
    private final long restNanos;
    private final RecordingWatcher watcher = new RecordingWatcher();
    private final ZooKeeper client;
    private final long sessionId;
    private final NavigableSet<Integer> acknowledged = new ConcurrentSkipListSet<>();
    private final Thread thread;
    private volatile boolean isEndWanted;
    private final AtomicInteger attempted = new AtomicInteger();
    private final AtomicInteger losses = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile Throwable failure;

    Writer(String connectString, String path) throws KeeperException, InterruptedException {
        this(connectString, path, Duration.ZERO);
    }

    /** One that creates {@code path}, which must not be there yet, and rests for some time after each create below it. */
    public Writer(String connectString, String path, Duration rest) throws KeeperException, InterruptedException {
        this.path = path;
        this.restNanos = rest.toNanos();
        this.client = Clients.connect(connectString, watcher);
        this.sessionId = client.getSessionId();
        create(path, CreateMode.PERSISTENT);
        create(ephemeralPath(), CreateMode.EPHEMERAL);
        this.thread = new Thread(this::write, "writer-of-" + path);
        thread.setDaemon(true);
        thread.start();
    }

    /** Its znodes are below this one. */
    public String path() {
        return path;
    }

    String ephemeralPath() {
        return path + "-here";
    }

    long sessionId() {
        return sessionId;
    }

    /** How many creates were acknowledged so far. */
    public int count() {
        throwFailure();
        return acknowledged.size();
    }

    /** The names of the znodes whose creation was acknowledged. */
    public List<String> acknowledgedNames() {
        return acknowledged.stream().map(Writer::name).toList();
    }

    /** How many different creates were tried: one more than acknowledged at most. */
    public int attempted() {
        return attempted.get();
    }

    /** How many calls failed with a lost connection. */
    int losses() {
        return losses.get();
    }

    /** How often the client had to find a server again. */
    int reconnects() {
        return (int) watcher.states().stream()
                .filter(Watcher.Event.KeeperState.Disconnected::equals)
                .count();
    }

    /** How long the slowest acknowledged create took, repeats included. */
    long longestMillis() {
        return Duration.ofNanos(longestNanos.get()).toMillis();
    }

    /** Whether the session is still the one it began with. */
    public boolean hasKeptSession() {
        return client.getSessionId() == sessionId && !watcher.states().contains(Watcher.Event.KeeperState.Expired);
    }

    /** Stops writing; the session goes on. */
    public void stopWriting() throws InterruptedException {
        isEndWanted = true;
        thread.join(Clients.SERVING_BOUND.toMillis());
        throwFailure();
        if (thread.isAlive()) {
            throw new IllegalStateException("a write to " + path + " has had no answer for long");
        }
    }

    /** Ends the session behind the client's back, through a second connection, and waits until the client knows. */
    void expireSession(String connectString) throws IOException, InterruptedException {
        isEndWanted = true;
        ZooKeeper same = new ZooKeeper(
                connectString,
                Clients.SESSION_TIMEOUT_MILLIS,
                event -> {},
                client.getSessionId(),
                client.getSessionPasswd());
        Clients.awaitConnected(same);
        same.close();
        await("the end of " + path + "'s session").atMost(Clients.SERVING_BOUND).until(() -> watcher.states()
                .contains(Watcher.Event.KeeperState.Expired));
    }

    /** What its connection went through. */
    public List<WatchedEvent> events() {
        return watcher.events();
    }

    @Override
    public void close() {
        isEndWanted = true;
        Clients.close(client);
    }

    private void write() {
        try {
            while (!isEndWanted) {
                int number = attempted.incrementAndGet();
                long beganNanos = System.nanoTime();
                createThroughLosses(path + "/" + name(number));
                longestNanos.accumulateAndGet(System.nanoTime() - beganNanos, Math::max);
                acknowledged.add(number);
                LockSupport.parkNanos(restNanos);
            }
        } catch (KeeperException | InterruptedException e) {
            if (!isEndWanted) {
                failure = e;
            }
        }
    }

    private void createThroughLosses(String znode) throws KeeperException, InterruptedException {
        boolean isRetried = false;
        while (true) {
            try {
                create(znode, CreateMode.PERSISTENT);
                return;
            } catch (KeeperException.ConnectionLossException outcomeUnknown) {
                losses.incrementAndGet();
                isRetried = true;
                if (isEndWanted) {
                    throw outcomeUnknown;
                }
            } catch (KeeperException.NodeExistsException exists) {
                if (!isRetried) {
                    throw exists;
                }
                return;
            }
        }
    }

    private void create(String znode, CreateMode mode) throws KeeperException, InterruptedException {
        client.create(znode, znode.getBytes(StandardCharsets.UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    private void throwFailure() {
        if (failure != null) {
            throw new IllegalStateException("the writer of " + path + " failed", failure);
        }
    }

    private static String name(int number) {
        return String.format("%06d", number);
    }
}
