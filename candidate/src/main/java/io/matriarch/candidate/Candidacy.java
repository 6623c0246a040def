package io.matriarch.candidate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.common.PathUtils;
import org.jspecify.annotations.Nullable;

/**
 * One candidate in an election among clients. It connects by itself, enters the election, and stays in it through lost
 * connections and lost sessions until it is closed:
 *
 * <pre>{@code
 * try (Candidacy candidacy = Candidacy.builder("127.0.0.1:2181", "/candidates")
 *         .listener(event -> {
 *             if (event instanceof CandidacyEvent.Leading leading) {
 *                 work.start(leading.leadership().fencingToken());
 *             } else if (event instanceof CandidacyEvent.SteppedDown) {
 *                 work.stop();
 *             }
 *         })
 *         .start()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Without a connection, leadership is kept for a third of the session timeout, a span in which the servers certainly
 * keep the session; {@link #leadership()} is empty from then on, whether or not the listener has been called yet.
 */
public final class Candidacy implements AutoCloseable {
    /** Leadership without an end of its own. */
    private static final long UNLIMITED = Long.MAX_VALUE;

    private record Held(Leadership leadership, long untilNanos) {}

    private final ScheduledExecutorService campaignThread;
    private final SerialExecutor listenerExecutor;
    private final Consumer<CandidacyEvent> listener;
    private final int sessionTimeoutMillis;
    private final Campaign campaign;
    private final ClientPort port;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile @Nullable Held held;
    private volatile long disconnectedAtNanos;

    private Candidacy(Builder builder) {
        listener = builder.listener;
        sessionTimeoutMillis = builder.sessionTimeoutMillis;
        campaign = new Campaign(builder.path, UUID::randomUUID);
        port = new ClientPort(builder::newClient, builder.path, builder.content, this::happened);
        campaignThread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "candidacy " + builder.path);
            thread.setDaemon(true);
            return thread;
        });
        listenerExecutor = new SerialExecutor(builder.executor == null ? campaignThread : builder.executor);
    }

    /**
     * Begins the settings of a candidacy.
     *
     * @param connectString servers as the Apache client takes them, {@code host:port,host:port}
     * @param path where the candidates' znodes are; made as a container if it is missing
     */
    public static Builder builder(String connectString, String path) {
        return new Builder(connectString, path);
    }

    /** The leadership of this candidate, or empty if it does not lead, or no longer for certain. */
    public Optional<Leadership> leadership() {
        Held current = held;
        if (current == null || (current.untilNanos != UNLIMITED && System.nanoTime() - current.untilNanos >= 0)) {
            return Optional.empty();
        }
        return Optional.of(current.leadership);
    }

    /**
     * Leaves the election: steps down, lets the listener finish, then ends the session and with it the znode. Waits for
     * that at most the session timeout, and not at all inside the listener.
     */
    @Override
    public void close() {
        CompletableFuture<Void> ended = closeAsync();
        if (listenerExecutor.isCurrent() || Thread.currentThread().isInterrupted()) {
            return;
        }
        try {
            ended.get(sessionTimeoutMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // It goes on in the background; the session ends by its timeout at the latest.
        }
    }

    /** Leaves the election without waiting; complete once the session is closed. */
    public CompletableFuture<Void> closeAsync() {
        happened(new CampaignEvent.CloseRequested());
        return closed;
    }

    private void start() {
        happened(new CampaignEvent.Started());
    }

    /** Takes an event on any thread. */
    private void happened(CampaignEvent event) {
        if (event instanceof CampaignEvent.Disconnected) {
            disconnectedAtNanos = System.nanoTime();
        }
        onCampaignThread(() -> {
            for (CampaignEffect effect : List.copyOf(campaign.step(event))) {
                perform(effect);
            }
        });
    }

    private void onCampaignThread(Runnable task) {
        try {
            campaignThread.execute(task);
        } catch (RejectedExecutionException e) {
            // Closed: nothing that happens now counts.
        }
    }

    private void perform(CampaignEffect effect) {
        if (effect instanceof CampaignEffect.OpenSession e) {
            // Behind the close of the session before, which waits for the listener.
            afterListener(() -> port.open(e.generation()));
        } else if (effect instanceof CampaignEffect.CloseSession) {
            afterListener(port::close);
            if (campaign.isClosed()) {
                afterListener(this::end);
            }
        } else if (effect instanceof CampaignEffect.CreateParent e) {
            port.createParent(e);
        } else if (effect instanceof CampaignEffect.CreateNode e) {
            port.createNode(e);
        } else if (effect instanceof CampaignEffect.ListCandidates e) {
            port.list(e);
        } else if (effect instanceof CampaignEffect.ReadOwnNode e) {
            port.readOwnNode(e);
        } else if (effect instanceof CampaignEffect.ReadPredecessor e) {
            port.readPredecessor(e);
        } else if (effect instanceof CampaignEffect.StartTimer e) {
            startTimer(e);
        } else if (effect instanceof CampaignEffect.LimitLeadership e) {
            limitLeadership(disconnectedAtNanos + TimeUnit.MILLISECONDS.toNanos(e.millis()));
        } else if (effect instanceof CampaignEffect.UnlimitLeadership) {
            limitLeadership(UNLIMITED);
        } else if (effect instanceof CampaignEffect.Tell e) {
            tell(e.event());
        }
    }

    /** On the campaign's thread, once the listener has returned from everything told so far. */
    private void afterListener(Runnable task) {
        listenerExecutor.execute(() -> onCampaignThread(task));
    }

    private void end() {
        campaignThread.shutdown();
        closed.complete(null);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a timer that is no longer wanted is of an older generation
    private void startTimer(CampaignEffect.StartTimer timer) {
        CampaignEvent fired = new CampaignEvent.TimerFired(timer.generation());
        campaignThread.schedule(() -> happened(fired), timer.millis(), TimeUnit.MILLISECONDS);
    }

    private void limitLeadership(long untilNanos) {
        Held current = held;
        if (current != null) {
            held = new Held(current.leadership, untilNanos);
        }
    }

    private void tell(CandidacyEvent event) {
        if (event instanceof CandidacyEvent.Leading leading) {
            held = new Held(leading.leadership(), UNLIMITED);
        } else if (event instanceof CandidacyEvent.SteppedDown) {
            held = null;
        }
        listenerExecutor.execute(() -> listener.accept(event));
    }

    /** Settings of a {@link Candidacy}. */
    public static final class Builder {
        private final String connectString;
        private final String path;
        private int sessionTimeoutMillis = 10_000;
        private byte[] content = new byte[0];
        private Consumer<CandidacyEvent> listener = event -> {};
        private @Nullable Executor executor;
        private Supplier<? extends @Nullable HostProvider> hosts = () -> null;

        private Builder(String connectString, String path) {
            PathUtils.validatePath(path);
            if (path.equals("/")) {
                throw new IllegalArgumentException("an election needs a path of its own, not /");
            }
            this.connectString = connectString;
            this.path = path;
        }

        /** Default 10 seconds; the servers may grant another. */
        public Builder sessionTimeout(Duration timeout) {
            sessionTimeoutMillis = Math.toIntExact(timeout.toMillis());
            return this;
        }

        /** What the candidate's znode holds, often {@code host:port}; default nothing. */
        public Builder content(String text) {
            content = text.getBytes(StandardCharsets.UTF_8);
            return this;
        }

        /** Told of every event, one at a time. It may block; until it returns, nothing more is told. */
        public Builder listener(Consumer<CandidacyEvent> listener) {
            this.listener = listener;
            return this;
        }

        /** Where the listener runs; by default on the candidacy's own thread, which it must then not block. */
        public Builder executor(Executor executor) {
            this.executor = executor;
            return this;
        }

        /**
         * Decides to which server the client connects, instead of a random order of the connect string. Asked once for
         * each new session.
         */
        public Builder hosts(Supplier<HostProvider> hosts) {
            this.hosts = hosts;
            return this;
        }

        private ZooKeeper newClient(Watcher watcher) throws IOException {
            HostProvider provider = hosts.get();
            return provider == null
                    ? new ZooKeeper(connectString, sessionTimeoutMillis, watcher)
                    : new ZooKeeper(connectString, sessionTimeoutMillis, watcher, false, provider);
        }

        /** Starts the candidacy. Servers need not be there yet. */
        public Candidacy start() {
            Candidacy candidacy = new Candidacy(this);
            candidacy.start();
            return candidacy;
        }
    }
}
