package io.matriarch.cli.explain;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One part of the time without a leader. The phases of an election follow one another without a gap.
 *
 * @param name noticing (or starting), voting, discovery, synchronization, first write; before the voting gathering, if it
 *     took long until as many voters looked as have to agree
 */
record Phase(String name, long fromMicros, long toMicros) {
    static final String NOTICING = "noticing";
    static final String STARTING = "starting";
    static final String GATHERING = "gathering";
    static final String VOTING = "voting";
    static final String DISCOVERY = "discovery";
    static final String SYNCHRONIZATION = "synchronization";
    static final String FIRST_WRITE = "first write";

    private static final long LONG_GATHERING_MICROS = 50_000;

    long micros() {
        return toMicros - fromMicros;
    }

    /** The phases of an election that came to an end; as far as it came, of one that did not. */
    static List<Phase> of(Election election) {
        Long zero = lastSignMicros(election);
        long from = zero == null ? election.firstLookMicros() : zero;
        List<Phase> phases = new ArrayList<>();
        from = add(phases, zero == null ? STARTING : NOTICING, from, firstVoteMicros(election));
        from = addIfLong(phases, GATHERING, from, quorumLooksMicros(election));
        from = add(phases, VOTING, from, decidedMicros(election));
        from = add(phases, DISCOVERY, from, synchronizationMicros(election));
        Long established = election.establishedMicros();
        from = add(
                phases,
                SYNCHRONIZATION,
                from,
                established == null ? OptionalLong.empty() : OptionalLong.of(established));
        if (established != null) {
            add(phases, FIRST_WRITE, from, firstCommitMicros(election));
        }
        return phases;
    }

    private static long addIfLong(List<Phase> phases, String name, long from, OptionalLong to) {
        return to.isPresent() && to.getAsLong() - from > LONG_GATHERING_MICROS ? add(phases, name, from, to) : from;
    }

    private static long add(List<Phase> phases, String name, long from, OptionalLong to) {
        if (to.isEmpty()) {
            return from;
        }
        long end = Math.max(from, to.getAsLong());
        phases.add(new Phase(name, from, end));
        return end;
    }

    /**
     * The last instant at which the leader before was certainly there: when it stopped or gave up by itself, or when the last
     * of those who lost it had last heard of it. Null if nobody knows of a leader before.
     */
    static @Nullable Long lastSignMicros(Election election) {
        Long leader = previousLeader(election);
        if (leader == null) {
            return null;
        }
        OptionalLong own = ownEndMicros(election, leader);
        if (own.isPresent()) {
            return Math.min(own.getAsLong(), election.firstLookMicros());
        }
        OptionalLong heard = losses(election)
                .mapToLong(
                        moment -> moment.micros() - ((TraceEvent.LeaderLost) moment.event()).millisSinceHeard() * 1000)
                .max();
        return heard.isPresent() ? Math.min(heard.getAsLong(), election.firstLookMicros()) : null;
    }

    /** Whom the participants lost, or else who led the epoch before; null if nobody knows. */
    static @Nullable Long previousLeader(Election election) {
        Long lost = losses(election)
                .map(moment -> ((TraceEvent.LeaderLost) moment.event()).leader().value())
                .findFirst()
                .orElse(null);
        if (lost != null) {
            return lost;
        }
        boolean hasServed = election.participants().stream().anyMatch(term -> !term.isStart());
        return hasServed ? leaderBefore(election) : null;
    }

    private static @Nullable Long leaderBefore(Election election) {
        return election.before().stream()
                .filter(term -> term.first(TraceEvent.LeaderEstablished.class) != null)
                .map(Term::sid)
                .findFirst()
                .orElse(null);
    }

    private static Stream<Moment> losses(Election election) {
        return election.participants().stream()
                .flatMap(term -> term.search().stream())
                .filter(moment -> moment.event() instanceof TraceEvent.LeaderLost);
    }

    /** When the leader before stopped or gave up, as it says itself. */
    static OptionalLong ownEndMicros(Election election, long leader) {
        Term participating = election.participant(leader);
        if (participating != null
                && isResignation(participating.moments().get(0).event())) {
            return OptionalLong.of(participating.fromMicros());
        }
        return election.before().stream()
                .filter(term -> term.sid() == leader)
                .flatMap(term -> term.service().stream())
                .filter(moment -> moment.event() instanceof JournalEntry.Stopped)
                .mapToLong(Moment::micros)
                .max();
    }

    static boolean isResignation(Record event) {
        return event instanceof TraceEvent.RoleChanged changed && changed.from() == PeerState.LEADING;
    }

    private static OptionalLong firstVoteMicros(Election election) {
        return election.moments().stream()
                .filter(moment -> moment.event() instanceof TraceEvent.ElectionStarted
                        && moment.micros() >= election.firstLookMicros())
                .mapToLong(Moment::micros)
                .min();
    }

    /** When as many voters looked as a majority has: before that no vote can decide. */
    private static OptionalLong quorumLooksMicros(Election election) {
        int majority = election.roster().voters().size() / 2 + 1;
        return election.roster().voters().stream()
                .flatMapToLong(voter -> looksMicros(election, voter.value()))
                .sorted()
                .limit(majority)
                .max();
    }

    private static LongStream looksMicros(Election election, long sid) {
        LongStream own = election.participants().stream()
                .filter(term -> term.sid() == sid)
                .flatMap(term -> term.search().stream())
                .filter(moment -> moment.event() instanceof TraceEvent.ElectionStarted)
                .mapToLong(Moment::micros);
        LongStream heard = election.moments().stream()
                .filter(moment -> moment.event() instanceof TraceEvent.VoteReceived word
                        && word.from().value() == sid
                        && word.state() == PeerState.LOOKING)
                .mapToLong(Moment::micros);
        return LongStream.concat(own, heard).min().stream();
    }

    private static OptionalLong decidedMicros(Election election) {
        Moment decision = election.decision();
        return decision == null ? OptionalLong.empty() : OptionalLong.of(decision.micros());
    }

    private static OptionalLong synchronizationMicros(Election election) {
        return election.ofDeciders(TraceEvent.PhaseEntered.class)
                .filter(moment -> moment.event() instanceof TraceEvent.PhaseEntered entered
                        && entered.phase().equals(SYNCHRONIZATION)
                        && Long.valueOf(entered.epoch()).equals(election.epoch()))
                .mapToLong(Moment::micros)
                .min();
    }

    private static OptionalLong firstCommitMicros(Election election) {
        return election.participants().stream()
                .flatMap(term -> term.service().stream())
                .filter(moment -> moment.event() instanceof TraceEvent.FirstCommit commit
                        && Long.valueOf(commit.epoch()).equals(election.epoch()))
                .mapToLong(Moment::micros)
                .min();
    }
}
