package io.matriarch.core.election;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.MajorityVerifier;
import io.matriarch.core.quorum.Member;
import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.core.quorum.Membership;
import io.matriarch.core.quorum.QuorumVerifier;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** One server that looks for a leader among {@code voters}, its clock, and what it said since the last look. */
final class ElectionFixture {
    static final ElectionTiming TIMING = new ElectionTiming(30, 330, 1000, 5000);

    final Election election;
    private final List<Effect> effects = new ArrayList<>();
    private long millis;

    ElectionFixture(long self, int voters) {
        this(
                self,
                new MajorityVerifier(LongStream.rangeClosed(1, voters)
                        .mapToObj(ServerId::new)
                        .toList()));
    }

    ElectionFixture(long self, QuorumVerifier verifier) {
        this(new Membership(new ServerId(self), members(self, verifier), members(self, verifier), voters -> verifier));
    }

    ElectionFixture(Membership membership) {
        election =
                new Election(membership.self(), membership, TIMING, ElectionRules.CORRECT, effects::add, new Random(7));
    }

    /** The voters, and ourselves as an observer if we are none of them. */
    private static Configuration members(long self, QuorumVerifier verifier) {
        Set<ServerId> sids = new TreeSet<>(verifier.voters());
        sids.add(new ServerId(self));
        return Configuration.of(
                0,
                sids.stream()
                        .map(sid -> Member.at(sid, verifier.isVoter(sid), new MemberAddress("h", 1, 2)))
                        .toList(),
                null);
    }

    static Vote vote(long leader, long zxid, long peerEpoch) {
        return new Vote(new ServerId(leader), new Zxid(zxid), peerEpoch);
    }

    /** Enters LOOKING with this history and forgets what it said. */
    ElectionFixture looking(Vote own) {
        election.start(now(), own, "test");
        effects.clear();
        return this;
    }

    ElectionFixture looks(long from, Vote vote, long round) {
        return word(from, PeerState.LOOKING, vote, round);
    }

    ElectionFixture follows(long from, Vote vote, long round) {
        return word(from, PeerState.FOLLOWING, vote, round);
    }

    ElectionFixture leads(long from, Vote vote, long round) {
        return word(from, PeerState.LEADING, vote, round);
    }

    ElectionFixture refuses(long peer) {
        election.refused(now(), new ServerId(peer));
        return this;
    }

    ElectionFixture afterMillis(long passed) {
        millis += passed;
        election.timePassed(now());
        return this;
    }

    /** What was said to {@code to} since {@link #forget}, as "STATE (leader, zxid, epoch) round". */
    List<String> saidTo(long to) {
        List<String> said = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.SendNotification send && send.to().equals(new ServerId(to))) {
                Notification n = send.notification();
                said.add(n.state() + " (" + n.leader() + ", " + n.zxid().value() + ", " + n.peerEpoch() + ") round "
                        + n.round());
            }
        }
        return said;
    }

    /** Forgets what was said so far. */
    ElectionFixture forget() {
        effects.clear();
        return this;
    }

    /** What the trace says of how long the election took, in milliseconds; -1 if there is no decision. */
    long decidedAfterMillis() {
        return effects.stream()
                .filter(Effect.Trace.class::isInstance)
                .map(effect -> ((Effect.Trace) effect).event())
                .filter(TraceEvent.LeaderDecided.class::isInstance)
                .mapToLong(event -> ((TraceEvent.LeaderDecided) event).millisSinceStart())
                .findFirst()
                .orElse(-1);
    }

    TraceEvent.DecisionRule decidedBy() {
        Decision decision = election.decision();
        return decision == null ? null : decision.rule();
    }

    Long decidedFor() {
        Decision decision = election.decision();
        return decision == null ? null : decision.vote().leader().value();
    }

    Now now() {
        return new Now(millis * 1_000_000, millis);
    }

    private ElectionFixture word(long from, PeerState state, Vote vote, long round) {
        election.received(
                now(),
                new ServerId(from),
                new Notification(state, vote.leader(), vote.zxid(), round, vote.peerEpoch(), 2, null));
        return this;
    }
}
