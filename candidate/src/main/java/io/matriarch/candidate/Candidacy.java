package io.matriarch.candidate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
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
    private final ElectionSession session;
    private final boolean isSessionOwn;
    private final SerialExecutor listenerExecutor;
    private final Consumer<CandidacyEvent> listener;
    private final Consumer<Leadership> overrun;
    private final Campaign campaign;
    private final ClientPort port;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final SessionKeeper.Follower follower = new SessionEvents();
    private final CampaignEffect.Handler effects = new Effects();

    /** Those who wait for the next leadership; used on the campaign's thread. */
    private final List<CompletableFuture<Leadership>> waiting = new ArrayList<>();

    private volatile @Nullable Lease held;
    private @Nullable ScheduledFuture<?> timer;

    Candidacy(CandidacyBuilder builder, ElectionSession session, boolean isSessionOwn) {
        this.session = session;
        this.isSessionOwn = isSessionOwn;
        listener = builder.listener();
        overrun = builder.overrun();
        campaign = new Campaign(builder.settings(isSessionOwn), UUID::randomUUID, System::nanoTime);
        port = builder.port(session.keeper(), this::happened);
        listenerExecutor =
                new SerialExecutor(builder.executorOr(session.keeper().thread()));
    }

    /**
     * Begins the settings of a candidacy with a session of its own.
     *
     * @param connectString servers as the Apache client takes them, {@code host:port,host:port}
     * @param path where the candidates' znodes are; made as a container if it is missing
     */
    public static CandidacyBuilder builder(String connectString, String path) {
        return new CandidacyBuilder(ElectionSession.builder(connectString), null, path);
    }

    static CandidacyBuilder on(ElectionSession session, String path) {
        return new CandidacyBuilder(null, session, path);
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

    void start() {
        session.execute(() -> session.keeper().follow(follower));
    }

    /** Takes an event on any thread. */
    private void happen(CampaignEvent event) {
        session.execute(() -> happened(event));
    }

    private void happened(CampaignEvent event) {
        for (CampaignEffect effect : List.copyOf(campaign.step(System.nanoTime(), event))) {
            effect.performOn(effects);
        }
        setTimer();
    }

    private void setTimer() {
        ScheduledFuture<?> previous = timer;
        if (previous != null) {
            previous.cancel(false);
        }
        long deadline = campaign.deadlineNanos();
        timer = deadline == Deadline.NEVER
                ? null
                : session.after(deadline - System.nanoTime(), () -> happened(new CampaignEvent.TimePassed()));
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
        if (!listenerExecutor.execute(() -> session.execute(task))) {
            // The listener's executor was shut down: nobody is left to wait for.
            session.execute(task);
        }
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
        ScheduledFuture<?> alarm = session.after(lease.timeToStop().toNanos(), () -> overrun.accept(lease));
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

    private final class Effects implements CampaignEffect.Handler {
        @Override
        public void on(CampaignEffect.CreateParent effect) {
            port.createParent(effect);
        }

        @Override
        public void on(CampaignEffect.CreateNode effect) {
            port.createNode(effect);
        }

        @Override
        public void on(CampaignEffect.FindOwn effect) {
            port.findOwn(effect);
        }

        @Override
        public void on(CampaignEffect.RenewSession effect) {
            session.keeper().renew();
        }

        @Override
        public void on(CampaignEffect.ListCandidates effect) {
            port.list(effect);
        }

        @Override
        public void on(CampaignEffect.ReadOwnNode effect) {
            port.readOwnNode(effect);
        }

        @Override
        public void on(CampaignEffect.ReadPredecessor effect) {
            port.readPredecessor(effect);
        }

        @Override
        public void on(CampaignEffect.Confirm effect) {
            port.confirm(effect);
        }

        @Override
        public void on(CampaignEffect.Withdraw effect) {
            afterListener(() -> withdraw(effect));
        }

        @Override
        public void on(CampaignEffect.Yield effect) {
            afterListener(() -> {
                if (session.keeper().hasClient()) {
                    port.makeWay(effect);
                }
            });
        }

        @Override
        public void on(CampaignEffect.Tell effect) {
            tell(effect.event());
        }

        @Override
        public void on(CampaignEffect.Finish effect) {
            afterListener(Candidacy.this::end);
        }
    }

    private final class SessionEvents implements SessionKeeper.Follower {
        @Override
        public void connected(long sessionId, int millis) {
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
}
