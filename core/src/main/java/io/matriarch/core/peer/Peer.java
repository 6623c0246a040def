package io.matriarch.core.peer;

import io.matriarch.core.election.Election;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Membership;
import io.matriarch.core.quorum.Oracle;
import io.matriarch.core.request.ClientDesk;
import io.matriarch.core.request.ClientFigures;
import io.matriarch.core.request.DeskConfig;
import io.matriarch.core.session.LocalSessions;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.zab.Configurations;
import io.matriarch.core.zab.DurabilityGate;
import io.matriarch.core.zab.Epochs;
import io.matriarch.core.zab.History;
import io.matriarch.core.zab.ObserverMaster;
import io.matriarch.core.zab.Snapshots;
import io.matriarch.core.zab.Zab;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One server of an ensemble (or a standalone one) without its shell.
 *
 * <p>{@link #step} is the only way in: one event at a time, from one thread. It answers with the effects that the host
 * must begin in that order. Given the same recovered state, seed, instants and events, the effects are the same to the
 * byte. Nothing here touches a socket, a file, a clock, a thread or chance of its own.
 *
 * <p>The role says what to do with an event; {@link #become} is the only door from one role to another.
 */
public final class Peer {
    private final PeerConfig config;
    private final List<Effect> effects = new ArrayList<>();
    private final List<Effect> effectsView = Collections.unmodifiableList(effects);
    private final Dispatch dispatch = new Dispatch();

    private final DurabilityGate gate;
    private final Epochs epochs;
    private final History history;
    private final ClientDesk desk;
    private final Zab zab;
    private final Election election;
    private final Snapshots snapshots;
    private final LearnerMasters masters;
    private final @Nullable OracleWatch oracle;

    private Now now;
    private @Nullable Role role;
    private boolean isHalted;
    /** Asked to stop, and handing over first. */
    private boolean isStopping;

    /**
     * @param recovered what storage found on disk
     * @param seed of all chance in this server: jitter, snapshot intervals
     * @param now the instant of the start
     */
    public Peer(PeerConfig config, Recovered recovered, long seed, Now now) {
        this.config = config;
        this.now = now;
        Random root = new Random(seed);
        Oracle word = config.hasOracle() ? new Oracle() : null;
        Membership membership = config.membership(word);
        oracle = word == null ? null : new OracleWatch(word, membership.active(), this::emit);
        gate = new DurabilityGate(this::emit);
        epochs = new Epochs(gate, recovered.acceptedEpoch(), recovered.currentEpoch());
        desk = new ClientDesk(deskConfig(config), recovered.tree(), this::emit);
        Configurations configurations = new Configurations(membership, config.reconfig(), gate);
        history = new History(gate, desk, configurations, recovered, config.replication());
        zab = new Zab(
                config.self(),
                config.standing(),
                configurations,
                config.limits(),
                config.tuning().zabRules(),
                config.observers(),
                this::emit,
                gate,
                epochs,
                history,
                desk,
                now);
        election = new Election(
                config.self(),
                membership,
                config.tuning().electionTiming(),
                config.tuning().electionRules(),
                this::emit,
                new Random(root.nextLong()));
        snapshots = new Snapshots(zab, config.snapCount(), config.snapSizeBytes(), new Random(root.nextLong()));
        masters = new LearnerMasters(zab, new Random(root.nextLong()));
        zab.showConfig();
    }

    private static DeskConfig deskConfig(PeerConfig config) {
        DeskConfig desk = DeskConfig.of(
                config.self(), config.tickMillis(), config.minSessionTimeoutMillis(), config.maxSessionTimeoutMillis());
        DeskConfig withSuper = desk.withAccess(config.superDigest(), config.znodes())
                .withRules(config.tuning().requestRules());
        return config.isStandalone()
                ? withSuper
                : withSuper.withSessions(config.sessionRules(), LocalSessions.MAX_SESSIONS);
    }

    /**
     * Takes one event.
     *
     * @return the effects, in the order in which they must be begun; valid until the next step
     * @throws IllegalStateException if an invariant is broken: the host stops the server with its message
     */
    public List<Effect> step(Now instant, Event event) {
        effects.clear();
        now = instant;
        if (isHalted) {
            return effectsView;
        }
        zab.at(instant);
        if (role == null) {
            become(looking("start", 0), "start");
        }
        event.deliverTo(dispatch);
        settle();
        if (oracle != null && role != null) {
            oracle.stepped(now, role.isAlone());
        }
        if (role != null && isServing()) {
            snapshots.beginIfDue();
        }
        checkInvariants();
        return effectsView;
    }

    /** The next instant, in nanoseconds of {@link Now#nanos}, at which TimePassed must be stepped. */
    public long deadlineNanos() {
        long roleDeadline = role == null ? now.nanos() : role.deadlineNanos();
        long oracleDeadline = oracle == null ? Long.MAX_VALUE : oracle.deadlineNanos();
        return Math.min(Math.min(roleDeadline, desk.deadlineNanos()), oracleDeadline);
    }

    /** The tree as it is now; to be read only, between steps. */
    public DataTree tree() {
        return history.tree();
    }

    public PeerStatus status() {
        Role current = role;
        PeerState state = current == null ? PeerState.LOOKING : current.state();
        Leading leading = current instanceof Leading l ? l : null;
        Following following = current instanceof Following f ? f : null;
        DataTree tree = history.tree();
        ClientFigures clients = desk.figures();
        return new PeerStatus(
                config.self(),
                state,
                phase(leading, following),
                config.isStandalone(),
                isServing(),
                desk.isReadOnly(),
                leading != null ? config.self() : following != null ? following.leader() : null,
                following == null ? null : following.learner().learnerMaster(),
                election.round(),
                epochs.accepted(),
                epochs.current(),
                history.lastLogged(),
                history.lastCommitted(),
                tree.lastApplied(),
                tree.nodeCount(),
                clients.watchCount(),
                tree.ephemeralCount(),
                tree.sessionCount(),
                clients.localSessionCount(),
                tree.approximateDataBytes(),
                leading == null ? 0 : leading.leader().learners(),
                leading == null ? 0 : leading.leader().syncedFollowers(),
                syncedObservers(leading, following),
                history.pendingCount(),
                leading == null ? 0 : leading.leader().pendingSyncs(),
                zab.membership().committed(),
                history.digestMismatches(),
                clients.stats());
    }

    /** What operators look at in detail. */
    public Inspection inspection() {
        return new Inspection(
                desk.figures(),
                history.tree(),
                role instanceof Leading leading ? leading.leader().sessions() : null);
    }

    private static String phase(@Nullable Leading leading, @Nullable Following following) {
        if (leading != null) {
            return leading.leader().phaseName();
        }
        return following != null ? following.learner().phaseName() : "election";
    }

    private static int syncedObservers(@Nullable Leading leading, @Nullable Following following) {
        if (leading != null) {
            return leading.leader().syncedObservers();
        }
        ObserverMaster observers =
                following == null ? null : following.learner().observers();
        return observers == null ? 0 : observers.syncedObservers();
    }

    private boolean isServing() {
        Role current = role;
        return (current instanceof Leading l && l.leader().isEstablished())
                || (current instanceof Following f && f.learner().isServing());
    }

    // --- the one door from role to role --------------------------------------------------------------------------

    /** Lets the role go as often as it says that another must follow. */
    private void settle() {
        for (int changes = 0; role != null && !isHalted; changes++) {
            Role.Next next = role.next();
            if (isStopping && !(next instanceof Role.Next.Stay)) {
                stop();
                return;
            }
            if (next instanceof Role.Next.Stay) {
                return;
            }
            if (changes > 100) {
                throw new IllegalStateException("server " + config.self() + " does not settle in a role: " + next);
            }
            if (next instanceof Role.Next.Look look) {
                become(looking(look.reason(), masters.electionDelayMillis()), look.reason());
            } else if (next instanceof Role.Next.Succeed succeed) {
                become(new Succession(zab, election, masters, succeed.leader(), succeed.reason()), succeed.reason());
            } else if (next instanceof Role.Next.Follow follow) {
                become(follow.role(), follow.reason());
            } else if (next instanceof Role.Next.Lead lead) {
                become(lead.role(), lead.reason());
            }
        }
    }

    private Looking looking(String trigger, long delayMillis) {
        return new Looking(zab, election, masters, trigger, delayMillis);
    }

    void become(Role next, String reason) {
        PeerState from = role == null ? PeerState.LOOKING : role.state();
        PeerState to = next.state();
        boolean isMove = role == null || (from == PeerState.LOOKING) != (to == PeerState.LOOKING);
        boolean hasFailed = role instanceof Succession && next instanceof Looking;
        if (!(isMove || hasFailed) || !isOpen(to)) {
            throw new IllegalStateException("server " + config.self() + " cannot go from " + from + " to " + to);
        }
        if (role != null) {
            role.leave(reason);
            emit(new Effect.Trace(new TraceEvent.RoleChanged(from, to, reason)));
        }
        role = next;
        if (oracle != null) {
            oracle.entered(next.isAlone());
        }
        next.enter(now);
        if (to == PeerState.LEADING && !zab.rules().snapshotsOnlyWhatIsCommitted()) {
            snapshots.begin();
        }
    }

    /** Looking is for everybody, leading and following for participants, observing for observers. */
    private boolean isOpen(PeerState state) {
        return switch (state) {
            case LOOKING -> true;
            case LEADING, FOLLOWING -> !zab.isObserver();
            case OBSERVING -> zab.isObserver();
        };
    }

    private void emit(Effect effect) {
        effects.add(effect);
    }

    private void stop() {
        if (role != null && !isHalted) {
            role.leave("this server stops");
            halt("asked to stop", true);
        }
    }

    private void halt(String reason, boolean isClean) {
        isHalted = true;
        emit(new Effect.Halt(reason, isClean));
    }

    /** Cheap enough to hold after every step (zab.md 18.12, election.md 8.9). */
    private void checkInvariants() {
        if (epochs.current() > epochs.accepted()) {
            throw new IllegalStateException(
                    "currentEpoch " + epochs.current() + " is above acceptedEpoch " + epochs.accepted());
        }
        if (history.lastLogged().epoch() > epochs.accepted()) {
            throw new IllegalStateException(
                    "logged " + history.lastLogged() + " without having accepted its epoch, only " + epochs.accepted());
        }
        if (history.lastCommitted().isAfter(history.lastLogged())) {
            throw new IllegalStateException(
                    "committed " + history.lastCommitted() + " without having logged it, only " + history.lastLogged());
        }
    }

    /** Sends each kind of event to who takes it. */
    private final class Dispatch implements Event.Handler {
        private Role role() {
            Role current = role;
            if (current == null) {
                throw new IllegalStateException("no role");
            }
            return current;
        }

        @Override
        public void on(Event.TimePassed event) {
            role().timePassed(now);
            desk.tick(now);
        }

        @Override
        public void on(Event.NotificationReceived event) {
            ServerId from = event.from();
            if (!from.equals(config.self())) {
                if (role().state() != PeerState.LOOKING && !zab.rules().adoptsOnlyWhileLooking()) {
                    ToldConfiguration.adopt(zab, event.notification());
                }
                role().notified(now, from, event.notification());
            }
        }

        @Override
        public void on(Event.ElectionLinkUp event) {
            role().electionLinkUp(event.peer());
        }

        @Override
        public void on(Event.ElectionLinkDown event) {
            // A lost election link says nothing by itself: a refused redial does.
        }

        @Override
        public void on(Event.PeerRefused event) {
            role().refused(now, event.peer());
        }

        @Override
        public void on(Event.LeaderLinkUp event) {
            role().leaderLinkUp(event.link());
        }

        @Override
        public void on(Event.LearnerLinkUp event) {
            role().learnerLinkUp(event.link(), event.address());
        }

        @Override
        public void on(Event.PacketReceived event) {
            role().received(event.link(), event.packet());
        }

        @Override
        public void on(Event.SnapshotPieceReceived event) {
            role().snapshotPieceReceived(event.link(), event.piece());
        }

        @Override
        public void on(Event.LinkWritable event) {
            role().linkWritable(event.link());
        }

        @Override
        public void on(Event.LinkDown event) {
            if (!desk.linkDown(now, event.link())) {
                role().linkDown(now, event.link(), event.reason());
            }
        }

        @Override
        public void on(Event.ClientLinkUp event) {
            desk.clientUp(now, event.link(), event.address());
        }

        @Override
        public void on(Event.ClientFrame event) {
            desk.clientFrame(now, event.link(), event.frame());
        }

        @Override
        public void on(Event.Stored event) {
            gate.stored(event.ticket());
        }

        @Override
        public void on(Event.SnapshotPieceWritten event) {
            snapshots.pieceWritten(event.snapshotId());
        }

        @Override
        public void on(Event.SnapshotFinished event) {
            emit(new Effect.Trace(new TraceEvent.SnapshotTaken(event.zxid(), true)));
        }

        @Override
        public void on(Event.LogRead event) {
            role().logRead(event);
        }

        @Override
        public void on(Event.Reloaded event) {
            history.reloaded(now, event.recovered());
            zab.showConfig();
            role().reloaded();
        }

        @Override
        public void on(Event.StorageFailed event) {
            halt(event.what(), false);
        }

        @Override
        public void on(Event.OracleAnswered event) {
            if (oracle != null) {
                oracle.answered(now, event.isYes());
                role().oracleAnswered(now);
            }
        }

        @Override
        public void on(Event.TransferRequested event) {
            long ticket = event.ticket();
            role().transfer(
                            event.server(),
                            false,
                            (isDone, text) -> emit(new Effect.TransferAnswered(ticket, isDone, text)));
        }

        @Override
        public void on(Event.StopRequested event) {
            if (isStopping) {
                stop();
                return;
            }
            isStopping = true;
            role().transfer(null, true, (isDone, text) -> {
                if (!isDone) {
                    stop();
                }
            });
        }
    }
}
