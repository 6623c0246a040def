package io.matriarch.core.zab;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.session.SessionTracker;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.LeaderInfo;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import org.jspecify.annotations.Nullable;

/**
 * A leader from the moment it is elected: it finds an epoch nobody used (discovery), brings a quorum to its history
 * (synchronization), and then proposes (broadcast, in {@link Broadcast}).
 *
 * <p>A server that a quorum elected claims nothing until its NEWLEADER is acknowledged by a quorum: until then {@link
 * #isEstablished()} is false.
 */
public final class Leader {
    private enum Phase {
        DISCOVERY,
        EPOCH_ACKS,
        SYNCHRONIZATION,
        BROADCAST
    }

    private final Zab zab;
    private final Exit exit = new Exit();
    private final LearnerLinks links;
    private final Support support;
    private final long electedNanos;
    private final long historyEpoch;
    private final Zxid historyEnd;

    private Phase phase = Phase.DISCOVERY;
    private long phaseSinceNanos;
    private long phaseDeadlineNanos;
    private long epoch;
    private @Nullable Synchronization synchronization;
    private @Nullable Broadcast broadcast;
    private @Nullable EpochRollOver rollOver;
    private long nextPingNanos;

    /** @param isExpected whether every voter has just been heard, so that all of them will come if nothing happens */
    public Leader(Zab zab, boolean isExpected) {
        this.zab = zab;
        this.links = new LearnerLinks(zab, this::gone);
        this.support = new Support(zab, isExpected);
        this.electedNanos = zab.now().nanos();
        this.historyEpoch = zab.epochs().current();
        this.historyEnd = zab.history().lastLogged();
        this.epoch = zab.epochs().promisedBefore(zab.self()) + 1;
        enter(Phase.DISCOVERY);
    }

    /** Our own promise counts like any other. */
    public void start() {
        zab.out().trace(new TraceEvent.PhaseEntered("discovery", epoch));
        support.add(zab.self());
        settleEpochIfQuorum();
    }

    public boolean isEstablished() {
        return phase == Phase.BROADCAST;
    }

    public long epoch() {
        return epoch;
    }

    public String phaseName() {
        return switch (phase) {
            case DISCOVERY, EPOCH_ACKS -> "discovery";
            case SYNCHRONIZATION -> "synchronization";
            case BROADCAST -> "broadcast";
        };
    }

    public int learners() {
        return links.count();
    }

    /** The clocks of the sessions that all servers know; null before it proposes. */
    public @Nullable SessionTracker sessions() {
        return broadcast == null ? null : broadcast.sessions();
    }

    public int syncedFollowers() {
        return links.count(link -> link.isActive() && isVoter(link));
    }

    /** Syncs of clients, our own and those of learners, that are not answered yet. */
    public int pendingSyncs() {
        return broadcast == null ? 0 : broadcast.pendingSyncs();
    }

    /** Observers that get everything as it is committed. */
    public int syncedObservers() {
        return links.count(link -> link.isActive() && link.isObserver);
    }

    /** Why leadership must be given up; null while it need not. */
    public @Nullable String exitReason() {
        return exit.reason();
    }

    /** Who leads instead of us; null if somebody has to be elected. */
    public @Nullable ServerId successor() {
        return exit.successor();
    }

    // --- links ---------------------------------------------------------------------------------------------------

    public void linkUp(LinkId link, String address) {
        links.up(link, address);
    }

    /** A link ended: what it held is released. */
    public void linkDown(LinkId id, String reason) {
        links.down(id, reason);
    }

    public void linkWritable(LinkId id) {
        LearnerLink link = links.get(id);
        if (link != null && synchronization != null) {
            link.lastHeardNanos = zab.now().nanos(); // whoever takes a long snapshot is not silent
            if (phase == Phase.SYNCHRONIZATION && isVoter(link)) {
                awaitQuorum(); // nor is a quorum that comes of it out of reach: another leader would begin anew
            }
            synchronization.linkWritable(link);
            if (synchronization.isOverrun(link)) {
                links.drop(link, "the log moved on too far while " + link.who() + " took a snapshot");
            }
        }
    }

    /** A piece of the log that a learner's synchronization asked for. */
    public void logRead(Event.LogRead read) {
        LearnerLink link = links.get(new LinkId(read.readId()));
        if (link != null && synchronization != null) {
            String why = synchronization.logRead(link, read);
            if (why != null) {
                links.drop(link, why);
            }
        }
    }

    public void received(LinkId id, QuorumPacket packet) {
        LearnerLink link = links.get(id);
        if (link == null) {
            return;
        }
        link.lastHeardNanos = zab.now().nanos();
        try {
            dispatch(link, packet);
        } catch (MalformedException e) {
            links.drop(link, link.who() + " sent what cannot be: " + e.getMessage());
        }
    }

    private void gone(LearnerLink link) {
        if (synchronization != null) {
            synchronization.release(link);
        }
        if (broadcast != null) {
            broadcast.linkDropped(link);
        }
    }

    private void dispatch(LearnerLink link, QuorumPacket packet) {
        switch (link.state) {
            case CONNECTED -> learnerInfo(link, packet);
            case AWAITING_ACKEPOCH -> ackEpoch(link, packet);
            case AWAITING_NEWLEADER_ACK -> newLeaderAck(link, packet);
            case ACKED -> {} // nothing but answers to pings can come
            case ACTIVE -> {
                boolean isTaken = rollOver != null && rollOver.received(link, packet);
                if (!isTaken && broadcast != null) {
                    broadcast.received(link, packet);
                }
            }
            case AWAITING_EPOCH, AWAITING_HISTORY, READING_LOG, SENDING_SNAPSHOT ->
                throw new MalformedException(PacketType.name(packet.type()) + " while nothing was asked");
        }
    }

    // --- discovery (zab.md 7.2) ----------------------------------------------------------------------------------

    private void learnerInfo(LearnerLink link, QuorumPacket packet) {
        if (packet.type() != PacketType.FOLLOWERINFO && packet.type() != PacketType.OBSERVERINFO) {
            throw new MalformedException(PacketType.name(packet.type()) + " instead of FOLLOWERINFO or OBSERVERINFO");
        }
        long promised = new Zxid(packet.zxid()).epoch();
        if (promised >= Epochs.LAST) {
            throw new MalformedException("promised epoch " + promised + " leaves none to lead");
        }
        link.introduce(packet, zab.membership().committed().version());
        if (!links.isNewest(link)) {
            return;
        }
        link.state = LearnerLink.State.AWAITING_EPOCH;
        support.came(link.sid, isVoter(link));
        if (phase == Phase.DISCOVERY) {
            epoch = Math.max(epoch, promised + 1);
            if (isVoter(link)) {
                support.add(link.sid);
            }
            settleEpochIfQuorum();
        } else if (rollOver != null && promised <= rollOver.epoch()) {
            return; // it is told the next epoch when that begins
        } else if (isVoter(link) && promised > epoch) {
            // R4: it can never join this epoch. An election costs less than being one server short for good.
            exit.because(link.who() + " promised epoch " + promised + ", above ours, " + epoch);
        } else {
            zab.gate().whenStored(() -> sendLeaderInfo(link));
        }
    }

    /** Whether it is counted somewhere: a voter of an active configuration that came to follow. */
    private boolean isVoter(LearnerLink link) {
        return !link.isObserver && zab.verifier().isVoter(link.sid);
    }

    private void settleEpochIfQuorum() {
        if (!support.isQuorum()) {
            return;
        }
        zab.epochs().accept(epoch);
        support.begin();
        enter(Phase.EPOCH_ACKS);
        // R1: no LEADERINFO before our own promise is durable.
        zab.gate().whenStored(() -> {
            for (LearnerLink link : links.all()) {
                sendLeaderInfo(link);
            }
            support.add(zab.self());
            finishHistoryIfQuorum();
        });
    }

    /** Whoever came before the epoch began to roll over, and was not answered yet, is told the next one when that begins. */
    private void sendLeaderInfo(LearnerLink link) {
        boolean isAsked = link.state == LearnerLink.State.AWAITING_EPOCH && links.has(link);
        if (isAsked && rollOver == null) {
            link.state = LearnerLink.State.AWAITING_ACKEPOCH;
            LeaderInfo info = new LeaderInfo(LearnerInfo.PROTOCOL_VERSION, capabilitiesFor(link));
            zab.send(link.id, PacketType.LEADERINFO, Zxid.of(epoch, 0).value(), info.encode());
        }
    }

    /** What only ours can do is never mentioned to a peer that did not ask. */
    private int capabilitiesFor(LearnerLink link) {
        return link.capabilities & zab.capabilities() & Zab.FLAGS;
    }

    private void ackEpoch(LearnerLink link, QuorumPacket packet) {
        if (packet.type() != PacketType.ACKEPOCH) {
            throw new MalformedException(PacketType.name(packet.type()) + " instead of ACKEPOCH");
        }
        int reported = AckEpoch.decode(packet.data()).epoch();
        link.tellsHistory(new Zxid(packet.zxid()), zab.now());
        if (phase == Phase.SYNCHRONIZATION || phase == Phase.BROADCAST) {
            begin(link);
            return;
        }
        boolean isCountable = reported != AckEpoch.DO_NOT_COUNT;
        boolean isRefused = isAheadOfUs(reported, link.history) && zab.rules().refusesNewerHistories();
        if (isCountable && isRefused) {
            votedElsewhere(link.sid);
            links.drop(link, link.who() + " has a newer history, " + link.history + " of epoch " + reported);
            return;
        }
        if (isCountable && isVoter(link) && !link.history.equals(Zxid.NONE)) {
            support.add(link.sid);
        }
        finishHistoryIfQuorum();
    }

    private boolean isAheadOfUs(long reportedEpoch, Zxid zxid) {
        return reportedEpoch > historyEpoch || (reportedEpoch == historyEpoch && zxid.isAfter(historyEnd));
    }

    // --- synchronization (zab.md 8.2) ----------------------------------------------------------------------------

    private void finishHistoryIfQuorum() {
        if (phase != Phase.EPOCH_ACKS || !support.isQuorum()) {
            return;
        }
        Activation.labelFirst(zab, epoch);
        zab.enter(epoch);
        support.begin();
        synchronization = new Synchronization(zab, epoch, links.all());
        enter(Phase.SYNCHRONIZATION);
        zab.out().trace(new TraceEvent.PhaseEntered("synchronization", epoch));
        for (LearnerLink link : links.copy()) {
            if (link.state == LearnerLink.State.AWAITING_HISTORY) {
                begin(link);
            }
        }
        zab.gate().whenStored(() -> {
            support.add(zab.self());
            establishIfQuorum();
        });
    }

    private void begin(LearnerLink link) {
        if (!synchronization().begin(link)) {
            links.drop(link, "too many learners are synchronized; " + link.who() + " must come again");
        }
    }

    private void newLeaderAck(LearnerLink link, QuorumPacket packet) {
        if (packet.type() != PacketType.ACK) {
            throw new MalformedException(PacketType.name(packet.type()) + " instead of the ACK of NEWLEADER");
        }
        boolean isOfNewLeader = packet.zxid() == Zxid.of(epoch, 0).value();
        if (!isOfNewLeader && zab.rules().readsOnForNewLeaderAck()) {
            return; // R5: an older Apache follower acknowledges proposals first
        }
        link.state = LearnerLink.State.ACKED;
        link.ackedThrough = link.sentThrough;
        if (broadcast != null) {
            activate(link);
            return;
        }
        if (isVoter(link) && isOfNewLeader) {
            support.add(link.sid);
        }
        establishIfQuorum();
    }

    private void establishIfQuorum() {
        if (phase != Phase.SYNCHRONIZATION || !support.isQuorum()) {
            return;
        }
        enter(Phase.BROADCAST);
        Configuration before = zab.membership().committed();
        zab.history().commitAll(zab.now());
        zab.history().enterEpoch(epoch);
        Activation.complete(zab, before, exit);
        synchronization().established();
        zab.out()
                .trace(new TraceEvent.LeaderEstablished(
                        epoch, zab.history().lastLogged(), zab.now().millisSince(electedNanos)));
        broadcast = new Broadcast(zab, Zxid.of(epoch, 0), links.all(), exit);
        nextPingNanos = zab.now().nanos();
        for (LearnerLink link : links.copy()) {
            if (link.state == LearnerLink.State.ACKED) {
                activate(link);
            }
        }
        broadcast.start();
    }

    private void activate(LearnerLink link) {
        if (synchronization().hasLost(link)) {
            links.drop(link, "the log moved on too far while " + link.who() + " was synchronized");
            return;
        }
        ServerId successor = broadcast == null ? null : broadcast.successor();
        synchronization().end(link, new HeldBack(zab, zab.self(), successor));
        if (broadcast != null) {
            broadcast.beginPulse(link);
        }
    }

    private Synchronization synchronization() {
        if (synchronization == null) {
            throw new IllegalStateException("no synchronization in " + phase);
        }
        return synchronization;
    }

    // --- the next epoch, before the ids of this one run out --------------------------------------------------------

    /** Passes the lead on, or takes it into the next epoch, if either is due; called at the end of each step. */
    public void advance() {
        Broadcast current = broadcast;
        if (current != null && !exit.isDue()) {
            current.advance();
        }
        if (current != null && !exit.isDue() && !current.isHandingOver()) {
            maybeRollOver(current);
        }
    }

    /**
     * Lets another server lead, without an election ({@link HandOver}).
     *
     * @param server which one; null for whoever is fit best
     * @param isLeaving whether this server will not follow it: it stops
     * @param asker told what becomes of it, perhaps before this returns
     */
    public void transfer(@Nullable ServerId server, boolean isLeaving, TransferAsker asker) {
        if (broadcast == null || rollOver != null || exit.isDue()) {
            asker.answered(false, "server " + zab.self() + " does not lead, or goes into the next epoch");
        } else {
            broadcast.transfer(new HandOver.Wish(server, isLeaving, asker));
        }
    }

    private void maybeRollOver(Broadcast current) {
        EpochRollOver way = rollOver;
        if (way == null) {
            boolean isWanted = current.isNearLastId() && exit.successor() == null;
            boolean isPutOff = current.hasIdsToWait() && !links.all().stream().allMatch(Leader::mayStay);
            if (!isWanted || isPutOff || !EpochRollOver.isPossible(zab, links.all())) {
                return;
            }
            current.hold();
            way = new EpochRollOver(zab, epoch + 1, links.all());
            rollOver = way;
            links.dropAllBut(Leader::mayStay, "the leader goes into epoch " + way.epoch());
        }
        way.beginIfDrained();
        if (way.isFailed()) {
            exit.because("no quorum followed into epoch " + way.epoch() + " in time");
        } else if (way.isOver()) {
            enterNextEpoch(way, current);
        }
    }

    /**
     * Whether a learner keeps its link when the next epoch begins. Whoever is being synchronized in this one loses it, and so is
     * waited for as long as there are ids enough: a large snapshot would have to be sent again.
     */
    private static boolean mayStay(LearnerLink link) {
        return link.isActive() || link.isNew();
    }

    private void enterNextEpoch(EpochRollOver way, Broadcast current) {
        rollOver = null;
        epoch = way.epoch();
        synchronization = new Synchronization(zab, epoch, links.all());
        synchronization.established();
        zab.history().enterEpoch(epoch);
        links.dropAllBut(
                link -> link.rollOver == EpochRollOver.Step.TAKEN || link.isNew(),
                "did not follow into epoch " + epoch);
        way.end();
        current.resume(Zxid.of(epoch, 0));
        links.all().forEach(link -> zab.gate().whenStored(() -> sendLeaderInfo(link)));
    }

    // --- evidence from the election port (F7) --------------------------------------------------------------------

    /** A voter looks for a leader and does not vote for us: without it we may never be established. */
    public void votedElsewhere(ServerId voter) {
        support.votedElsewhere(voter);
        resignIfHopeless();
    }

    /** A voter leads, or follows another server; one that is connected has been heard of since. */
    public void settledElsewhere(ServerId voter) {
        if (links.all().stream().noneMatch(link -> voter.equals(link.sid))) {
            votedElsewhere(voter);
        }
    }

    // --- of two servers, without the other one (election.md 3.9) ---------------------------------------------------

    /**
     * Whether no voter is there or on its way. From NEWLEADER on one that synchronizes is there: what is committed from
     * then on must be on its disk too, so that nothing is missing there when it is up to date.
     */
    public boolean isAlone() {
        boolean isEstablished = isEstablished();
        return !support.isExpecting()
                && links.all().stream().noneMatch(link -> isVoter(link) && (!isEstablished || link.isPinged()));
    }

    /** What is a quorum may have changed. */
    public void reconsider() {
        switch (phase) {
            case DISCOVERY -> settleEpochIfQuorum();
            case EPOCH_ACKS -> finishHistoryIfQuorum();
            case SYNCHRONIZATION -> establishIfQuorum();
            case BROADCAST -> {
                if (broadcast != null) {
                    broadcast.reconsider();
                }
            }
        }
    }

    /** A voter votes for us. */
    public void votedForUs(ServerId voter) {
        support.votedForUs(voter);
    }

    private void resignIfHopeless() {
        boolean canStillFail = phase == Phase.DISCOVERY || phase == Phase.EPOCH_ACKS;
        if (canStillFail && zab.rules().resignsWhenHopeless() && support.isHopeless()) {
            exit.because(support.whyHopeless());
        }
    }

    // --- time ----------------------------------------------------------------------------------------------------

    public void timePassed(Now now) {
        if (phase != Phase.BROADCAST && now.isAtOrAfter(phaseDeadlineNanos)) {
            exit.because("no quorum in " + phaseName() + " after " + now.millisSince(phaseSinceNanos) + " ms");
            return;
        }
        support.timePassed(now);
        if (now.isAtOrAfter(nextPingNanos)) {
            nextPingNanos = now.plusMillis(zab.limits().tickMillis() / 2);
            links.dropSilent(now);
            ping();
        }
        if (broadcast != null && !exit.isDue()) {
            broadcast.timePassed(now);
        }
    }

    public long deadlineNanos() {
        if (broadcast == null) {
            long own = Math.min(phaseDeadlineNanos, support.deadlineNanos());
            return Math.min(own, phase == Phase.SYNCHRONIZATION ? nextPingNanos : Long.MAX_VALUE);
        }
        long rollOverDeadline = rollOver == null ? Long.MAX_VALUE : rollOver.deadlineNanos();
        return Math.min(Math.min(nextPingNanos, rollOverDeadline), broadcast.deadlineNanos());
    }

    /** The role ends: nothing of it stays. */
    public void leave(String reason) {
        links.dropAllBut(link -> false, reason);
    }

    private void ping() {
        if (broadcast != null) {
            broadcast.ping();
            return;
        }
        for (LearnerLink link : links.all()) {
            if (link.isPinged()) {
                zab.send(link.id, PacketType.PING, zab.history().lastLogged().value(), null); // R7
            }
        }
    }

    private void enter(Phase next) {
        phase = next;
        phaseSinceNanos = zab.now().nanos();
        awaitQuorum();
        nextPingNanos = zab.now().plusMillis(zab.limits().tickMillis() / 2);
    }

    private void awaitQuorum() {
        phaseDeadlineNanos = zab.now().plusMillis(zab.limits().initMillis());
    }
}
