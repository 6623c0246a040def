package io.matriarch.core.peer;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.zab.Learner;
import io.matriarch.core.zab.Zab;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import org.jspecify.annotations.Nullable;

/** The way to a leader that is decided for and not joined yet: dialled until it answers or the time for it is over. */
final class Approach {
    /** Between tries to reach the leader, whose port may open a moment after our decision. */
    private static final int CONNECT_RETRY_MILLIS = 15;
    /** How long the leader may be unreachable before we look anew. */
    private static final int CONNECT_BUDGET_MILLIS = 2_000;

    private final Zab zab;
    private final ServerId leader;
    private final long giveUpNanos;
    private @Nullable LinkId link;
    private long retryNanos = Long.MAX_VALUE;

    /** Dials {@code leader}. */
    Approach(Zab zab, ServerId leader) {
        this.zab = zab;
        this.leader = leader;
        int budgetMillis = Math.max(CONNECT_BUDGET_MILLIS, 2 * zab.limits().tickMillis());
        this.giveUpNanos = zab.now().plusMillis(budgetMillis);
        connect();
    }

    ServerId leader() {
        return leader;
    }

    boolean owns(LinkId other) {
        return other.equals(link);
    }

    /** The dial succeeded: we say who we are. */
    void linkUp(LinkId up) {
        zab.out().emit(new Effect.SendPacket(up, Learner.learnerInfo(zab)));
    }

    void linkDown(LinkId down) {
        if (owns(down)) {
            retryLater();
        }
    }

    /** The leader's first word on our link; says whether it is one to follow on. */
    boolean isAnsweredBy(LinkId answering, QuorumPacket packet) {
        if (packet.type() == PacketType.LEADERINFO) {
            return true;
        }
        zab.out().emit(new Effect.CloseLink(answering, PacketType.name(packet.type()) + " instead of LEADERINFO"));
        retryLater();
        return false;
    }

    boolean isOverdue(Now now) {
        return now.isAtOrAfter(giveUpNanos);
    }

    void timePassed(Now now) {
        if (now.isAtOrAfter(retryNanos)) {
            connect();
        }
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

    private void connect() {
        LinkId dialled = zab.nextDialed();
        link = dialled;
        retryNanos = Long.MAX_VALUE;
        zab.out().emit(new Effect.ConnectToLeader(dialled, leader));
    }

    private void retryLater() {
        link = null;
        retryNanos = zab.now().plusMillis(CONNECT_RETRY_MILLIS);
    }
}
