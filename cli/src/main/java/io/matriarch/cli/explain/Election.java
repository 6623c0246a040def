package io.matriarch.cli.explain;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One election of an ensemble, as all its servers saw it, on one clock.
 *
 * @param epoch the epoch that it began; null if no leader was established
 * @param leader who leads it; null if nobody does
 * @param participants the servers that looked for a leader before it was established, by id; never empty
 * @param later those that joined it afterwards
 * @param before the terms of the epoch before, by id: how that ended
 * @param offsets how far each server's clock was ahead
 * @param roster the members, as far as known
 * @param establishedMicros when the leader was established, as it or the first that it served knew; null if it was not
 */
record Election(
        @Nullable Long epoch,
        @Nullable Long leader,
        List<Term> participants,
        List<Term> later,
        List<Term> before,
        Map<Long, Clocks.Offset> offsets,
        JournalEntry.Roster roster,
        @Nullable Long establishedMicros) {

    /** With these servers too, of those that came afterwards. */
    Election withLater(List<Term> more) {
        List<Term> all = new ArrayList<>(later);
        more.stream().filter(Term::isLast).forEach(all::add);
        return new Election(epoch, leader, participants, all, before, offsets, roster, establishedMicros);
    }

    /**
     * When the first server began to look; of those that served before, if there are any: one that has been starting since
     * long before shows no outage.
     */
    long firstLookMicros() {
        boolean hasServed = participants.stream().anyMatch(term -> !term.isStart());
        return participants.stream()
                .filter(term -> !(hasServed && term.isStart()))
                .mapToLong(Term::fromMicros)
                .min()
                .orElseThrow();
    }

    /** When it was over, or as long as it was seen. */
    long endMicros() {
        Long established = establishedMicros;
        return established != null
                ? established
                : participants.stream().mapToLong(Term::servingMicros).max().orElseThrow();
    }

    /** What the participants went through while they looked, in order of time; ties as in their journals. */
    List<Moment> moments() {
        return participants.stream()
                .flatMap(term -> term.search().stream())
                .sorted(Comparator.comparingLong(Moment::micros))
                .toList();
    }

    /** All events of this kind in the search of the leader, or of anybody if the leader keeps no journal. */
    <E extends Record> Stream<Moment> ofDeciders(Class<E> kind) {
        List<Term> leaders = participants.stream()
                .filter(term -> Long.valueOf(term.sid()).equals(leader))
                .toList();
        return (leaders.isEmpty() ? participants : leaders)
                .stream()
                        .flatMap(term -> term.search().stream())
                        .filter(moment -> kind.isInstance(moment.event()))
                        .sorted(Comparator.comparingLong(Moment::micros));
    }

    /**
     * The decision that this election came to: the leader's last one, or where that keeps no journal the first for it. Null
     * if there was none.
     */
    @Nullable
    Moment decision() {
        Stream<Moment> decisions = ofDeciders(TraceEvent.LeaderDecided.class)
                .filter(moment ->
                        moment.event() instanceof TraceEvent.LeaderDecided decided && isForLeader(decided.vote()));
        return isLeaderHeard()
                ? decisions.reduce((earlier, late) -> late).orElse(null)
                : decisions.findFirst().orElse(null);
    }

    /** When the server that came to {@link #decision} saw a quorum for it; null if it saw none. */
    @Nullable
    Moment quorum() {
        Moment decision = decision();
        return ofDeciders(TraceEvent.QuorumAgreed.class)
                .filter(moment -> moment.event() instanceof TraceEvent.QuorumAgreed agreed
                        && isForLeader(agreed.vote())
                        && (decision == null
                                || (moment.sid() == decision.sid() && moment.micros() <= decision.micros())))
                .reduce((earlier, late) -> late)
                .orElse(null);
    }

    /** The vote that won. */
    TraceEvent.@Nullable Vote winner() {
        Moment decision = decision();
        return decision == null ? null : ((TraceEvent.LeaderDecided) decision.event()).vote();
    }

    private boolean isForLeader(TraceEvent.Vote vote) {
        return leader == null || vote.leader().value() == leader;
    }

    private boolean isLeaderHeard() {
        Long who = leader;
        return who != null && participant(who) != null;
    }

    /** The term of this server among the participants; null if it took no part or keeps no journal. */
    @Nullable
    Term participant(long sid) {
        return participants.stream()
                .filter(term -> term.sid() == sid)
                .findFirst()
                .orElse(null);
    }

    /** Everybody who was seen, and every member. */
    Set<Long> servers() {
        Set<Long> servers = new TreeSet<>();
        roster.voters().forEach(sid -> servers.add(sid.value()));
        roster.observers().forEach(sid -> servers.add(sid.value()));
        participants.forEach(term -> servers.add(term.sid()));
        return servers;
    }

    boolean isVoter(long sid) {
        return roster.voters().stream().anyMatch(voter -> voter.value() == sid);
    }

    /** Whether the leader before named this one: nobody voted. */
    boolean isSuccession() {
        return establishedMicros != null
                && participants.stream().allMatch(term -> term.search().stream()
                        .noneMatch(moment -> moment.event() instanceof TraceEvent.ElectionStarted));
    }

    /** Whether the participants only joined a leader that was there: nobody was elected. */
    boolean isJoinOnly() {
        return establishedMicros != null
                && participants.stream().allMatch(term -> isJoin(term.last(Election::decided)));
    }

    private static TraceEvent.@Nullable LeaderDecided decided(Record event) {
        return event instanceof TraceEvent.LeaderDecided decided ? decided : null;
    }

    private static boolean isJoin(TraceEvent.@Nullable LeaderDecided decided) {
        return decided != null && decided.rule() == TraceEvent.DecisionRule.LEADER_WORD;
    }
}
