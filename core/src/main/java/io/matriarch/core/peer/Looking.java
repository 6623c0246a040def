package io.matriarch.core.peer;

import io.matriarch.core.election.Decision;
import io.matriarch.core.election.Election;
import io.matriarch.core.election.Vote;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.zab.Learner;
import io.matriarch.core.zab.Zab;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a leader. A decision for ourselves makes us lead at once. A decision for another server is tentative (F6):
 * we stay LOOKING for everybody, go on hearing votes, and meanwhile connect; only the leader's first packet makes us
 * follow.
 */
final class Looking implements Role {
    /** Bounds of what is held for learners that come before we lead; a FOLLOWERINFO has 28 bytes. */
    private static final int MAX_EARLY_LEARNERS = 1_000;

    private static final int MAX_EARLY_BYTES = 1_000;

    /** Looking may be over soon: so long nobody is served without a quorum, or for a tick if that is longer. */
    private static final int READ_ONLY_AFTER_MILLIS = 2_000;

    private final Zab zab;
    private final Election election;
    private final LearnerMasters masters;
    private final String trigger;
    private final long delayMillis;

    private long startNanos;
    private final Map<LinkId, Leading.EarlyLearner> earlyLearners = new LinkedHashMap<>();

    private boolean isDue;
    private boolean isStarted;
    private boolean isListening;
    /** When clients are served without a quorum; Long.MAX_VALUE if never, or already. */
    private long readOnlyNanos = Long.MAX_VALUE;

    private Next next = Next.STAY;
    private @Nullable Approach approach;

    Looking(Zab zab, Election election, LearnerMasters masters, String trigger, long delayMillis) {
        this.zab = zab;
        this.masters = masters;
        this.delayMillis = delayMillis;
        this.election = election;
        this.trigger = trigger;
    }

    @Override
    public PeerState state() {
        return PeerState.LOOKING;
    }

    /** An observer may have to wait a moment, so that not all of them ask at once (zab.md 11). */
    @Override
    public void enter(Now now) {
        startNanos = now.plusMillis(delayMillis);
        if (now.isAtOrAfter(startNanos)) {
            begin();
        }
    }

    /** Our vote claims what is in our log, so it waits until that is durable (election.md 6.5, item 12). */
    private void begin() {
        isDue = true;
        if (zab.history().isReloading()) {
            return; // reloaded() comes
        }
        if (zab.rules().votesWhenAllIsStored()) {
            zab.gate().whenStored(this::vote);
        } else {
            vote();
        }
    }

    private void vote() {
        isStarted = true;
        if (zab.desk().sessionRules().hasReadOnly()) {
            int waitMillis = Math.max(READ_ONLY_AFTER_MILLIS, zab.limits().tickMillis());
            readOnlyNanos = zab.now().plusMillis(waitMillis);
        }
        election.start(zab.now(), ownVote(), trigger);
        pursue();
    }

    @Override
    public void leave(String reason) {
        zab.desk().endReadOnly(reason);
        abandonApproach(reason);
        Decision decision = isStarted ? election.decision() : null;
        if (decision != null) {
            if (next instanceof Next.Follow && !zab.isObserver()) {
                election.tellForsaken(decision);
            }
            election.finish(decision);
        } else {
            election.stop();
        }
        if (isListening && !(next instanceof Next.Lead)) {
            stopListening(reason);
        }
    }

    @Override
    public void reloaded() {
        if (isDue) {
            begin();
        }
    }

    @Override
    public Next next() {
        return next;
    }

    @Override
    public void notified(Now now, ServerId from, Notification n) {
        if (isStarted) {
            adoptConfiguration(n);
            election.received(now, from, n);
            pursue();
        }
    }

    /** If the members are others now, the votes so far say nothing: the election begins anew. */
    private void adoptConfiguration(Notification n) {
        if (ToldConfiguration.adopt(zab, n)) {
            abandonApproach("the configuration changed");
            election.start(
                    zab.now(),
                    ownVote(),
                    "learned of configuration "
                            + new Zxid(zab.membership().committed().version()));
        }
    }

    @Override
    public void electionLinkUp(ServerId peer) {
        if (isStarted) {
            election.linkUp(peer);
        }
    }

    @Override
    public void refused(Now now, ServerId peer) {
        if (isStarted) {
            election.refused(now, peer);
            pursue();
        }
    }

    @Override
    public boolean isAlone() {
        return true;
    }

    @Override
    public void oracleAnswered(Now now) {
        if (isStarted) {
            election.reconsider(now);
            pursue();
        }
    }

    @Override
    public void timePassed(Now now) {
        if (!isDue && now.isAtOrAfter(startNanos)) {
            begin();
        }
        if (!isStarted) {
            return;
        }
        election.timePassed(now);
        if (now.isAtOrAfter(readOnlyNanos)) {
            // Only clients are concerned: the election goes on, and neither log nor tree changes (zab.md D20).
            readOnlyNanos = Long.MAX_VALUE;
            zab.desk().serveReadOnly(now);
        }
        Approach way = approach;
        if (way != null && way.isOverdue(now)) {
            election.abandon(now, "server " + way.leader() + " could not be joined in time");
        } else if (way != null) {
            way.timePassed(now);
        }
        pursue();
    }

    @Override
    public long deadlineNanos() {
        if (!isDue) {
            return startNanos;
        }
        Approach way = approach;
        long own = way == null ? Long.MAX_VALUE : way.deadlineNanos();
        return Math.min(Math.min(own, readOnlyNanos), election.deadlineNanos());
    }

    // --- leading -------------------------------------------------------------------------------------------------

    @Override
    public void learnerLinkUp(LinkId link, String address) {
        if (isListening && earlyLearners.size() < MAX_EARLY_LEARNERS) {
            earlyLearners.put(link, new Leading.EarlyLearner(address, null));
        } else {
            zab.out().emit(new Effect.CloseLink(link, "this server does not lead"));
        }
    }

    /** F5: the quorum port opens as soon as we may have to lead, and closes the moment we vote for somebody else. */
    private void listenIfLikelyToLead() {
        boolean isLikely = election.isLikelyToLead();
        if (isLikely && !isListening) {
            isListening = true;
            zab.out().emit(new Effect.ListenForLearners());
        } else if (!isLikely && isListening) {
            stopListening("votes for another server");
        }
    }

    /** A server that decided before us says its FOLLOWERINFO at once and once only: it waits for our decision (F5). */
    private void hold(LinkId link, Leading.EarlyLearner early, QuorumPacket packet) {
        boolean isShort = packet.data() == null || packet.data().length() <= MAX_EARLY_BYTES;
        if (early.info() == null && isShort) {
            earlyLearners.put(link, new Leading.EarlyLearner(early.address(), packet));
        } else {
            earlyLearners.remove(link);
            zab.out().emit(new Effect.CloseLink(link, "said more than FOLLOWERINFO before it was answered"));
        }
    }

    private void stopListening(String reason) {
        isListening = false;
        zab.out().emit(new Effect.StopListening());
        earlyLearners.keySet().forEach(link -> zab.out().emit(new Effect.CloseLink(link, reason)));
        earlyLearners.clear();
    }

    // --- joining -------------------------------------------------------------------------------------------------

    /** Does what the election's present outcome asks for. */
    private void pursue() {
        if (!(next instanceof Next.Stay)) {
            return;
        }
        listenIfLikelyToLead();
        Decision decision = election.decision();
        if (decision == null) {
            abandonApproach("the vote changed");
        } else if (decision.vote().leader().equals(zab.self())) {
            Leading leading = new Leading(zab, election, decision, election.settledElsewhere(), earlyLearners);
            next = new Next.Lead(leading, "elected in round " + decision.round());
        } else if (approach == null || !approach.leader().equals(decision.vote().leader())) {
            abandonApproach("the vote changed");
            approach = new Approach(zab, masters, decision.vote().leader());
        }
    }

    @Override
    public void leaderLinkUp(LinkId link) {
        Approach way = approach;
        if (way == null || !way.owns(link)) {
            zab.out().emit(new Effect.CloseLink(link, "not wanted any more"));
            return;
        }
        way.linkUp(link);
    }

    @Override
    public void received(LinkId link, QuorumPacket packet) {
        Leading.EarlyLearner early = earlyLearners.get(link);
        if (early != null) {
            hold(link, early, packet);
            return;
        }
        Approach way = approach;
        if (way == null || !way.owns(link)) {
            return; // a link of the role before, closed while this was on its way
        }
        Decision decision = election.decision();
        if (decision == null || !way.isAnsweredBy(link, packet)) {
            return;
        }
        approach = null; // the link goes on with the next role
        PeerState as = zab.isObserver() ? PeerState.OBSERVING : PeerState.FOLLOWING;
        Learner learner = way.learner(link);
        Following following = new Following(zab, election, decision, learner, packet, as);
        next = new Next.Follow(following, "joined server " + learner.learnerMaster());
    }

    @Override
    public void linkDown(Now now, LinkId link, String reason) {
        earlyLearners.remove(link);
        if (approach != null) {
            approach.linkDown(link);
        }
    }

    private void abandonApproach(String reason) {
        if (approach != null) {
            approach.abandon(reason);
            approach = null;
        }
    }

    private Vote ownVote() {
        if (zab.isObserver()) {
            return Vote.OF_OBSERVER;
        }
        boolean isTrusted = zab.history().isTrusted();
        Zxid claimed = zab.rules().votesForWhatIsLogged()
                ? zab.history().lastLogged()
                : zab.history().tree().lastApplied();
        Zxid last = isTrusted ? claimed : Zxid.NONE;
        long epoch = isTrusted ? zab.epochs().current() : -1;
        return zab.membership().isVoter() ? new Vote(zab.self(), last, epoch) : Vote.ofNonVoter(last, epoch);
    }
}
