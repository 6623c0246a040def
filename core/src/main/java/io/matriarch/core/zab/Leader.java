package io.matriarch.core.zab;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.LogEntry;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A leader from the moment it is elected: it finds an epoch nobody used (discovery), brings a quorum to its history
 * (synchronization), and then proposes (broadcast, in {@link Broadcast}).
 *
 * <p>A server that a quorum elected claims nothing until its NEWLEADER is acknowledged by a quorum: until then {@link
 * #isEstablished()} is false.
 */
public final class Leader {
    private static final int MAX_LINKS = 1_000;
    private static final long NOBODY_EXPECTED = Long.MAX_VALUE;

    private enum Phase {
        DISCOVERY,
        EPOCH_ACKS,
        SYNCHRONIZATION,
        BROADCAST
    }

    private final Zab zab;
    private final Exit exit = new Exit();
    private final Map<LinkId, LearnerLink> links = new TreeMap<>((a, b) -> Long.compare(a.value(), b.value()));
    /** Voters whose promise, epoch acknowledgement or NEWLEADER acknowledgement came, by phase. */
    private final Set<ServerId> supporters = new TreeSet<>();
    /** Voters that were last heard to vote for somebody else, or are known to be down (F7). */
    private final Set<ServerId> lost = new TreeSet<>();

    private final long electedNanos;
    private final long historyEpoch;
    private final Zxid historyEnd;

    private Phase phase = Phase.DISCOVERY;
    private long phaseDeadlineNanos;
    private long epoch;
    private @Nullable Synchronization synchronization;
    private @Nullable Broadcast broadcast;
    private @Nullable EpochRollOver rollOver;
    private long nextPingNanos;
    private long expectedUntilNanos;

    /** @param isExpected whether every voter has just been heard, so that all of them will come if nothing happens */
    public Leader(Zab zab, boolean isExpected) {
        this.zab = zab;
        this.expectedUntilNanos = isExpected ? zab.now().plusMillis(zab.limits().initMillis() / 2) : NOBODY_EXPECTED;
        this.electedNanos = zab.now().nanos();
        this.historyEpoch = zab.epochs().current();
        this.historyEnd = zab.history().lastLogged();
        this.epoch = zab.epochs().accepted() + 1;
        enter(Phase.DISCOVERY);
    }

    /** Our own promise counts like any other. */
    public void start() {
        zab.out().trace(new TraceEvent.PhaseEntered("discovery", epoch));
        supporters.add(zab.self());
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
        return links.size();
    }

    /** The clocks of the sessions that all servers know; null before it proposes. */
    public @Nullable SessionTracker sessions() {
        return broadcast == null ? null : broadcast.sessions();
    }

    public int syncedFollowers() {
        return (int)
                links.values().stream().filter(l -> l.isActive() && isVoter(l)).count();
    }

    /** Observers that get everything as it is committed. */
    public int syncedObservers() {
        return (int) links.values().stream()
                .filter(l -> l.isActive() && l.isObserver)
                .count();
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
        if (links.size() >= MAX_LINKS) {
            zab.close(link, "more than " + MAX_LINKS + " learners");
            return;
        }
        links.put(link, new LearnerLink(link, address, zab.now().nanos()));
    }

    /** A link ended: what it held is released. */
    public void linkDown(LinkId id, String reason) {
        LearnerLink link = links.remove(id);
        if (link == null) {
            return;
        }
        zab.out().trace(new TraceEvent.LinkClosed(id, link.who(), reason));
        dropped(link);
    }

    public void linkWritable(LinkId id) {
        LearnerLink link = links.get(id);
        if (link != null && synchronization != null) {
            link.lastHeardNanos = zab.now().nanos(); // whoever takes a long snapshot is not silent
            synchronization.linkWritable(link);
            if (synchronization.isOverrun(link)) {
                drop(link, "the log moved on too far while " + link.who() + " took a snapshot");
            }
        }
    }

    /** A piece of the log that a learner's synchronization asked for. */
    public void logRead(Event.LogRead read) {
        LearnerLink link = links.get(new LinkId(read.readId()));
        if (link != null && synchronization != null) {
            String why = synchronization.logRead(link, read);
            if (why != null) {
                drop(link, why);
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
            drop(link, link.who() + " sent what cannot be: " + e.getMessage());
        }
    }

    private void drop(LearnerLink link, String reason) {
        if (links.remove(link.id) != null) {
            zab.close(link.id, reason);
            zab.out().trace(new TraceEvent.LinkClosed(link.id, link.who(), reason));
            dropped(link);
        }
    }

    private void dropped(LearnerLink link) {
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
        replaceOlderLinks(link);
        link.state = LearnerLink.State.AWAITING_EPOCH;
        lost.remove(link.sid);
        expectedUntilNanos = isVoter(link) ? NOBODY_EXPECTED : expectedUntilNanos;
        if (phase == Phase.DISCOVERY) {
            epoch = Math.max(epoch, promised + 1);
            if (isVoter(link)) {
                supporters.add(link.sid);
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

    /** An id is not authenticated and not unique: the newer connection counts (zab.md 4). */
    private void replaceOlderLinks(LearnerLink link) {
        for (LearnerLink other : List.copyOf(links.values())) {
            if (other != link && other.sid.equals(link.sid)) {
                drop(other, link.who() + " connected anew");
            }
        }
    }

    /** Whether it is counted somewhere: a voter of an active configuration that came to follow. */
    private boolean isVoter(LearnerLink link) {
        return !link.isObserver && zab.verifier().isVoter(link.sid);
    }

    private void settleEpochIfQuorum() {
        if (!zab.verifier().isQuorum(supporters::contains)) {
            return;
        }
        zab.epochs().accept(epoch);
        supporters.clear();
        enter(Phase.EPOCH_ACKS);
        // R1: no LEADERINFO before our own promise is durable.
        zab.gate().whenStored(() -> {
            for (LearnerLink link : links.values()) {
                sendLeaderInfo(link);
            }
            supporters.add(zab.self());
            finishHistoryIfQuorum();
        });
    }

    /** Whoever came before the epoch began to roll over, and was not answered yet, is told the next one when that begins. */
    private void sendLeaderInfo(LearnerLink link) {
        boolean isAsked = link.state == LearnerLink.State.AWAITING_EPOCH && links.containsKey(link.id);
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
            drop(link, link.who() + " has a newer history, " + link.history + " of epoch " + reported);
            return;
        }
        if (isCountable && isVoter(link) && !link.history.equals(Zxid.NONE)) {
            supporters.add(link.sid);
        }
        finishHistoryIfQuorum();
    }

    private boolean isAheadOfUs(long reportedEpoch, Zxid zxid) {
        return reportedEpoch > historyEpoch || (reportedEpoch == historyEpoch && zxid.isAfter(historyEnd));
    }

    // --- synchronization (zab.md 8.2) ----------------------------------------------------------------------------

    private void finishHistoryIfQuorum() {
        if (phase != Phase.EPOCH_ACKS || !zab.verifier().isQuorum(supporters::contains)) {
            return;
        }
        Activation.labelFirst(zab, epoch);
        zab.epochs().enter(epoch);
        supporters.clear();
        synchronization = new Synchronization(zab, epoch, links.values());
        enter(Phase.SYNCHRONIZATION);
        zab.out().trace(new TraceEvent.PhaseEntered("synchronization", epoch));
        for (LearnerLink link : List.copyOf(links.values())) {
            if (link.state == LearnerLink.State.AWAITING_HISTORY) {
                begin(link);
            }
        }
        zab.gate().whenStored(() -> {
            supporters.add(zab.self());
            establishIfQuorum();
        });
    }

    private void begin(LearnerLink link) {
        if (!synchronization().begin(link)) {
            drop(link, "too many learners are synchronized; " + link.who() + " must come again");
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
            supporters.add(link.sid);
        }
        establishIfQuorum();
    }

    private void establishIfQuorum() {
        if (phase != Phase.SYNCHRONIZATION || !zab.verifier().isQuorum(supporters::contains)) {
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
        broadcast = new Broadcast(zab, Zxid.of(epoch, 0), links.values(), exit);
        nextPingNanos = zab.now().nanos();
        for (LearnerLink link : List.copyOf(links.values())) {
            if (link.state == LearnerLink.State.ACKED) {
                activate(link);
            }
        }
        broadcast.start();
    }

    /** R6: what was held back between NEWLEADER and UPTODATE follows UPTODATE, in order. */
    private void activate(LearnerLink link) {
        if (synchronization().hasLost(link)) {
            drop(link, "the log moved on too far while " + link.who() + " was synchronized");
            return;
        }
        zab.send(link.id, PacketType.UPTODATE, -1, null);
        if (link.isObserver || zab.rules().holdsBackUntilUpToDate()) {
            sendHeldBack(link);
        }
        link.state = LearnerLink.State.ACTIVE;
        link.activeSinceNanos = zab.now().nanos();
        synchronization().release(link);
    }

    private void sendHeldBack(LearnerLink link) {
        List<LogEntry> heldBack =
                zab.history().between(link.sentThrough, zab.history().lastCommitted());
        if (link.isObserver) {
            heldBack.forEach(entry -> zab.send(link.id, Proposal.inform(entry)));
        } else {
            synchronization().sendCommitted(link, heldBack);
            zab.history().pending().forEach(outstanding -> zab.send(link.id, Proposal.packet(outstanding.entry())));
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
            if (!isWanted || !EpochRollOver.isPossible(zab, links.values())) {
                return;
            }
            current.hold();
            way = new EpochRollOver(zab, epoch + 1, links.values());
            rollOver = way;
            dropAllBut(link -> link.isActive() || link.isNew(), "the leader goes into epoch " + way.epoch());
        }
        way.beginIfDrained();
        if (way.isFailed()) {
            exit.because("no quorum followed into epoch " + way.epoch() + " in time");
        } else if (way.isOver()) {
            enterNextEpoch(way, current);
        }
    }

    private void dropAllBut(Predicate<LearnerLink> stays, String reason) {
        List.copyOf(links.values()).stream().filter(stays.negate()).forEach(link -> drop(link, reason));
    }

    private void enterNextEpoch(EpochRollOver way, Broadcast current) {
        rollOver = null;
        epoch = way.epoch();
        synchronization = new Synchronization(zab, epoch, links.values());
        synchronization.established();
        zab.history().enterEpoch(epoch);
        dropAllBut(
                link -> link.rollOver == EpochRollOver.Step.TAKEN || link.isNew(),
                "did not follow into epoch " + epoch);
        way.end();
        current.resume(Zxid.of(epoch, 0));
        links.values().forEach(link -> zab.gate().whenStored(() -> sendLeaderInfo(link)));
    }

    // --- evidence from the election port (F7) --------------------------------------------------------------------

    /** A voter looks for a leader and does not vote for us: without it we may never be established. */
    public void votedElsewhere(ServerId voter) {
        lost.add(voter);
        expectedUntilNanos = NOBODY_EXPECTED;
        resignIfHopeless();
    }

    // --- of two servers, without the other one (election.md 3.9) ---------------------------------------------------

    /**
     * Whether no voter is there or on its way. From NEWLEADER on one that synchronizes is there: what is committed from
     * then on must be on its disk too, so that nothing is missing there when it is up to date.
     */
    public boolean isAlone() {
        boolean isEstablished = isEstablished();
        return expectedUntilNanos == NOBODY_EXPECTED
                && links.values().stream().noneMatch(link -> isVoter(link) && (!isEstablished || link.isPinged()));
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
        lost.remove(voter);
    }

    private void resignIfHopeless() {
        boolean canStillFail = phase == Phase.DISCOVERY || phase == Phase.EPOCH_ACKS;
        if (canStillFail && zab.rules().resignsWhenHopeless() && !zab.verifier().isQuorum(s -> !lost.contains(s))) {
            exit.because("voters " + lost + " support another server or are down; no quorum is left for us");
        }
    }

    // --- time ----------------------------------------------------------------------------------------------------

    public void timePassed(Now now) {
        if (phase != Phase.BROADCAST && now.isAtOrAfter(phaseDeadlineNanos)) {
            exit.because(
                    "no quorum in " + phaseName() + " within " + zab.limits().initMillis() + " ms");
            return;
        }
        if (now.isAtOrAfter(expectedUntilNanos)) {
            expectedUntilNanos = NOBODY_EXPECTED;
        }
        if (now.isAtOrAfter(nextPingNanos)) {
            nextPingNanos = now.plusMillis(zab.limits().tickMillis() / 2);
            dropSilentLinks(now);
            ping();
        }
        if (broadcast != null && !exit.isDue()) {
            broadcast.timePassed(now);
        }
    }

    public long deadlineNanos() {
        if (broadcast == null) {
            long own = Math.min(phaseDeadlineNanos, expectedUntilNanos);
            return Math.min(own, phase == Phase.SYNCHRONIZATION ? nextPingNanos : Long.MAX_VALUE);
        }
        long rollOverDeadline = rollOver == null ? Long.MAX_VALUE : rollOver.deadlineNanos();
        return Math.min(Math.min(nextPingNanos, rollOverDeadline), broadcast.deadlineNanos());
    }

    /** The role ends: nothing of it stays. */
    public void leave(String reason) {
        dropAllBut(link -> false, reason);
    }

    private void ping() {
        if (broadcast != null) {
            broadcast.ping();
            return;
        }
        for (LearnerLink link : links.values()) {
            if (link.isPinged()) {
                zab.send(link.id, PacketType.PING, zab.history().lastLogged().value(), null); // R7
            }
        }
    }

    private void dropSilentLinks(Now now) {
        for (LearnerLink link : new ArrayList<>(links.values())) {
            String why = link.whySilent(now, zab.limits());
            if (why != null) {
                drop(link, why);
            }
        }
    }

    private void enter(Phase next) {
        phase = next;
        phaseDeadlineNanos = zab.now().plusMillis(zab.limits().initMillis());
        nextPingNanos = zab.now().plusMillis(zab.limits().tickMillis() / 2);
    }
}
