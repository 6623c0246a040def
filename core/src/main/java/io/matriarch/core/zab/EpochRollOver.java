package io.matriarch.core.zab;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.LeaderInfo;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes an established leader into the next epoch, with the learners that can follow it there, over the links they have:
 * before the transaction ids of an epoch run out, and without an election, so that no client notices more than a slow answer
 * (zab.md 5, D19; LESSONS 28, 29).
 *
 * <p>It is discovery and synchronization once more, with the same promises on the same disks. Only what they are for is
 * known already: that nobody has a newer history than the leader, whose every transaction is committed by then.
 *
 * <pre>
 * leader                                     learner
 * holds new requests until all is committed
 * acceptedEpoch = e+1 durable
 * LEADERINFO (e+1,0)                  -->    acceptedEpoch = e+1 durable
 *                                     <--    ACKEPOCH, from a quorum
 * currentEpoch = e+1 durable
 * NEWLEADER (e+1,0)                   -->    currentEpoch = e+1 durable, the log before it
 *                                     <--    ACK (e+1,0), from a quorum
 * UPTODATE                            -->
 * proposes (e+1,1)
 * </pre>
 *
 * Only between servers of ours that both know it ({@link Zab#ROLLS_OVER}). Who does not, or does not answer in time, loses
 * its link and comes back in the new epoch. If a quorum cannot, the epoch is used to its last id and then left by an
 * election, as Apache's leader leaves it.
 */
final class EpochRollOver {
    /** How long the others are waited for once a quorum has followed. */
    private static final int LAGGARD_MILLIS = 500;

    private enum Phase {
        DRAINING,
        PROMISES,
        HISTORY,
        QUORUM_HAS_IT
    }

    private final Zab zab;
    private final long epoch;
    private final Collection<LearnerLink> links;
    private final Set<ServerId> supporters = new TreeSet<>();
    private final long beganNanos;

    private Phase phase = Phase.DRAINING;
    private long deadlineNanos;

    /** Where a learner is on the way to the next epoch. */
    enum Step {
        NONE,
        /** LEADERINFO was sent. */
        OFFERED,
        /** ACKEPOCH came. */
        PROMISED,
        /** NEWLEADER was sent. */
        SENT,
        /** NEWLEADER was acknowledged. */
        TAKEN
    }

    /** {@code epoch} is the next one; {@code links} are the leader's, as they come and go. */
    EpochRollOver(Zab zab, long epoch, Collection<LearnerLink> links) {
        this.zab = zab;
        this.epoch = epoch;
        this.links = links;
        this.beganNanos = zab.now().nanos();
        this.deadlineNanos = zab.now().plusMillis(zab.limits().initMillis());
    }

    /** Whether a quorum of voters would follow over the links they have. */
    static boolean isPossible(Zab zab, Collection<LearnerLink> links) {
        return zab.verifier()
                .isQuorum(sid -> sid.equals(zab.self())
                        || links.stream().anyMatch(link -> link.isOf(sid) && link.isActive() && canFollow(link)));
    }

    private static boolean canFollow(LearnerLink link) {
        return link.has(Zab.ROLLS_OVER);
    }

    long epoch() {
        return epoch;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /** Begins once everything proposed is committed. */
    void beginIfDrained() {
        if (phase != Phase.DRAINING || !zab.history().pending().isEmpty()) {
            return;
        }
        phase = Phase.PROMISES;
        zab.epochs().accept(epoch);
        zab.gate().whenStored(() -> {
            for (LearnerLink link : links) {
                if (link.isActive() && canFollow(link)) {
                    link.rollOver = Step.OFFERED;
                    LeaderInfo info =
                            new LeaderInfo(LearnerInfo.PROTOCOL_VERSION, link.capabilities & Zab.OUR_CAPABILITIES);
                    zab.send(link.id, PacketType.LEADERINFO, Zxid.of(epoch, 0).value(), info.encode());
                }
            }
            supporters.add(zab.self());
            enterIfQuorum();
        });
    }

    /** Whether {@code packet} was an answer to what was asked here. */
    boolean received(LearnerLink link, QuorumPacket packet) {
        if (packet.type() == PacketType.ACKEPOCH && link.rollOver == Step.OFFERED) {
            link.rollOver = Step.PROMISED;
            boolean isCounted = AckEpoch.decode(packet.data()).epoch() != AckEpoch.DO_NOT_COUNT;
            if (phase != Phase.PROMISES) {
                sendNewLeader(link);
            } else if (!link.isObserver && isCounted) {
                supporters.add(link.sid);
                enterIfQuorum();
            }
            return true;
        }
        boolean isAck = packet.type() == PacketType.ACK
                && packet.zxid() == Zxid.of(epoch, 0).value();
        if (isAck && link.rollOver == Step.SENT) {
            link.rollOver = Step.TAKEN;
            if (!link.isObserver) {
                supporters.add(link.sid);
            }
            takenIfQuorum();
            return true;
        }
        return false;
    }

    private void enterIfQuorum() {
        if (phase != Phase.PROMISES || !zab.verifier().isQuorum(supporters::contains)) {
            return;
        }
        phase = Phase.HISTORY;
        supporters.clear();
        zab.enter(epoch);
        for (LearnerLink link : links) {
            if (link.rollOver == Step.PROMISED) {
                sendNewLeader(link);
            }
        }
        zab.gate().whenStored(() -> {
            supporters.add(zab.self());
            takenIfQuorum();
        });
    }

    private void sendNewLeader(LearnerLink link) {
        link.rollOver = Step.SENT;
        zab.sendNewLeader(link.id, epoch, null); // the configuration is known: it was committed on this link
    }

    private void takenIfQuorum() {
        if (phase == Phase.HISTORY && zab.verifier().isQuorum(supporters::contains)) {
            phase = Phase.QUORUM_HAS_IT;
            deadlineNanos = zab.now().plusMillis(LAGGARD_MILLIS);
        }
    }

    /** Whether the next epoch may begin: a quorum has taken it over, and the rest too or it is late. */
    boolean isOver() {
        return phase == Phase.QUORUM_HAS_IT
                && (zab.now().isAtOrAfter(deadlineNanos)
                        || links.stream()
                                .noneMatch(link ->
                                        link.isActive() && link.rollOver != Step.NONE && link.rollOver != Step.TAKEN));
    }

    /** Tells those who followed that the epoch has begun. */
    void end() {
        for (LearnerLink link : links) {
            if (link.isActive()) {
                link.rollOver = Step.NONE;
                zab.send(link.id, PacketType.UPTODATE, -1, null);
            }
        }
        long millis = zab.now().millisSince(beganNanos);
        zab.out().trace(new TraceEvent.EpochRolledOver(epoch, zab.history().lastLogged(), millis));
    }

    /** Whether no quorum followed in time. */
    boolean isFailed() {
        return phase != Phase.QUORUM_HAS_IT && zab.now().isAtOrAfter(deadlineNanos);
    }
}
