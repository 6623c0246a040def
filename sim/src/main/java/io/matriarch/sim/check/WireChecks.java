package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;
import static java.util.Objects.requireNonNull;

import io.matriarch.core.port.LinkId;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.LeadTransfer;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What servers promise each other on the quorum port, held against what their disks hold at that moment. Judged when
 * the core hands a packet to its host, which is before it is on the wire.
 */
public final class WireChecks {
    /** One connection as one side sees it. */
    private static final class Link {
        /** Proposals sent and not committed yet. */
        final ArrayDeque<Long> uncommitted = new ArrayDeque<>();

        long offeredEpoch = -1;
        long newLeaderEpoch = -1;
        /** Of the NEWLEADER that was sent here. */
        long claimedEpoch;

        long committedBeforeNewLeader;
        boolean isNewLeaderAcked;
        /** What the learner holds, with all that was sent on top; -1 while nobody knows. */
        long reachedByLearner = -1;

        boolean isObservers;
        int learner = -1;
        /** Its history is newer than that of this server, which leads and has not fixed its own. */
        boolean isAhead;
    }

    private final Electorate quorums;
    private final ServerLog log;
    private final int sid;
    private final EpochFiles epochs;
    private final List<EpochFiles> allEpochs;
    private final Map<Long, Integer> leaderOfEpoch;
    private final TreeSet<Long> promised = new TreeSet<>();
    private final Map<LinkId, Link> links = new HashMap<>();
    /** Over these nobody hears anything; what waited for the disk may still be sent to them. Ids are not used twice. */
    private final Set<LinkId> ended = new HashSet<>();

    /** The highest that this server ever told anybody is committed. */
    private long committed;
    /** Nothing above may be committed: somebody else was named to lead. */
    private long lastCommit = Long.MAX_VALUE;
    /** Nor proposed, if the leader handed over without a reconfiguration. What is below goes out again to who joins meanwhile. */
    private long lastProposal = Long.MAX_VALUE;

    /** Who acknowledged this server's NEWLEADER, while it leads. */
    private final Set<Integer> newLeaderAcks = new TreeSet<>();

    private boolean mayDiskLag;
    private long newLeaderSent = -1;
    private boolean isHistoryFinal;
    private boolean isConfigurationAgreed;

    /**
     * @param allEpochs the epoch files of servers 1, 2, … in this order
     * @param leaderOfEpoch shared by all servers of a world
     */
    public WireChecks(
            int sid,
            ServerLog log,
            EpochFiles epochs,
            List<EpochFiles> allEpochs,
            Electorate quorums,
            Map<Long, Integer> leaderOfEpoch) {
        this.sid = sid;
        this.log = log;
        this.epochs = epochs;
        this.allEpochs = allEpochs;
        this.quorums = quorums;
        this.leaderOfEpoch = leaderOfEpoch;
    }

    /** The server leads no more; {@code isEstablished}: it did serve. */
    void roleEnded(boolean isEstablished) {
        IntPredicate acked = voter -> voter == sid || newLeaderAcks.contains(voter);
        require(
                newLeaderSent < 0 || isEstablished || isConfigurationAgreed || !quorums.isQuorumOfVotes(acked),
                Invariant.NEWLEADER_ACK_COUNTED,
                () -> "server " + sid + " gives up NEWLEADER " + Zxids.show(newLeaderSent)
                        + ", which was acknowledged by " + quorums.who(acked));
        forgetLeadership();
    }

    /**
     * The server takes a configuration for agreed. If it leads and does not serve yet, this is the one that its NEWLEADER
     * carried, agreed by the quorum that acknowledged it; it may be one in which the server leads no more (zab.md 14).
     */
    void configurationAgreed() {
        isConfigurationAgreed = newLeaderSent >= 0;
    }

    /** The server is an observer whose log may end before what it has: nobody counts what it acknowledges. */
    void keepsInMemory() {
        mayDiskLag = true;
    }

    /** The leader's history is what a quorum of epoch acknowledgements left it: nobody is compared with it any more. */
    void historyFinal() {
        isHistoryFinal = true;
    }

    /** Whatever the server was, it looks for a leader again. */
    void looksAgain() {
        isHistoryFinal = false;
    }

    /** Nothing that we have between what the learner has and {@code zxid} is left out. Of Apache's servers no order is known. */
    private void requireNext(Link link, long zxid) {
        long next = link.reachedByLearner < 0 ? -1 : log.orderedAfter(link.reachedByLearner);
        require(
                next < 0 || next >= zxid,
                Invariant.SYNC_WITHOUT_HOLES,
                () -> "server " + sid + " sends " + Zxids.show(zxid) + " on top of " + Zxids.show(link.reachedByLearner)
                        + ", which " + Zxids.show(next) + " follows");
        link.reachedByLearner = Math.max(link.reachedByLearner, zxid);
    }

    private void ackEpochReceived(Link link, QuorumPacket packet) {
        link.reachedByLearner = packet.zxid();
        long reported = AckEpoch.decode(packet.data()).epoch();
        long own = epochs.current();
        link.isAhead = !isHistoryFinal
                && !link.isObservers
                && reported != AckEpoch.DO_NOT_COUNT
                && (reported > own || (reported == own && packet.zxid() > log.lastForced()));
    }

    private void requireBehind(Link link) {
        require(
                !link.isAhead,
                Invariant.NEWEST_LEADS,
                () -> "server " + sid + " synchronizes server " + link.learner + ", whose history is newer");
    }

    /** Whose epoch this is; null while nobody has claimed it before a voter. */
    @Nullable
    Integer leaderOf(long epoch) {
        return leaderOfEpoch.get(epoch);
    }

    private void forgetLeadership() {
        isHistoryFinal = false;
        isConfigurationAgreed = false;
        newLeaderAcks.clear();
        newLeaderSent = -1;
    }

    /** The process ended; so did its links. */
    public void restarted() {
        mayPropose();
        forgetLeadership();
        links.clear();
        ended.clear();
    }

    private void mayPropose() {
        lastCommit = Long.MAX_VALUE;
        lastProposal = Long.MAX_VALUE;
    }

    public void linkEnded(LinkId link) {
        links.remove(link);
        ended.add(link);
    }

    public void received(LinkId id, QuorumPacket packet) {
        Link link = links.computeIfAbsent(id, key -> new Link());
        switch (packet.type()) {
            case PacketType.OBSERVERINFO -> link.isObservers = true;
            case PacketType.LEADERINFO -> link.offeredEpoch = Zxids.epoch(packet.zxid());
            case PacketType.COMMIT -> {
                if (link.newLeaderEpoch < 0) {
                    link.committedBeforeNewLeader = Math.max(link.committedBeforeNewLeader, packet.zxid());
                }
            }
            case PacketType.NEWLEADER -> {
                link.newLeaderEpoch = Zxids.epoch(packet.zxid());
                link.isNewLeaderAcked = false;
            }
            case PacketType.FOLLOWERINFO ->
                link.learner = (int) LearnerInfo.decode(packet.data()).sid().value();
            case PacketType.ACKEPOCH -> ackEpochReceived(link, packet);
            case PacketType.ACK -> {
                if (packet.zxid() == newLeaderSent && link.learner > 0) {
                    newLeaderAcks.add(link.learner);
                }
            }
            default -> {
                // Nothing is promised by hearing it.
            }
        }
    }

    public void sent(LinkId id, QuorumPacket packet) {
        if (ended.contains(id)) {
            return;
        }
        Link link = links.computeIfAbsent(id, key -> new Link());
        switch (packet.type()) {
            case PacketType.LEADERINFO -> leaderInfoSent(packet);
            case PacketType.ACKEPOCH -> ackEpochSent(link, packet);
            case PacketType.NEWLEADER -> newLeaderSent(link, packet);
            case PacketType.ACK -> ackSent(link, packet.zxid());
            case PacketType.PROPOSAL -> {
                require(
                        packet.zxid() <= lastProposal,
                        Invariant.HANDED_OVER,
                        () -> "server " + sid + " proposes " + Zxids.show(packet.zxid()) + " after it handed over with "
                                + Zxids.show(lastProposal));
                link.uncommitted.addLast(packet.zxid());
                requireNext(link, packet.zxid());
            }
            case PacketType.COMMIT -> commitSent(link, packet.zxid());
            case PacketType.COMMITANDACTIVATE -> activationSent(link, packet);
            case PacketType.TRANSFER -> {
                if (LeadTransfer.decode(packet.data()).kind() == LeadTransfer.Kind.GO) {
                    lastCommit = Math.max(committed, newLeaderSent);
                    lastProposal = lastCommit;
                }
            }
            case PacketType.DIFF -> requireBehind(link);
            case PacketType.TRUNC -> {
                requireBehind(link);
                link.reachedByLearner = packet.zxid();
            }
            case PacketType.SNAP -> {
                requireBehind(link);
                link.reachedByLearner = packet.zxid();
                log.snapshotSent(packet.zxid());
            }
            case PacketType.UPTODATE -> upToDateSent(link);
            default -> {
                // No promise.
            }
        }
    }

    /** currentEpoch is on disk: then what the leader of that epoch sent as committed must be there too (zab.md D4). */
    void currentEpochStored(long epoch) {
        for (Link link : links.values()) {
            require(
                    link.newLeaderEpoch != epoch || log.lastForced() >= link.committedBeforeNewLeader,
                    Invariant.NEWLEADER_ACK_STORED,
                    () -> "server " + sid + " stores currentEpoch " + epoch + " with the log up to "
                            + Zxids.show(log.lastForced()) + ", but the leader's history goes up to "
                            + Zxids.show(link.committedBeforeNewLeader));
        }
    }

    private void leaderInfoSent(QuorumPacket packet) {
        long epoch = Zxids.epoch(packet.zxid());
        if (epoch > Zxids.epoch(lastCommit)) {
            mayPropose(); // elsewhere the same epoch is told to who joins during the hand-over
        }
        require(
                epochs.accepted() >= epoch,
                Invariant.PROMISED_EPOCH_STORED,
                () -> "server " + sid + " offers epoch " + epoch + " with acceptedEpoch " + epochs.accepted()
                        + " on disk");
    }

    private void ackEpochSent(Link link, QuorumPacket packet) {
        if (AckEpoch.decode(packet.data()).epoch() == AckEpoch.DO_NOT_COUNT) {
            return;
        }
        require(
                epochs.accepted() >= link.offeredEpoch,
                Invariant.PROMISED_EPOCH_STORED,
                () -> "server " + sid + " promises epoch " + link.offeredEpoch + " with acceptedEpoch "
                        + epochs.accepted() + " on disk");
        require(
                promised.add(link.offeredEpoch),
                Invariant.ONE_PROMISE_PER_EPOCH,
                () -> "server " + sid + " promises epoch " + link.offeredEpoch + " a second time");
    }

    private void newLeaderSent(Link link, QuorumPacket packet) {
        if (!link.isObservers) {
            newLeaderSent = packet.zxid();
        }
        long epoch = Zxids.epoch(packet.zxid());
        link.claimedEpoch = epoch;
        // A quorum promised the epoch to whoever sends NEWLEADER. Offering one (LEADERINFO) is no claim yet; nor is
        // what
        // a follower tells its observers of its leader.
        Integer other = link.isObservers ? null : leaderOfEpoch.putIfAbsent(epoch, sid);
        require(
                other == null || other == sid,
                Invariant.ONE_LEADER_PER_EPOCH,
                () -> "server " + sid + " leads epoch " + epoch + ", which is server " + other + "'s");
        // A follower on the way into the next epoch still tells observers of the one it serves in.
        require(
                epochs.current() == epoch || (link.isObservers && epochs.current() > epoch),
                Invariant.NEWLEADER_STORED,
                () -> "server " + sid + " sends NEWLEADER " + epoch + " with currentEpoch " + epochs.current()
                        + " on disk");
    }

    private void ackSent(Link link, long zxid) {
        if (Zxids.counter(zxid) != 0) {
            require(
                    link.isNewLeaderAcked,
                    Invariant.NEWLEADER_ACK_FIRST,
                    () -> "server " + sid + " acknowledges " + Zxids.show(zxid) + " before NEWLEADER");
            require(
                    !quorums.isObserver(sid),
                    Invariant.OBSERVERS_UNCOUNTED,
                    () -> "server " + sid + ", an observer, acknowledges " + Zxids.show(zxid));
            require(
                    log.hasForced(zxid),
                    Invariant.ACK_STORED,
                    () -> "server " + sid + " acknowledges " + Zxids.show(zxid) + " but has forced only up to "
                            + Zxids.show(log.lastForced()));
            require(
                    log.hasConfigurationUpTo(zxid),
                    Invariant.CONFIGURATION_STORED,
                    () -> "server " + sid + " acknowledges " + Zxids.show(zxid)
                            + " without the configuration in it on disk");
            return;
        }
        if (link.isNewLeaderAcked) {
            return;
        }
        link.isNewLeaderAcked = true;
        boolean isOnDisk = epochs.current() == link.newLeaderEpoch && log.lastForced() >= link.committedBeforeNewLeader;
        require(
                epochs.accepted() >= link.newLeaderEpoch && (isOnDisk || mayDiskLag),
                Invariant.NEWLEADER_ACK_STORED,
                () -> "server " + sid + " acknowledges NEWLEADER " + link.newLeaderEpoch + " after commits up to "
                        + Zxids.show(link.committedBeforeNewLeader) + " with acceptedEpoch " + epochs.accepted()
                        + ", currentEpoch " + epochs.current() + " and the log up to " + Zxids.show(log.lastForced())
                        + " on disk");
    }

    /** With the configuration goes the name of who leads in it (zab.md 14). */
    private void activationSent(Link link, QuorumPacket packet) {
        commitSent(link, packet.zxid());
        if (new JuteReader(requireNonNull(packet.data())).readLong() != sid) {
            lastCommit = packet.zxid();
        }
    }

    /** Between our own servers one COMMIT may stand for everything proposed before it on the connection. */
    private void commitSent(Link link, long zxid) {
        require(
                zxid <= lastCommit,
                Invariant.HANDED_OVER,
                () -> "server " + sid + " sends COMMIT " + Zxids.show(zxid) + " after it handed over with "
                        + Zxids.show(lastCommit));
        require(
                link.uncommitted.contains(zxid),
                Invariant.COMMIT_ORDER,
                () -> "server " + sid + " sends COMMIT " + Zxids.show(zxid) + " where "
                        + (link.uncommitted.isEmpty()
                                ? "nothing is proposed"
                                : Zxids.show(link.uncommitted.peekFirst()) + " is next"));
        committed = Math.max(committed, zxid);
        while (!link.uncommitted.isEmpty() && link.uncommitted.peekFirst() <= zxid) {
            link.uncommitted.removeFirst();
        }
    }

    private void upToDateSent(Link link) {
        long epoch = link.claimedEpoch;
        IntPredicate hasJoined = voter -> allEpochs.get(voter - 1).current() >= epoch;
        require(
                quorums.isQuorum(hasJoined),
                Invariant.ESTABLISHED_QUORUM,
                () -> "server " + sid + " sends UPTODATE for epoch " + epoch + ", which is currentEpoch or past on "
                        + "the disks of " + quorums.who(hasJoined) + "; " + quorums);
    }
}
