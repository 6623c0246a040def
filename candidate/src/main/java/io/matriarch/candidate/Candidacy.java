package io.matriarch.candidate;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.common.PathUtils;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * One candidate in an election among clients. It enters the election and stays in it, through lost connections and lost
 * sessions, until it is closed:
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
 * <p>A leadership ends by itself before another candidate can lead: see {@link Leadership}. The listener is told in order,
 * one event at a time; those who would rather ask use {@link #ifLeading}, {@link #nextLeadership} or
 * {@link #awaitLeadership}.
 */
public final class Candidacy implements AutoCloseable {
    private final Executor campaignThread;
    private final ElectionSession session;
    private final boolean isSessionOwn;
    private final SerialExecutor listenerExecutor;
    private final Consumer<CandidacyEvent> listener;
    private final Consumer<Leadership> overrun;
    private final Campaign campaign;
    private final ClientPort port;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final SessionKeeper.Follower follower = new SessionEvents();

    /** Those who wait for the next leadership; used on the campaign's thread. */
    private final List<CompletableFuture<Leadership>> waiting = new ArrayList<>();

    private volatile @Nullable Lease held;
    private int timeoutMillis;
    private @Nullable ScheduledFuture<?> timer;

    private Candidacy(Builder builder, ElectionSession session, boolean isSessionOwn) {
        this.session = session;
        this.isSessionOwn = isSessionOwn;
        listener = builder.listener;
        overrun = builder.overrun;
        timeoutMillis = session.requestedTimeoutMillis();
        campaign = new Campaign(builder.settings(isSessionOwn), UUID::randomUUID, System::nanoTime);
        port = new ClientPort(session.keeper(), builder.path, builder.content, builder.acl, this::happened);
        campaignThread = session.keeper().thread();
        listenerExecutor = new SerialExecutor(builder.executor == null ? campaignThread : builder.executor);
    }

    /**
     * Begins the settings of a candidacy with a session of its own.
     *
     * @param connectString servers as the Apache client takes them, {@code host:port,host:port}
     * @param path where the candidates' znodes are; made as a container if it is missing
     */
    public static Builder builder(String connectString, String path) {
        return new Builder(ElectionSession.builder(connectString), null, path);
    }

    static Builder on(ElectionSession session, String path) {
        return new Builder(null, session, path);
    }

    /** The leadership of this candidate, or empty if it does not lead, or no longer for certain. */
    public Optional<Leadership> leadership() {
        Lease current = held;
        return current != null && current.isCurrent() ? Optional.of(current) : Optional.empty();
    }

    /** Runs {@code action} if this candidate leads as it begins; says whether it did. */
    public boolean ifLeading(Runnable action) {
        Lease current = held;
        return current != null && current.ifLeading(action);
    }

    /**
     * Complete as soon as this candidate leads, at once if it does. Fails with IllegalStateException when the candidacy is
     * closed before that. Stages that are added run on the candidacy's own thread, and must not block it.
     */
    public CompletableFuture<Leadership> nextLeadership() {
        CompletableFuture<Leadership> next = new CompletableFuture<>();
        session.execute(() -> {
            Lease current = held;
            if (current != null && current.isCurrent()) {
                next.complete(current);
            } else if (campaign.isFinished()) {
                next.completeExceptionally(new IllegalStateException("the candidacy is closed"));
            } else {
                waiting.add(next);
            }
        });
        return next;
    }

    /**
     * Waits until this candidate leads; empty if that took longer than {@code patience}.
     *
     * @throws IllegalStateException if the candidacy was closed
     */
    public Optional<Leadership> awaitLeadership(Duration patience) throws InterruptedException {
        CompletableFuture<Leadership> next = nextLeadership();
        try {
            return Optional.of(next.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            next.cancel(false);
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the candidacy is closed", e);
        }
    }

    /** Stops leading, or gives the place in the line up, and stands again at its end. */
    public void resign() {
        resign(Duration.ZERO);
    }

    /** As {@link #resign()}, but stands again only after {@code rest}; for a leader that found that it cannot do its work. */
    public void resign(Duration rest) {
        happen(new CampaignEvent.ResignRequested(rest.toNanos()));
    }

    /**
     * Steps down so that {@code candidate} leads next. Those between the two keep their places behind it, in a new order.
     *
     * @param candidate the name or path of a znode that waits under the same path; if it is none, the listener is told
     *     {@link CandidacyEvent.Troubled} and this candidate goes on leading
     */
    public void stepAsideFor(String candidate) {
        happen(new CampaignEvent.StepAsideRequested(candidate));
    }

    /**
     * Leaves the election: steps down, lets the listener finish, then takes the znode back. Waits for that at most the
     * session timeout, and not at all inside the listener.
     */
    @Override
    public void close() {
        CompletableFuture<Void> ended = closeAsync();
        if (listenerExecutor.isCurrent()
                || session.isThread()
                || Thread.currentThread().isInterrupted()) {
            return;
        }
        try {
            ended.get(session.requestedTimeoutMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // It goes on in the background; the session ends by its timeout at the latest.
        }
    }

    /** Leaves the election without waiting; complete once the znode is gone, or the session that it goes with. */
    public CompletableFuture<Void> closeAsync() {
        happen(new CampaignEvent.CloseRequested());
        return closed;
    }

    /** Complete once the candidacy has ended, for whatever reason. */
    public CompletableFuture<Void> whenClosed() {
        return closed.copy();
    }

    private void start() {
        session.execute(() -> session.keeper().follow(follower));
    }

    /** Takes an event on any thread. */
    private void happen(CampaignEvent event) {
        session.execute(() -> happened(event));
    }

    private void happened(CampaignEvent event) {
        for (CampaignEffect effect : List.copyOf(campaign.step(System.nanoTime(), event))) {
            perform(effect);
        }
        setTimer();
    }

    private void setTimer() {
        ScheduledFuture<?> previous = timer;
        if (previous != null) {
            previous.cancel(false);
        }
        long deadline = campaign.deadlineNanos();
        timer = deadline == Campaign.NEVER
                ? null
                : session.after(deadline - System.nanoTime(), () -> happened(new CampaignEvent.TimePassed()));
    }

    private void perform(CampaignEffect effect) {
        if (effect instanceof CampaignEffect.CreateParent e) {
            port.createParent(e);
        } else if (effect instanceof CampaignEffect.CreateNode e) {
            port.createNode(e);
        } else if (effect instanceof CampaignEffect.FindOwn e) {
            port.findOwn(e);
        } else if (effect instanceof CampaignEffect.RenewSession) {
            session.keeper().renew();
        } else if (effect instanceof CampaignEffect.ListCandidates e) {
            port.list(e);
        } else if (effect instanceof CampaignEffect.ReadOwnNode e) {
            port.readOwnNode(e);
        } else if (effect instanceof CampaignEffect.ReadPredecessor e) {
            port.readPredecessor(e);
        } else if (effect instanceof CampaignEffect.Confirm e) {
            port.confirm(e);
        } else if (effect instanceof CampaignEffect.Withdraw e) {
            afterListener(() -> withdraw(e));
        } else if (effect instanceof CampaignEffect.Yield e) {
            afterListener(() -> {
                if (session.keeper().hasClient()) {
                    port.makeWay(e);
                }
            });
        } else if (effect instanceof CampaignEffect.Tell e) {
            tell(e.event());
        } else if (effect instanceof CampaignEffect.Finish) {
            afterListener(this::end);
        }
    }

    private void withdraw(CampaignEffect.Withdraw effect) {
        if (effect.isLast() && isSessionOwn) {
            session.keeper().close();
            happened(new CampaignEvent.Withdrawn(effect.generation(), Code.OK));
        } else if (session.keeper().hasClient()) {
            port.withdraw(effect);
        }
    }

    /** On the campaign's thread, once the listener has returned from everything told so far. */
    private void afterListener(Runnable task) {
        listenerExecutor.execute(() -> session.execute(task));
    }

    private void end() {
        session.keeper().leave(follower);
        waiting.forEach(next -> next.completeExceptionally(new IllegalStateException("the candidacy is closed")));
        waiting.clear();
        if (isSessionOwn) {
            session.shutdown();
        }
        closed.complete(null);
    }

    private void tell(CandidacyEvent event) {
        if (event instanceof CandidacyEvent.Leading leading) {
            Lease granted = (Lease) leading.leadership();
            held = granted;
            List.copyOf(waiting).forEach(next -> next.complete(granted));
            waiting.clear();
        } else if (event instanceof CandidacyEvent.SteppedDown down) {
            held = null;
            watchOver((Lease) down.leadership(), event);
            return;
        }
        listenerExecutor.execute(() -> listener.accept(event));
    }

    /** Tells the listener to step down, and the overrun, if another candidate may lead before the listener returned. */
    private void watchOver(Lease lease, CandidacyEvent event) {
        long safeNanos = lease.untilNanos() + Lease.graceNanos(timeoutMillis) - System.nanoTime();
        ScheduledFuture<?> alarm = session.after(Math.max(0, safeNanos), () -> overrun.accept(lease));
        listenerExecutor.execute(() -> {
            try {
                listener.accept(event);
            } finally {
                if (alarm != null) {
                    alarm.cancel(false);
                }
            }
        });
    }

    private final class SessionEvents implements SessionKeeper.Follower {
        @Override
        public void connected(long sessionId, int millis) {
            timeoutMillis = millis;
            happened(new CampaignEvent.Connected(sessionId, millis));
        }

        @Override
        public void disconnected() {
            happened(new CampaignEvent.Disconnected());
        }

        @Override
        public void expired() {
            happened(new CampaignEvent.SessionExpired());
        }

        @Override
        public void closed() {
            happened(new CampaignEvent.SessionExpired());
            happened(new CampaignEvent.CloseRequested());
            end(); // the session's thread ends, too, so that nobody can wait for the listener
        }

        @Override
        public void openFailed(String cause) {
            tell(new CandidacyEvent.Troubled("cannot make a client: " + cause + "; trying again"));
        }
    }

    /** Settings of a {@link Candidacy}. */
    public static final class Builder {
        private final ElectionSession.@Nullable Builder ownSession;
        private final @Nullable ElectionSession sharedSession;
        private final String path;
        private Layout layout = Layout.MATRIARCH;
        private int priority;
        private boolean isPreemptible;
        private Aim aim = Aim.LEAD;
        private Predicate<String> blocks = Settings.ALL;
        private byte[] content = new byte[0];
        private List<ACL> acl = ZooDefs.Ids.OPEN_ACL_UNSAFE;
        private Consumer<CandidacyEvent> listener = event -> {};
        private Consumer<Leadership> overrun = leadership -> {};
        private @Nullable Executor executor;

        private Builder(
                ElectionSession.@Nullable Builder ownSession, @Nullable ElectionSession sharedSession, String path) {
            PathUtils.validatePath(path);
            if (path.equals("/")) {
                throw new IllegalArgumentException("an election needs a path of its own, not /");
            }
            this.ownSession = ownSession;
            this.sharedSession = sharedSession;
            this.path = path;
        }

        /** Default 10 seconds; the servers may grant another. Only for a candidacy with a session of its own. */
        public Builder sessionTimeout(Duration timeout) {
            own("sessionTimeout").sessionTimeout(timeout);
            return this;
        }

        /**
         * Decides to which server the client connects, instead of a random order of the connect string. Asked once for
         * each new session. Only for a candidacy with a session of its own.
         */
        public Builder hosts(Supplier<HostProvider> hosts) {
            own("hosts").hosts(hosts);
            return this;
        }

        private ElectionSession.Builder own(String setting) {
            ElectionSession.Builder builder = ownSession;
            if (builder == null) {
                throw new IllegalStateException(setting + " is a setting of the ElectionSession that is shared");
            }
            return builder;
        }

        /** What the candidate's znode holds, often {@code host:port}; default nothing. */
        public Builder content(String text) {
            return content(text.getBytes(StandardCharsets.UTF_8));
        }

        /** What the candidate's znode holds; default nothing. */
        public Builder content(byte[] bytes) {
            content = bytes.clone();
            return this;
        }

        /** Who may do what with the znodes that are made; default everybody everything. */
        public Builder acl(List<ACL> entries) {
            acl = List.copyOf(entries);
            return this;
        }

        /** How the candidates under the path are named; default {@link Layout#MATRIARCH}. */
        public Builder layout(Layout names) {
            layout = names;
            return this;
        }

        /**
         * 0 to 9999, default 0. A candidate whose turn it is, and who sees one of higher priority in the line, goes behind it.
         *
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder priority(int value) {
            if (value < 0 || value > Layout.MAX_PRIORITY) {
                throw new IllegalArgumentException("a priority is 0 to " + Layout.MAX_PRIORITY + ", not " + value);
            }
            priority = value;
            return this;
        }

        /** Lets a leader step down when a candidate of higher priority comes; default it leads on. */
        public Builder preemptible(boolean value) {
            isPreemptible = value;
            return this;
        }

        Builder aim(Aim value, Predicate<String> whoBlocks) {
            aim = value;
            blocks = whoBlocks;
            return this;
        }

        /** Told of every event, one at a time. It may block; until it returns, nothing more is told. */
        public Builder listener(Consumer<CandidacyEvent> listener) {
            this.listener = listener;
            return this;
        }

        /**
         * Called when the listener has not returned from {@link CandidacyEvent.SteppedDown} although another candidate may
         * lead from now on: a quarter of the session timeout after the leadership ended. The last means, such as halting the
         * process. Runs on the candidacy's own thread.
         */
        public Builder overrun(Consumer<Leadership> lastMeans) {
            this.overrun = lastMeans;
            return this;
        }

        /** Where the listener runs; by default on the candidacy's own thread, which it must then not block. */
        public Builder executor(Executor executor) {
            this.executor = executor;
            return this;
        }

        private Settings settings(boolean isSessionOwn) {
            if (priority != 0 && !layout.isProtected()) {
                throw new IllegalArgumentException("names of layout " + layout + " have no place for a priority");
            }
            return new Settings(path, layout, priority, isPreemptible, aim, isSessionOwn, blocks);
        }

        /** Starts the candidacy. Servers need not be there yet. */
        public Candidacy start() {
            ElectionSession shared = sharedSession;
            Candidacy candidacy = shared == null
                    ? new Candidacy(this, own("session").start(), true)
                    : new Candidacy(this, shared, false);
            candidacy.start();
            return candidacy;
        }
    }
}
