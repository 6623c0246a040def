package io.matriarch.core.zab;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.LeaderInfo;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.SessionTouch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A follower's or observer's side of one link to its leader, from LEADERINFO to the end of the link. Up to UPTODATE the
 * two differ in nothing; from then on an observer is told only what is committed, and acknowledges none of it (zab.md 15).
 *
 * <p>The order of zab.md R14 is kept by the lane and the gate: the leader's history is logged (or its snapshot
 * installed), then currentEpoch stored, and only when both are durable does the acknowledgement of NEWLEADER leave.
 */
public final class Learner {
    /** Packets kept while the tree is rebuilt from disk. More than a leader of ours sends before UPTODATE. */
    private static final int MAX_PACKETS_DURING_RELOAD = 100_000;

    private enum Phase {
        DISCOVERY,
        SYNCHRONIZATION,
        RELOADING,
        AWAITING_UPTODATE,
        /** Up to date, but the tree is ahead: what is in it above the cut is not known to be committed yet. */
        CATCHING_UP,
        BROADCAST
    }

    private final Zab zab;
    private final LinkId link;
    private final ServerId leader;
    private final ServerId master;
    private final Forwarding forwarding;
    private final Exit exit = new Exit();
    private final Deque<QuorumPacket> heldPackets = new ArrayDeque<>();

    private Phase phase = Phase.DISCOVERY;
    private long epoch;
    /** Capabilities; none of an Apache server. */
    private int leaderKnows;

    /** While broadcasting, if the leader knows how. */
    private @Nullable LearnerRollOver rollOver;

    private LearnerStage stage;
    private ProposalAcks acks;
    private String syncMethod = "";
    private long lastHeardNanos;
    /** What NEWLEADER carried: agreed with UPTODATE. */
    private @Nullable Configuration offered;
    /** What the leader told us to cut and we keep; null if there is no such thing, or it is committed. */
    private @Nullable KeptTail tail;

    private final PingEchoes echoes;
    private final LeaderWatch watch;
    private final TransferQuestions transfers;

    private @Nullable ObserverMaster observers;

    /**
     * @param leader who leads
     * @param master the server at the other end: the leader, or a follower that serves observers
     */
    public Learner(Zab zab, LinkId link, ServerId leader, ServerId master) {
        this.zab = zab;
        this.link = link;
        this.leader = leader;
        this.master = master;
        this.forwarding = new Forwarding(zab, link, master.equals(leader) ? leader : null);
        this.stage = new LearnerStage(zab, false);
        this.acks = new ProposalAcks(zab, link, false);
        this.lastHeardNanos = zab.now().nanos();
        this.transfers = new TransferQuestions(zab, link);
        this.echoes = new PingEchoes(zab, link, this::touches);
        this.watch = new LeaderWatch(zab, echoes);
    }

    /** What a learner of {@code leader} says first: its promise and its id (zab.md 7.1). */
    public static QuorumPacket learnerInfo(Zab zab, ServerId leader) {
        long configVersion = zab.membership().committed().version();
        LearnerInfo us = new LearnerInfo(zab.self(), LearnerInfo.PROTOCOL_VERSION, configVersion, zab.capabilities());
        long promised = Zxid.of(zab.epochs().promisedBefore(leader), 0).value();
        int type = zab.isObserver() ? PacketType.OBSERVERINFO : PacketType.FOLLOWERINFO;
        return new QuorumPacket(type, promised, us.encode(), null);
    }

    public LinkId link() {
        return link;
    }

    /** The server at the other end: the leader, or a follower that serves observers. */
    public ServerId learnerMaster() {
        return master;
    }

    /** The observers that are served here; null unless this is a follower that may, and is up to date. */
    public @Nullable ObserverMaster observers() {
        return observers;
    }

    private String who() {
        return (isAtMaster() ? "observer master " : "leader ") + master;
    }

    private boolean isAtMaster() {
        return !master.equals(leader);
    }

    /** The leader's epoch, from LEADERINFO on. */
    public long epoch() {
        return epoch;
    }

    public boolean isServing() {
        return phase == Phase.BROADCAST;
    }

    public String phaseName() {
        return switch (phase) {
            case DISCOVERY -> "discovery";
            case SYNCHRONIZATION, RELOADING, AWAITING_UPTODATE, CATCHING_UP -> "synchronization";
            case BROADCAST -> "broadcast";
        };
    }

    /** Why this server must look for a leader again; null while it need not. */
    public @Nullable String exitReason() {
        return exit.reason();
    }

    /** Whom the leader named in its place, or itself if only our role changed; null if somebody has to be elected. */
    public @Nullable ServerId successor() {
        return exit.successor();
    }

    /** Whether the leader named another one, and will propose nothing more. */
    public boolean isHandedOver() {
        return exit.isHandOver();
    }

    /** Asks the leader to let {@code server} lead. */
    public void transfer(ServerId server, TransferAsker asker) {
        if (phase == Phase.BROADCAST && (leaderKnows & Zab.TRANSFERS) != 0 && !exit.isDue()) {
            transfers.ask(server, asker);
        } else {
            asker.answered(
                    false, who() + " cannot be asked: it is Apache's or of an older release, or not followed yet");
        }
    }

    // --- what happens --------------------------------------------------------------------------------------------

    public void received(QuorumPacket packet) {
        lastHeardNanos = zab.now().nanos();
        try {
            dispatch(packet);
        } catch (MalformedException e) {
            exit.because(who() + " sent what cannot be: " + e.getMessage());
        }
    }

    public void snapshotPieceReceived(SnapshotPiece piece) {
        lastHeardNanos = zab.now().nanos();
        try {
            stage.snapshotPiece(piece);
        } catch (MalformedException e) {
            exit.because(who() + " sent a bad snapshot: " + e.getMessage());
        }
    }

    public void linkDown(String reason) {
        exit.because("lost " + who() + ": " + reason);
    }

    /** The tree was rebuilt after a TRUNC that reached below what was applied. */
    public void reloaded() {
        if (phase != Phase.RELOADING) {
            return;
        }
        if (!zab.history().isTrusted()) {
            exit.because("the log cannot be read any more after it was cut");
            return;
        }
        phase = Phase.SYNCHRONIZATION;
        takeOver();
        while (!heldPackets.isEmpty() && !exit.isDue()) {
            received(heldPackets.removeFirst());
        }
    }

    public void timePassed(Now now) {
        if (now.isAtOrAfter(silenceNanos())) {
            exit.because(who() + " was silent for " + now.millisSince(lastHeardNanos) + " ms");
        }
        watch.timePassed(now, exit);
    }

    public long deadlineNanos() {
        return Math.min(silenceNanos(), watch.deadlineNanos());
    }

    private long silenceNanos() {
        boolean isSynced = phase.compareTo(Phase.AWAITING_UPTODATE) >= 0;
        int limitMillis = isSynced ? zab.limits().syncMillis() : zab.limits().initMillis();
        return lastHeardNanos + limitMillis * 1_000_000L;
    }

    /** The role ends. */
    public void leave(String reason) {
        transfers.leave(reason);
        if (observers != null) {
            observers.leave(reason);
        }
        zab.close(link, reason);
        if (phase == Phase.BROADCAST) {
            zab.out().trace(new TraceEvent.LeaderLost(leader, zab.now().millisSince(lastHeardNanos), reason));
            if (!zab.rules().keepsDatabase()) {
                zab.history().reload(zab.out());
            }
        } else {
            stage.abandon();
        }
    }

    private void dispatch(QuorumPacket packet) {
        switch (phase) {
            case DISCOVERY -> discovery(packet);
            case SYNCHRONIZATION -> synchronization(packet);
            case RELOADING -> hold(packet);
            case AWAITING_UPTODATE -> awaitUpToDate(packet);
            case CATCHING_UP, BROADCAST -> broadcast(packet);
        }
    }

    private void hold(QuorumPacket packet) {
        if (heldPackets.size() == MAX_PACKETS_DURING_RELOAD) {
            exit.because(who() + " sent too much while the database was rebuilt");
        } else {
            heldPackets.addLast(packet);
        }
    }

    // --- discovery (zab.md 7.1) ----------------------------------------------------------------------------------

    private void discovery(QuorumPacket packet) {
        if (packet.type() != PacketType.LEADERINFO) {
            throw new MalformedException(PacketType.name(packet.type()) + " instead of LEADERINFO");
        }
        epoch = new Zxid(packet.zxid()).epoch();
        leaderKnows = LeaderInfo.decode(packet.data()).capabilities();
        acks = new ProposalAcks(zab, link, (leaderKnows & Zab.CUMULATIVE) != 0);
        forwarding.otherEndKnows(leaderKnows);
        stage = new LearnerStage(zab, (leaderKnows & Zab.CUTS_PRECISELY) != 0);
        Epochs epochs = zab.epochs();
        if (epoch < epochs.accepted()) {
            exit.because(who() + " offers epoch " + epoch + ", but " + epochs.accepted() + " is promised");
            return;
        }
        // R3: a history that is known to be incomplete is not counted. 7.1: neither is a promise made before.
        boolean isCounted =
                epoch > epochs.promisedBefore(leader) && zab.history().isTrusted();
        epochs.accept(epoch);
        int reported = isCounted ? (int) epochs.current() : AckEpoch.DO_NOT_COUNT;
        // A suspect tree is replaced only where that costs no vote: where we are not counted anyway.
        boolean isSnapshotWanted = !isCounted && zab.history().digestAlarm().isTreeSuspect();
        Zxid last =
                zab.history().isTrusted() && !isSnapshotWanted ? zab.history().lastLogged() : Zxid.NONE;
        zab.gate()
                .promise(new Effect.SendPacket(
                        link,
                        new QuorumPacket(PacketType.ACKEPOCH, last.value(), new AckEpoch(reported).encode(), null)));
        phase = Phase.SYNCHRONIZATION;
        zab.out().trace(new TraceEvent.PhaseEntered("synchronization", epoch));
    }

    // --- synchronization (zab.md 8) ------------------------------------------------------------------------------

    private void synchronization(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.DIFF, PacketType.TRUNC, PacketType.SNAP -> {
                boolean isWhole = packet.type() == PacketType.DIFF;
                if (isAtMaster() && !isWhole && zab.history().isCommittedAbove(new Zxid(packet.zxid()))) {
                    // Compat: Apache's follower cuts what it has not heard of yet; our clients have seen it.
                    exit.because(who() + " is behind what is known to be committed");
                    return;
                }
                stage.begin(packet);
                syncMethod = PacketType.name(packet.type());
            }
            case PacketType.PROPOSAL -> stage.propose(new Zxid(packet.zxid()), Proposal.in(packet));
            case PacketType.COMMIT, PacketType.COMMITANDACTIVATE -> stage.commit(new Zxid(packet.zxid()));
            case PacketType.INFORM, PacketType.INFORMANDACTIVATE -> stageInformed(packet);
            case PacketType.NEWLEADER -> newLeader(packet);
            default -> {} // Compat: anything else is ignored here (zab.md 3), PING above all
        }
    }

    private void newLeader(QuorumPacket packet) {
        if (packet.zxid() != Zxid.of(epoch, 0).value() || !stage.isComplete()) {
            throw new MalformedException(
                    "NEWLEADER " + new Zxid(packet.zxid()) + " before the history of epoch " + epoch);
        }
        Bytes configuration = packet.data();
        if (zab.configurations().mayChange() && configuration != null && configuration.length() > 1) {
            offered = Configurations.parse(configuration);
        }
        Zxid cut = stage.truncateTo();
        tail = KeptTail.of(zab, stage, epoch);
        boolean isLonger = cut != null && zab.history().lastLogged().isAfter(cut);
        if (tail == null && cut != null && (isLonger || !zab.rules().stagesCuts())) {
            if (!zab.history().canTruncate(cut)) {
                zab.history().distrust();
                exit.because("told to cut the log to " + cut + ", below our oldest snapshot; a snapshot is needed");
                return;
            }
            if (zab.history().truncate(cut) && zab.rules().rebuildsWhatWasCut()) {
                phase = Phase.RELOADING;
                zab.history().reload(zab.out());
                return;
            }
        }
        takeOver();
    }

    /** R14: the history first, then the epoch, then the word. */
    private void takeOver() {
        ZabRules rules = zab.rules();
        zab.configurations().seeNewer(offered); // in front of a snapshot that holds it
        stage.installSnapshot();
        if (!rules.storesEpochAfterHistory()) {
            zab.enter(epoch);
        }
        if (rules.logsHistoryBeforeAck()) {
            stage.logCommitted();
        }
        zab.configurations().see(offered); // older than what we saw, perhaps: then that was given up
        zab.enter(epoch);
        if (!rules.acknowledgesNewLeaderFirst()) {
            zab.history()
                    .pending()
                    .forEach(proposal -> zab.promiseAck(link, proposal.zxid().value()));
        }
        if (rules.acknowledgesWhenDurable()) {
            zab.promiseAck(link, Zxid.of(epoch, 0).value());
        } else {
            zab.send(link, PacketType.ACK, Zxid.of(epoch, 0).value(), null);
        }
        phase = Phase.AWAITING_UPTODATE;
    }

    private void awaitUpToDate(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PROPOSAL -> stage.propose(new Zxid(packet.zxid()), Proposal.in(packet));
            case PacketType.COMMIT, PacketType.COMMITANDACTIVATE -> stage.commit(new Zxid(packet.zxid()));
            case PacketType.INFORM, PacketType.INFORMANDACTIVATE -> stageInformed(packet);
            case PacketType.UPTODATE -> upToDate();
            default -> {}
        }
    }

    /** Compat: an Apache leader does not hold back what it commits before UPTODATE (zab.md 8.2, step 3). */
    private void stageInformed(QuorumPacket packet) {
        Zxid zxid = new Zxid(packet.zxid());
        stage.propose(zxid, Proposal.in(packet));
        stage.commit(zxid);
    }

    private void upToDate() {
        Activation activation = new Activation(zab, leader, exit);
        if (tail == null) {
            zab.history().commitAll(zab.now());
        } else {
            zab.history().commitThrough(zab.now(), tail.above());
        }
        zab.history().enterEpoch(epoch);
        zab.promiseAck(link, Zxid.of(epoch, 0).value());
        phase = Phase.CATCHING_UP;
        rollOver = (leaderKnows & Zab.ROLLS_OVER) != 0 ? new LearnerRollOver(zab, link, epoch) : null;
        zab.gate().onLogDurable(acks::durableThrough);
        while (!stage.uncommitted().isEmpty()) {
            logAndAck(stage.uncommitted().removeFirst());
        }
        commitThrough(stage.committed());
        if (offered != null && !isOnlyProposed(offered) && zab.configurations().commit(offered)) {
            zab.showConfig();
        }
        activation.end(null);
        serveIfCaughtUp();
    }

    /** Nothing is shown to clients that is not known to be committed. */
    private void serveIfCaughtUp() {
        if (exit.isDue() || (tail != null && tail.isAwaited())) {
            return;
        }
        phase = Phase.BROADCAST;
        tail = null;
        zab.out().trace(new TraceEvent.PhaseEntered("broadcast", epoch));
        zab.out()
                .trace(new TraceEvent.LearnerSynced(
                        zab.self(), syncMethod, zab.history().lastLogged()));
        if (zab.observers().isServed() && !zab.isObserver()) {
            observers = new ObserverMaster(zab, leader, epoch, forwarding);
            forwarding.onRevalidatedHere(observers::revalidatedHere);
        }
        zab.desk().serve(zab.now(), forwarding);
    }

    /**
     * Compat: an Apache leader that is asked meanwhile offers in NEWLEADER what is only proposed (zab.md 14); an observer is not
     * sent the proposal. What is agreed is as old as the epoch, or in what was committed here.
     */
    private boolean isOnlyProposed(Configuration configuration) {
        Zxid version = new Zxid(configuration.version());
        return version.isAfter(Zxid.of(epoch, 0))
                && version.isAfter(zab.history().tree().lastApplied());
    }

    // --- broadcast (zab.md 10.2) ---------------------------------------------------------------------------------

    /** Observers of ours have entered the epoch before, by name of this server; they come again for the next. */
    private void serveObserversAnew() {
        if (observers != null) {
            observers.leave("this server follows its leader into epoch " + epoch);
            observers = new ObserverMaster(zab, leader, epoch, forwarding);
            forwarding.onRevalidatedHere(observers::revalidatedHere);
        }
    }

    /** A piece of the log for an observer. */
    public void logRead(Event.LogRead read) {
        if (observers != null) {
            observers.logRead(read);
        }
    }

    private void broadcast(QuorumPacket packet) {
        LearnerRollOver way = rollOver;
        if (way != null && way.received(packet, exit)) {
            if (epoch != way.epoch()) {
                epoch = way.epoch();
                serveObserversAnew();
            }
        } else if (zab.isObserver()) {
            observe(packet);
        } else {
            follow(packet);
        }
    }

    private void follow(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PROPOSAL -> proposed(packet);
            case PacketType.COMMIT -> activating(() -> committed(new Zxid(packet.zxid()), null));
            case PacketType.COMMITANDACTIVATE -> activated(packet);
            default -> served(packet);
        }
    }

    /** Compat: what is only proposed is not for an observer; Apache's ignores it too. */
    private void observe(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.INFORM -> activating(() -> informed(packet));
            case PacketType.INFORMANDACTIVATE -> activated(packet);
            case PacketType.PROPOSAL, PacketType.COMMIT -> {}
            default -> served(packet);
        }
    }

    /** What every learner hears: pings, and answers to what it asked for its clients. */
    private void served(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PING -> pinged(packet);
            case PacketType.REVALIDATE -> forwarding.revalidated(packet);
            case PacketType.SYNC -> forwarding.synced(packet);
            case PacketType.TRANSFER -> transfers.received(packet, exit);
            default -> {} // Compat: unknown types are ignored (zab.md 3)
        }
    }

    private void pinged(QuorumPacket ping) {
        if (LeaderWatch.isHeartbeat(ping)) {
            watch.heard(ping);
        } else {
            echoes.send(ping.zxid());
        }
    }

    private List<SessionTouch> touches() {
        List<SessionTouch> ours = zab.desk().touches();
        if (observers != null) {
            ours.addAll(observers.touches());
        }
        return ours;
    }

    /** A configuration is agreed, and the leader names who leads from now on (zab.md 14). */
    private void activated(QuorumPacket packet) {
        Activation activation = new Activation(zab, leader, exit);
        ServerId designated = Activation.designatedIn(packet);
        if (packet.type() == PacketType.INFORMANDACTIVATE) {
            proposed(Activation.withoutDesignated(packet));
            zab.history().commitThrough(zab.now(), new Zxid(packet.zxid()));
        } else {
            committed(new Zxid(packet.zxid()), designated);
        }
        activation.end(designated);
    }

    /** What was held back until UPTODATE may be a configuration too, and then comes without a name for who leads. */
    private void activating(Runnable commit) {
        Activation activation = new Activation(zab, leader, exit);
        commit.run();
        activation.end(null);
    }

    private void proposed(QuorumPacket packet) {
        Zxid zxid = new Zxid(packet.zxid());
        Zxid last = zab.history().lastLogged();
        if (!zxid.isAfter(last)) {
            return; // R18: an Apache leader may use a zxid twice (D1)
        }
        if (!zab.history().isNext(zxid) && zab.rules().refusesGaps()) {
            throw new MalformedException("proposal " + zxid + " does not follow " + last); // R21
        }
        logAndAck(Proposal.in(packet));
    }

    /** INFORM: a proposal that a quorum has on disk already; ours follows when it may. */
    private void informed(QuorumPacket packet) {
        Zxid zxid = new Zxid(packet.zxid());
        proposed(packet);
        commitThrough(zxid);
    }

    private void logAndAck(Proposal proposal) {
        if (tail != null && tail.holds(proposal.zxid())) {
            zab.promiseAck(link, proposal.zxid().value());
            return;
        }
        if (!zab.isObserver()) {
            zab.history().append(proposal);
            acks.owe(proposal.zxid());
        } else if (zab.observers().isLogging()) {
            zab.history().append(proposal);
        } else {
            zab.history().keep(proposal);
        }
    }

    /** {@code designated} is who leads from now on, if this is a reconfiguration. */
    private void committed(Zxid zxid, @Nullable ServerId designated) {
        Proposal head = zab.history().pending().peekFirst();
        boolean isHead = head != null && head.zxid().equals(zxid);
        boolean isLogged = !zxid.isAfter(zab.history().lastLogged());
        boolean isInTree = tail != null && tail.isInTree(zxid);
        if (!isHead && !isInTree && !(acks.isCumulative() && isLogged)) {
            throw new MalformedException("commit of " + zxid + " out of order; next is "
                    + (head == null ? "nothing" : head.zxid().toString()));
        }
        if (observers == null) {
            commitThrough(zxid);
        } else {
            observers.inform(zxid, designated);
            commitThrough(zxid);
            observers.committed();
        }
        if (phase == Phase.CATCHING_UP) {
            serveIfCaughtUp();
        }
    }

    private void commitThrough(Zxid zxid) {
        if (zab.history().commitThrough(zab.now(), zxid) > 0) {
            zab.traceFirstCommit(zxid);
        }
        String why = zab.history().digestAlarm().learnerApplied(zab.history().tree(), epoch, zab.out());
        if (why != null) {
            exit.because(why);
        }
    }
}
