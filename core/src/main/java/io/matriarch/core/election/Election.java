package io.matriarch.core.election;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.Now;
import io.matriarch.core.quorum.Membership;
import io.matriarch.core.quorum.QuorumVerifier;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server's part in all its elections: the round it is in, and, while it looks for a leader, one {@link Stay}.
 *
 * <p>The round rises by one at each {@link #start} and never falls but by joining an established ensemble (election.md
 * 8.7). All effects go to the sink given at construction.
 */
public final class Election {
    private final ServerId self;
    private final Membership membership;
    private final ElectionTiming timing;
    private final ElectionRules rules;
    private final EffectSink out;
    private final Random random;

    private long round;
    /** Since when this server looks, through all rounds (3479). */
    private long sinceNanos;

    private @Nullable Stay stay;

    /**
     * @param membership whose committed configuration is sent with every notification
     * @param random jitter of repeats
     */
    public Election(
            ServerId self,
            Membership membership,
            ElectionTiming timing,
            ElectionRules rules,
            EffectSink out,
            Random random) {
        this.self = self;
        this.membership = membership;
        this.timing = timing;
        this.rules = rules;
        this.out = out;
        this.random = random;
    }

    /**
     * Begins to look for a leader, or looks on among other members: a new round, a vote for ourselves, told to all voters.
     *
     * @param ownVote our own durable history; its zxid is {@code Zxid.NONE} if it must not be counted
     * @param trigger what made us look, for people
     */
    public void start(Now now, Vote ownVote, String trigger) {
        if (stay == null) {
            sinceNanos = now.nanos();
        }
        Stay next = new Stay(this, ownVote);
        stay = next;
        next.begin(now, trigger);
    }

    /** Ends the stay: we lead, or joined a leader, and take over its round, which may be lower than ours. */
    public void finish(Decision decision) {
        round = decision.round();
        stay = null;
    }

    /**
     * Tells whom we promised our vote, while we looked, that we follow another server: it may lead by that vote, and would
     * wait for us up to {@code initLimit} (election.md F9). An Apache server that leads passes such a word over.
     */
    public void tellForsaken(Decision joined) {
        if (!rules.tellsForsaken()) {
            return;
        }
        for (ServerId candidate : current().forsakenFor(joined.vote().leader())) {
            tell(candidate, PeerState.FOLLOWING, joined.vote(), joined.round());
        }
    }

    /** Voters that, as far as was heard, will not follow us: they follow another server, or lead (F7). */
    public List<ServerId> settledElsewhere() {
        return current().settledElsewhere();
    }

    /** Ends the stay without an outcome: the server stops. */
    public void stop() {
        stay = null;
    }

    /** A voter or stranger spoke while we look. */
    public void received(Now now, ServerId from, Notification n) {
        current().received(now, from, n);
    }

    /** Dialling {@code peer} was refused: it is known to be down until it is heard of again (F2). */
    public void refused(Now now, ServerId peer) {
        current().refused(now, peer);
    }

    /** There is a connection to {@code peer}: it is not down. */
    public void linkUp(ServerId peer) {
        current().isUp(peer);
    }

    /** An oracle spoke: what is a quorum may have changed. */
    public void reconsider(Now now) {
        current().reconsider(now);
    }

    public void timePassed(Now now) {
        current().timePassed(now);
    }

    /**
     * The server decided for cannot be reached: look again, in a new round, since votes never fall within one.
     *
     * @param reason for people
     */
    public void abandon(Now now, String reason) {
        current().abandon(now, reason);
    }

    /** The decision, while it stands; a better vote or a newer round takes it back (F6). */
    public @Nullable Decision decision() {
        return current().decision();
    }

    /** Whether a quorum backs our own vote: we may have to lead at any moment (F5). */
    public boolean isLikelyToLead() {
        return current().isLikelyToLead();
    }

    public long deadlineNanos() {
        return stay == null ? Long.MAX_VALUE : stay.deadlineNanos();
    }

    public long round() {
        return round;
    }

    /**
     * Answers a server that looks for a leader while we do not (election.md 2.4): one notification with our current
     * vote. Servers that do not look get none, so that no two servers can answer each other for ever.
     */
    public void answer(ServerId from, Notification n, PeerState ourState, Vote currentVote, long currentRound) {
        if (n.state() == PeerState.LOOKING || !rules.answersOnlyWhoLooks()) {
            // Compat: a stranger is told our logical clock, a voter the round of the decision (election.md 2.3).
            tell(from, ourState, currentVote, verifier().isVoter(from) ? currentRound : round);
        }
    }

    void tell(ServerId to, PeerState state, Vote vote, long inRound) {
        String configText = membership.committed().text();
        int version = rules.namesForm() ? Notification.VERSION : 0;
        out.emit(new Effect.SendNotification(
                to,
                new Notification(state, vote.leader(), vote.zxid(), inRound, vote.peerEpoch(), version, configText)));
    }

    void setRound(long round) {
        this.round = round;
    }

    void beginRound(Now now) {
        round++;
        if (!rules.timesWholeElection()) {
            sinceNanos = now.nanos();
        }
    }

    long sinceNanos() {
        return sinceNanos;
    }

    ServerId self() {
        return self;
    }

    Membership membership() {
        return membership;
    }

    /** The rule of every active configuration. */
    QuorumVerifier verifier() {
        return membership.active();
    }

    /** Voters and observers of the committed configuration. */
    Set<ServerId> members() {
        return membership.committed().members().keySet();
    }

    ElectionTiming timing() {
        return timing;
    }

    ElectionRules rules() {
        return rules;
    }

    EffectSink out() {
        return out;
    }

    /** {@code millis}, give or take a tenth. */
    long withJitter(long millis) {
        return millis - millis / 10 + random.nextInt((int) Math.max(1, millis / 5));
    }

    private Stay current() {
        if (stay == null) {
            throw new IllegalStateException("server " + self + " is not looking for a leader");
        }
        return stay;
    }
}
