package io.matriarch.core.peer;

import io.matriarch.core.election.Decision;
import io.matriarch.core.election.Election;
import io.matriarch.core.election.Vote;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.zab.Learner;
import io.matriarch.core.zab.ObserverMaster;
import io.matriarch.core.zab.TransferAsker;
import io.matriarch.core.zab.Zab;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.QuorumPacket;
import org.jspecify.annotations.Nullable;

/**
 * Follows or observes a leader, from its LEADERINFO on. One class for both: they keep the same things and do the same with
 * every event, but for what the {@link Learner} does in broadcast and for the word on the election port.
 */
final class Following implements Role {
    private final Zab zab;
    private final Election election;
    private final Decision decision;
    private final Learner learner;
    private final QuorumPacket leaderInfo;
    private final PeerState state;

    Following(
            Zab zab, Election election, Decision decision, Learner learner, QuorumPacket leaderInfo, PeerState state) {
        this.zab = zab;
        this.election = election;
        this.decision = decision;
        this.learner = learner;
        this.leaderInfo = leaderInfo;
        this.state = state;
    }

    Learner learner() {
        return learner;
    }

    /** Who leads; at an observer not always the server that it is connected to. */
    ServerId leader() {
        return decision.vote().leader();
    }

    @Override
    public PeerState state() {
        return state;
    }

    @Override
    public void enter(Now now) {
        learner.received(leaderInfo);
    }

    @Override
    public void leave(String reason) {
        zab.gate().forgetPromises();
        learner.leave(reason);
        if (learner.isHandedOver() || !zab.rules().repeatsOnlyWhatIsNotProposed()) {
            zab.desk().handOver(zab.now(), reason);
        } else {
            zab.desk().suspend(zab.now(), reason);
        }
    }

    @Override
    public Next next() {
        return Next.after(learner.exitReason(), learner.successor());
    }

    /**
     * What we answer: the decision, and once we serve the epoch that it led to (election.md 2.3).
     *
     * <p>Deviation: an observer answers nobody. Its word counts nowhere, and Apache's voters answer it in turn, at line rate
     * while they look (election.md 2.4).
     */
    @Override
    public void notified(Now now, ServerId from, Notification n) {
        if (state == PeerState.OBSERVING) {
            return;
        }
        Vote elected = decision.vote();
        boolean isNewEpochTold = learner.isServing() && zab.rules().tellsNewEpoch();
        long peerEpoch = isNewEpochTold ? learner.epoch() : elected.peerEpoch();
        Vote current = new Vote(elected.leader(), elected.zxid(), peerEpoch);
        election.answer(from, n, state, current, decision.round());
    }

    @Override
    public void learnerLinkUp(LinkId link, String address) {
        ObserverMaster observers = learner.observers();
        if (observers != null) {
            observers.linkUp(link, address);
        } else {
            zab.out().emit(new Effect.CloseLink(link, "this server follows another one"));
        }
    }

    @Override
    public void received(LinkId link, QuorumPacket packet) {
        ObserverMaster observers = learner.observers();
        if (link.equals(learner.link())) {
            learner.received(packet);
        } else if (observers != null) {
            observers.received(link, packet);
        }
    }

    @Override
    public void linkWritable(LinkId link) {
        ObserverMaster observers = learner.observers();
        if (observers != null) {
            observers.linkWritable(link);
        }
    }

    @Override
    public void snapshotPieceReceived(LinkId link, SnapshotPiece piece) {
        if (link.equals(learner.link())) {
            learner.snapshotPieceReceived(piece);
        }
    }

    @Override
    public void linkDown(Now now, LinkId link, String reason) {
        ObserverMaster observers = learner.observers();
        if (link.equals(learner.link())) {
            learner.linkDown(reason);
        } else if (observers != null) {
            observers.linkDown(link, reason);
        }
    }

    @Override
    public void reloaded() {
        learner.reloaded();
    }

    /** A server that follows and stops simply goes. */
    @Override
    public void transfer(@Nullable ServerId server, boolean isLeaving, TransferAsker asker) {
        if (server == null) {
            asker.answered(false, "this server does not lead");
        } else {
            learner.transfer(server, asker);
        }
    }

    @Override
    public boolean isAlone() {
        return false;
    }

    @Override
    public void logRead(Event.LogRead read) {
        learner.logRead(read);
    }

    @Override
    public void timePassed(Now now) {
        learner.timePassed(now);
        ObserverMaster observers = learner.observers();
        if (observers != null) {
            observers.timePassed(now);
        }
    }

    @Override
    public long deadlineNanos() {
        ObserverMaster observers = learner.observers();
        long deadline = learner.deadlineNanos();
        return observers == null ? deadline : Math.min(deadline, observers.deadlineNanos());
    }
}
