package io.matriarch.candidate;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.HostProvider;
import org.jspecify.annotations.Nullable;

/**
 * A session with the ensemble that candidacies, locks, groups and barriers share, and that is opened anew when it has
 * expired. It has one thread of its own; servers need not be there yet when it is started.
 *
 * <pre>{@code
 * try (ElectionSession session = ElectionSession.builder("127.0.0.1:2181").start()) {
 *     Candidacy candidacy = session.candidacy("/services/billing").content("10.0.0.7:8080").start();
 *     DistributedLock lock = session.lock("/locks/ledger");
 *     ...
 * }
 * }</pre>
 */
public final class ElectionSession implements AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;
    private final SessionKeeper keeper;
    private final int timeoutMillis;

    private volatile @Nullable Thread thread;

    private ElectionSession(Builder builder) {
        timeoutMillis = builder.timeoutMillis;
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "election session " + builder.connectString);
            made.setDaemon(true);
            thread = made;
            return made;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        keeper = new SessionKeeper(builder::newClient, executor);
    }

    /**
     * Begins the settings of a session.
     *
     * @param connectString servers as the Apache client takes them, {@code host:port,host:port}
     */
    public static Builder builder(String connectString) {
        return new Builder(connectString);
    }

    /** Begins the settings of a candidacy under {@code path} on this session. */
    public CandidacyBuilder candidacy(String path) {
        return Candidacy.on(this, path);
    }

    /** A lock that one at a time holds. */
    public DistributedLock lock(String path) {
        return new DistributedLock(this, path, Layout.WRITE);
    }

    /** Two locks: many may hold the first together, or one the second alone. */
    public ReadWriteLock readWriteLock(String path) {
        return new ReadWriteLock(this, path);
    }

    /** The members that are there under {@code path}. */
    public Group group(String path) {
        return new Group(this, path);
    }

    /** A place where {@code parties} wait for one another. */
    public Barrier barrier(String path, int parties) {
        return new Barrier(this, path, parties);
    }

    /** Follows the election under {@code path} without taking part. */
    public ElectionFollower.Builder follow(String path) {
        return new ElectionFollower.Builder(this, path);
    }

    SessionKeeper keeper() {
        return keeper;
    }

    /** What was asked for, milliseconds; the servers may have granted another. */
    int requestedTimeoutMillis() {
        return timeoutMillis;
    }

    boolean isThread() {
        return Thread.currentThread() == thread;
    }

    /** Runs on the session's thread; not at all once the session is closed. */
    void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // Closed: nothing that happens now counts.
        }
    }

    /** Runs on the session's thread after that time, unless cancelled or the session is closed before. */
    @Nullable
    ScheduledFuture<?> after(long nanos, Runnable task) {
        try {
            return executor.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }

    void shutdown() {
        executor.shutdown();
    }

    /**
     * Ends the session, and with it all that was entered on it; candidacies should be closed before, since here their
     * listeners are not waited for. Blocks until the server was told, or could not be.
     */
    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    keeper.abandon();
                } finally {
                    closed.complete(null);
                    shutdown();
                }
            });
        } catch (RejectedExecutionException e) {
            return;
        }
        if (!isThread()) {
            closed.join();
        }
    }

    private void start() {
        execute(keeper::open);
    }

    /** Settings of an {@link ElectionSession}. */
    public static final class Builder {
        private final String connectString;
        private int timeoutMillis = 10_000;
        private Supplier<? extends @Nullable HostProvider> hosts = () -> null;

        private Builder(String connectString) {
            this.connectString = connectString;
        }

        /** Default 10 seconds; the servers may grant another. */
        public Builder sessionTimeout(Duration timeout) {
            timeoutMillis = Math.toIntExact(timeout.toMillis());
            return this;
        }

        /** Decides to which server the client connects; asked once for each new session. */
        public Builder hosts(Supplier<HostProvider> provider) {
            hosts = provider;
            return this;
        }

        private ZooKeeper newClient(Watcher watcher) throws IOException {
            HostProvider provider = hosts.get();
            return provider == null
                    ? new ZooKeeper(connectString, timeoutMillis, watcher)
                    : new ZooKeeper(connectString, timeoutMillis, watcher, false, provider);
        }

        /** Starts to connect. */
        public ElectionSession start() {
            ElectionSession session = new ElectionSession(this);
            session.start();
            return session;
        }
    }
}
