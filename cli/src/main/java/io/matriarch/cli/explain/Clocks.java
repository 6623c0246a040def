package io.matriarch.cli.explain;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
import io.matriarch.wire.election.PeerState;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far the clocks of servers are apart, from the votes that they told each other.
 *
 * <p>A vote that A told at {@code a} on its clock and B heard at {@code b} on its own shows {@code b - a}: the time on the
 * way and the difference of the clocks. The least of those one way and of those the other way bound the difference from
 * both sides. Clocks that agree as far as these bounds show are left as they are; if they cannot agree, the middle of the
 * bounds is off by half of what both ways take together at most (as in NTP).
 */
final class Clocks {
    /** A process takes its first instant from a clock of whole milliseconds. */
    private static final long GRAIN_MICROS = 1000;

    private final Map<Way, Long> least = new HashMap<>();

    private record Way(long from, long to) {}

    private record Word(long from, long to, PeerState state, TraceEvent.Vote vote) {}

    /**
     * @param aheadMicros how far a server's clock is ahead of the reference's
     * @param errorMicros how far that may be off; -1 if nothing is known and the clock is taken as it is
     */
    record Offset(long aheadMicros, long errorMicros) {
        static final Offset UNKNOWN = new Offset(0, -1);
    }

    private Clocks() {}

    /**
     * Compares the clocks of these terms' servers.
     *
     * @param terms those of an election, and all others in which the same votes may have been told
     * @param known what is known of them otherwise; one of these is taken where there is one
     * @return an offset for each server of the terms, all from the same reference
     */
    static Map<Long, Offset> compare(Collection<Term> terms, Map<Long, Offset> known) {
        Clocks clocks = new Clocks();
        clocks.read(terms);
        Set<Long> servers = new TreeSet<>();
        terms.forEach(term -> servers.add(term.sid()));
        Map<Long, Offset> found = new TreeMap<>();
        while (found.size() < servers.size()) {
            Long next = clocks.nearest(servers, found);
            if (next == null) {
                // Nobody is connected to those that are found: begin anew with the first that is left.
                next = servers.stream()
                        .filter(sid -> !found.containsKey(sid))
                        .findFirst()
                        .orElseThrow();
                found.put(next, known.getOrDefault(next, found.isEmpty() ? new Offset(0, 0) : Offset.UNKNOWN));
            } else {
                found.put(next, clocks.best(next, found));
            }
        }
        return found;
    }

    private void read(Collection<Term> terms) {
        Map<Word, Long> told = new HashMap<>();
        for (Term term : terms) {
            for (Moment moment : term.moments()) {
                if (moment.event() instanceof JournalEntry.Told word) {
                    Word key = new Word(moment.sid(), word.to().value(), word.state(), word.vote());
                    // Which of several was heard is not known; none was heard before the first was told.
                    told.merge(key, moment.micros(), Math::min);
                }
            }
        }
        for (Term term : terms) {
            for (Moment moment : term.moments()) {
                if (moment.event() instanceof TraceEvent.VoteReceived word) {
                    Word key = new Word(word.from().value(), moment.sid(), word.state(), word.vote());
                    Long at = told.get(key);
                    if (at != null) {
                        least.merge(new Way(key.from(), key.to()), moment.micros() - at, Math::min);
                    }
                }
            }
        }
    }

    /** The server whose clock can be told best by those that are found; null if by none. */
    private @Nullable Long nearest(Set<Long> servers, Map<Long, Offset> found) {
        Long nearest = null;
        long error = Long.MAX_VALUE;
        for (long sid : servers) {
            Offset offset = found.containsKey(sid) ? null : best(sid, found);
            if (offset != null && offset.errorMicros() < error) {
                nearest = sid;
                error = offset.errorMicros();
            }
        }
        return nearest;
    }

    private @Nullable Offset best(long sid, Map<Long, Offset> found) {
        Offset best = null;
        for (Map.Entry<Long, Offset> other : found.entrySet()) {
            Offset offset = between(other.getKey(), other.getValue(), sid);
            if (offset != null && (best == null || offset.errorMicros() < best.errorMicros())) {
                best = offset;
            }
        }
        return best;
    }

    private @Nullable Offset between(long a, Offset ofA, long b) {
        Long there = least.get(new Way(a, b));
        Long back = least.get(new Way(b, a));
        if (there == null || back == null) {
            return null;
        }
        long errorOfA = Math.max(0, ofA.errorMicros());
        long low = ofA.aheadMicros() - back - errorOfA - GRAIN_MICROS;
        long high = ofA.aheadMicros() + there + errorOfA + GRAIN_MICROS;
        if (low <= 0 && 0 <= high) {
            return new Offset(0, Math.max(-low, high));
        }
        return new Offset((low + high) / 2, Math.abs(high - low) / 2);
    }
}
