package io.matriarch.core.peer;

import io.matriarch.core.election.Decision;
import io.matriarch.core.election.Election;
import io.matriarch.core.election.Vote;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent.DecisionRule;
import io.matriarch.core.zab.Learner;
import io.matriarch.core.zab.Zab;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns to the leader that the one before it named with a new configuration, without an election: leads at once if it is
 * ourselves, else connects (zab.md 14, election.md 4.4). If that fails, somebody has to be elected.
 *
 * <p>Nothing rests on the name: whoever leads gathers a quorum of promises and acknowledgements like any other.
 */
final class Succession implements Role {
    private final Zab zab;
    private final Election election;
    private final LearnerMasters masters;
    private final ServerId leader;
    private final String reason;
    private @Nullable Approach approach;
    private Next next = Next.STAY;

    Succession(Zab zab, Election election, LearnerMasters masters, ServerId leader, String reason) {
        this.zab = zab;
        this.masters = masters;
        this.election = election;
        this.leader = leader;
        this.reason = reason;
    }

    @Override
    public PeerState state() {
        return PeerState.LOOKING;
    }

    @Override
    public void enter(Now now) {
        if (!leader.equals(zab.self())) {
            approach = new Approach(zab, masters, leader);
        } else if (zab.membership().isVoter()) {
            zab.out().emit(new Effect.ListenForLearners());
            next = new Next.Lead(new Leading(zab, election, decision(), List.of(), new LinkedHashMap<>()), reason);
        } else {
            next = new Next.Look("named as leader without a vote");
        }
    }

    @Override
    public void leave(String why) {
        if (approach != null) {
            approach.abandon(why);
        }
    }

    @Override
    public Next next() {
        return next;
    }

    /** Whoever looks repeats itself; we have nothing to tell until we know whether the leader leads. */
    @Override
    public void notified(Now now, ServerId from, Notification n) {}

    @Override
    public void refused(Now now, ServerId peer) {
        // The named leader's port may open a moment later; it is not dead because of that.
    }

    @Override
    public void learnerLinkUp(LinkId link, String address) {
        zab.out().emit(new Effect.CloseLink(link, "this server does not lead"));
    }

    @Override
    public void leaderLinkUp(LinkId link) {
        if (approach != null && approach.owns(link)) {
            approach.linkUp(link);
        } else {
            zab.out().emit(new Effect.CloseLink(link, "not wanted any more"));
        }
    }

    @Override
    public void received(LinkId link, QuorumPacket packet) {
        Approach way = approach;
        if (way != null && way.owns(link) && way.isAnsweredBy(link, packet)) {
            approach = null; // the link goes on with the next role
            PeerState as = zab.isObserver() ? PeerState.OBSERVING : PeerState.FOLLOWING;
            Learner learner = way.learner(link);
            next = new Next.Follow(new Following(zab, election, decision(), learner, packet, as), reason);
        }
    }

    @Override
    public void linkDown(Now now, LinkId link, String why) {
        if (approach != null) {
            approach.linkDown(link);
        }
    }

    @Override
    public boolean isAlone() {
        return true;
    }

    @Override
    public void timePassed(Now now) {
        Approach way = approach;
        if (way != null && way.isOverdue(now)) {
            next = new Next.Look("server " + leader + " was named as leader and could not be joined");
        } else if (way != null) {
            way.timePassed(now);
        }
    }

    @Override
    public long deadlineNanos() {
        return approach == null ? Long.MAX_VALUE : approach.deadlineNanos();
    }

    private Decision decision() {
        Vote vote = new Vote(leader, zab.history().lastLogged(), zab.epochs().current());
        return new Decision(vote, election.round(), DecisionRule.DESIGNATED);
    }
}
