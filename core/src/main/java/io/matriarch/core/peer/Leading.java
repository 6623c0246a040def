package io.matriarch.core.peer;

import io.matriarch.core.election.Decision;
import io.matriarch.core.election.Election;
import io.matriarch.core.election.Vote;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent.DecisionRule;
import io.matriarch.core.zab.Leader;
import io.matriarch.core.zab.TransferAsker;
import io.matriarch.core.zab.Zab;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leads: elected, and once a quorum is synchronized, established. */
final class Leading implements Role {
    private final Zab zab;
    private final Election election;
    private final Decision decision;
    private final List<ServerId> settledElsewhere;
    private final Map<LinkId, EarlyLearner> earlyLearners;
    private final Leader leader;

    /**
     * A link accepted on the quorum port before the election was over.
     *
     * @param info the packet that came on it, if one did: nothing more is due before our answer
     */
    record EarlyLearner(String address, @Nullable QuorumPacket info) {}

    /** @param settledElsewhere voters that were heard, before the decision, to lead or to follow another server */
    Leading(
            Zab zab,
            Election election,
            Decision decision,
            List<ServerId> settledElsewhere,
            Map<LinkId, EarlyLearner> earlyLearners) {
        this.settledElsewhere = settledElsewhere;
        this.zab = zab;
        this.election = election;
        this.decision = decision;
        this.earlyLearners = earlyLearners;
        this.leader = new Leader(zab, decision.rule() == DecisionRule.ALL_HEARD);
    }

    Leader leader() {
        return leader;
    }

    @Override
    public PeerState state() {
        return PeerState.LEADING;
    }

    @Override
    public void enter(Now now) {
        earlyLearners.forEach((link, early) -> leader.linkUp(link, early.address()));
        leader.start();
        settledElsewhere.forEach(leader::settledElsewhere);
        earlyLearners.forEach((link, early) -> {
            if (early.info() != null) {
                leader.received(link, early.info());
            }
        });
        earlyLearners.clear();
    }

    @Override
    public void leave(String reason) {
        zab.gate().forgetPromises();
        zab.out().emit(new Effect.StopListening());
        leader.leave(reason);
        zab.desk().suspend(zab.now(), reason);
    }

    @Override
    public Next next() {
        leader.advance();
        return Next.after(leader.exitReason(), leader.successor());
    }

    @Override
    public void notified(Now now, ServerId from, Notification n) {
        Vote elected = decision.vote();
        boolean isNewEpochTold = leader.isEstablished() && zab.rules().tellsNewEpoch();
        long peerEpoch = isNewEpochTold ? leader.epoch() : elected.peerEpoch();
        Vote current = new Vote(elected.leader(), elected.zxid(), peerEpoch);
        election.answer(from, n, PeerState.LEADING, current, decision.round());
        if (!zab.verifier().isVoter(from)) {
            return;
        }
        boolean isForUs = n.leader().equals(zab.self());
        switch (n.state()) {
            case LOOKING -> {
                if (isForUs) {
                    leader.votedForUs(from);
                } else {
                    leader.votedElsewhere(from);
                }
            }
            case FOLLOWING, LEADING -> {
                if (!isForUs) {
                    leader.settledElsewhere(from);
                }
            }
            case OBSERVING -> {}
        }
    }

    @Override
    public void refused(Now now, ServerId peer) {
        if (zab.verifier().isVoter(peer)) {
            leader.votedElsewhere(peer);
        }
    }

    @Override
    public void learnerLinkUp(LinkId link, String address) {
        leader.linkUp(link, address);
    }

    @Override
    public void received(LinkId link, QuorumPacket packet) {
        leader.received(link, packet);
    }

    @Override
    public void linkWritable(LinkId link) {
        leader.linkWritable(link);
    }

    @Override
    public void logRead(Event.LogRead read) {
        leader.logRead(read);
    }

    @Override
    public void linkDown(Now now, LinkId link, String reason) {
        leader.linkDown(link, reason);
    }

    @Override
    public void transfer(@Nullable ServerId server, boolean isLeaving, TransferAsker asker) {
        leader.transfer(server, isLeaving, asker);
    }

    @Override
    public boolean isAlone() {
        return leader.isAlone();
    }

    @Override
    public void oracleAnswered(Now now) {
        leader.reconsider();
    }

    @Override
    public void timePassed(Now now) {
        leader.timePassed(now);
    }

    @Override
    public long deadlineNanos() {
        return leader.deadlineNanos();
    }
}
