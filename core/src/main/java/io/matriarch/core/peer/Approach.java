package io.matriarch.core.peer;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.zab.Learner;
import io.matriarch.core.zab.Zab;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The way to a leader that is decided for and not joined yet: whom we dial, when again, and how long we try. */
final class Approach {
    /** Before the second try to reach the elected leader, whose port may open a moment after our decision; each pause doubles. */
    private static final int FIRST_RETRY_MILLIS = 1;

    private static final int MAX_RETRY_MILLIS = 16;
    /** How long the elected leader may be unreachable before we look anew. */
    private static final int CONNECT_BUDGET_MILLIS = 2_000;
    /** What simulations break: as much longer as initLimit may be. */
    private static final int LONG_BUDGET_FACTOR = 20;

    private final Zab zab;
    private final LearnerMasters masters;
    private final ServerId leader;
    private final long giveUpNanos;

    private final long withLeaderNanos;

    private Deque<LearnerMasters.Target> round;
    private LearnerMasters.Target target;
    private @Nullable LinkId link;
    private boolean hasDialed;
    private long retryNanos = Long.MAX_VALUE;
    private int retryMillis = FIRST_RETRY_MILLIS;

    /** Dials at once, or after the delay of an observer. */
    Approach(Zab zab, LearnerMasters masters, ServerId leader) {
        this.zab = zab;
        this.masters = masters;
        this.leader = leader;
        this.round = masters.round(leader, false);
        this.target = round.removeFirst();
        long delayMillis = masters.connectDelayMillis();
        long usualMillis = Math.max(CONNECT_BUDGET_MILLIS, 2L * zab.limits().tickMillis());
        long budgetMillis = zab.rules().givesUpApproach() ? usualMillis : LONG_BUDGET_FACTOR * usualMillis;
        this.giveUpNanos = zab.now().plusMillis(delayMillis + budgetMillis);
        this.withLeaderNanos = zab.now().plusMillis(delayMillis + budgetMillis / 2);
        if (delayMillis == 0) {
            dial();
        } else {
            retryNanos = zab.now().plusMillis(delayMillis);
        }
    }

    ServerId leader() {
        return leader;
    }

    boolean owns(LinkId other) {
        return other.equals(link);
    }

    /** The dial succeeded: we say who we are. */
    void linkUp(LinkId up) {
        zab.out().emit(new Effect.SendPacket(up, Learner.learnerInfo(zab, leader)));
    }

    void linkDown(LinkId down) {
        if (owns(down)) {
            failed();
        }
    }

    /** The first word on our link; says whether it is one to follow on. */
    boolean isAnsweredBy(LinkId answering, QuorumPacket packet) {
        if (packet.type() == PacketType.LEADERINFO) {
            return true;
        }
        zab.out().emit(new Effect.CloseLink(answering, PacketType.name(packet.type()) + " instead of LEADERINFO"));
        failed();
        return false;
    }

    /** The learner's side of our link, once it is answered. */
    Learner learner(LinkId answered) {
        return new Learner(zab, answered, leader, target.sid());
    }

    private void dial() {
        LinkId dialed = zab.nextDialed();
        link = dialed;
        hasDialed = true;
        retryNanos = Long.MAX_VALUE;
        zab.out()
                .emit(
                        target.isMaster()
                                ? new Effect.ConnectToObserverMaster(dialed, target.sid())
                                : new Effect.ConnectToLeader(dialed, target.sid()));
    }

    /** The link ended, or led to somebody who is no leader (yet): the next one is tried, at once while there is another. */
    private void failed() {
        link = null;
        if (round.isEmpty()) {
            retryNanos = zab.now().plusMillis(Math.max(retryMillis, masters.connectDelayMillis()));
            retryMillis = Math.min(MAX_RETRY_MILLIS, 2 * retryMillis);
        } else {
            target = round.removeFirst();
            dial();
        }
    }

    void timePassed(Now now) {
        if (!now.isAtOrAfter(retryNanos)) {
            return;
        }
        if (hasDialed) {
            round = masters.round(leader, now.isAtOrAfter(withLeaderNanos));
            target = round.removeFirst();
        }
        dial();
    }

    /** Whether the leader could not be joined in time. */
    boolean isOverdue(Now now) {
        return now.isAtOrAfter(giveUpNanos);
    }

    long deadlineNanos() {
        return Math.min(giveUpNanos, retryNanos);
    }

    void abandon(String reason) {
        if (link != null) {
            zab.out().emit(new Effect.CloseLink(link, reason));
            link = null;
        }
    }
}
