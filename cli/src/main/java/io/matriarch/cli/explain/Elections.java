package io.matriarch.cli.explain;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the elections in the journals of an ensemble's servers, and lays each on one clock.
 *
 * <p>Servers that came to serve in the same epoch belong together, whatever their clocks say; those that served none are
 * put to the election during which they looked.
 */
final class Elections {
    private final JournalEntry.Roster roster;
    private final Map<Long, Clocks.Offset> overall;
    /** By epoch, on one clock. */
    private final Map<Long, List<Term>> ofEpoch = new TreeMap<>();

    private final Map<Long, Map<Long, Clocks.Offset>> offsets = new TreeMap<>();
    private final List<Term> fruitless = new ArrayList<>();

    private Elections(Collection<Journal> journals) {
        List<Term> terms = new ArrayList<>();
        journals.forEach(journal -> terms.addAll(Term.of(journal)));
        roster = journals.stream()
                .map(Journal::roster)
                .max(Comparator.comparingInt(members -> members.voters().size()))
                .orElseThrow();
        overall = Clocks.compare(terms, Map.of());
        Map<Long, List<Term>> raw = new TreeMap<>();
        List<Term> rawFruitless =
                terms.stream().filter(term -> term.epoch() == null).toList();
        for (Term term : terms) {
            Long epoch = term.epoch();
            if (epoch == null) {
                fruitless.add(shifted(term, overall));
            } else {
                raw.computeIfAbsent(epoch, none -> new ArrayList<>()).add(term);
            }
        }
        raw.forEach((epoch, group) -> {
            List<Term> speaking = new ArrayList<>(group);
            speaking.addAll(rawFruitless);
            Map<Long, Clocks.Offset> here = Clocks.compare(speaking, overall);
            offsets.put(epoch, here);
            ofEpoch.put(epoch, group.stream().map(term -> shifted(term, here)).toList());
        });
    }

    /** All elections that the journals tell of, oldest first. */
    static List<Election> in(Collection<Journal> journals) {
        return journals.isEmpty() ? List.of() : new Elections(journals).find();
    }

    private static Term shifted(Term term, Map<Long, Clocks.Offset> by) {
        return term.earlierBy(by.getOrDefault(term.sid(), Clocks.Offset.UNKNOWN).aheadMicros());
    }

    private List<Election> find() {
        List<Election> found = new ArrayList<>();
        List<Term> before = List.of();
        for (Map.Entry<Long, List<Term>> group : ofEpoch.entrySet()) {
            found.add(election(group.getKey(), group.getValue(), before));
            before = group.getValue();
        }
        if (!found.isEmpty() && before.stream().anyMatch(Elections::isServing)) {
            Election last = found.remove(found.size() - 1);
            found.add(last.withLater(lastOfEach(fruitless)));
        } else if (!fruitless.isEmpty()) {
            found.add(unfinished(before));
        }
        return found;
    }

    private Election election(long epoch, List<Term> group, List<Term> before) {
        long established = establishedMicros(group);
        List<Term> participants = new ArrayList<>();
        List<Term> later = new ArrayList<>();
        for (Term term : bySidThenTime(group)) {
            boolean isFirstOfServer = participants.stream().noneMatch(other -> other.sid() == term.sid());
            (isFirstOfServer && term.fromMicros() <= established ? participants : later).add(term);
        }
        long from = participants.stream().mapToLong(Term::fromMicros).min().orElse(established);
        for (Term term : List.copyOf(fruitless)) {
            boolean hasPart = participants.stream().anyMatch(other -> other.sid() == term.sid());
            if (term.fromMicros() <= established && term.servingMicros() >= from && !hasPart) {
                participants.add(term);
                fruitless.remove(term);
            }
        }
        if (participants.isEmpty()) {
            participants.add(later.remove(0));
        }
        return new Election(
                epoch,
                leaderOf(group),
                bySidThenTime(participants),
                later,
                before,
                offsets.getOrDefault(epoch, overall),
                roster,
                established);
    }

    private Election unfinished(List<Term> before) {
        return new Election(null, null, lastOfEach(fruitless), List.of(), before, overall, roster, null);
    }

    private static List<Term> lastOfEach(List<Term> terms) {
        Map<Long, Term> last = new TreeMap<>();
        for (Term term : bySidThenTime(terms)) {
            last.put(term.sid(), term);
        }
        return List.copyOf(last.values());
    }

    /** Whether a server said nothing more after it began to serve, and so most likely serves still. */
    private static boolean isServing(Term term) {
        return term.isLast()
                && term.service().stream().noneMatch(moment -> moment.event() instanceof JournalEntry.Stopped);
    }

    private static List<Term> bySidThenTime(Collection<Term> terms) {
        return terms.stream()
                .sorted(Comparator.comparingLong(Term::sid).thenComparingLong(Term::fromMicros))
                .toList();
    }

    /** As the leader says, or a leader that came into the epoch without an election, or else the first who served. */
    private static long establishedMicros(List<Term> group) {
        return group.stream()
                .filter(term ->
                        term.search().get(term.searchLength() - 1).event() instanceof TraceEvent.LeaderEstablished)
                .mapToLong(Term::servingMicros)
                .findFirst()
                .orElseGet(() ->
                        group.stream().mapToLong(Term::servingMicros).min().orElseThrow());
    }

    private static @Nullable Long leaderOf(List<Term> group) {
        for (Term term : group) {
            if (term.search().get(term.searchLength() - 1).event() instanceof TraceEvent.LeaderEstablished) {
                return term.sid();
            }
        }
        for (Term term : group) {
            Long followed = term.last(event -> event instanceof TraceEvent.LeaderDecided decided
                    ? decided.vote().leader().value()
                    : null);
            if (followed != null) {
                return followed;
            }
        }
        return null;
    }
}
