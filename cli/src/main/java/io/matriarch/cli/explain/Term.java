package io.matriarch.cli.explain;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.journal.JournalEntry;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One server from when it began to look for a leader until it began to look again: a search, and if that succeeded, the
 * service that followed.
 *
 * @param sid the server
 * @param moments all of both, in order; never empty
 * @param searchLength how many of them belong to the search
 * @param epoch the epoch that it came to serve in; null if the search did not succeed
 * @param isLast whether the journal says nothing more after this term
 */
record Term(
        long sid,
        List<Moment> moments,
        int searchLength,
        @Nullable Long epoch,
        boolean isLast) {

    /** When it began to look. */
    long fromMicros() {
        return moments.get(0).micros();
    }

    /** When it served, or if it never did, the last that is known of it. */
    long servingMicros() {
        return moments.get(searchLength - 1).micros();
    }

    List<Moment> search() {
        return moments.subList(0, searchLength);
    }

    List<Moment> service() {
        return moments.subList(searchLength, moments.size());
    }

    /** Whether a process began with this term. */
    boolean isStart() {
        return moments.stream().limit(3).anyMatch(moment -> moment.event() instanceof JournalEntry.Started);
    }

    /** The first event of this kind, or null. */
    <E extends Record> @Nullable Moment first(Class<E> kind) {
        return moments.stream()
                .filter(moment -> kind.isInstance(moment.event()))
                .findFirst()
                .orElse(null);
    }

    /** This term with all its times shifted. */
    Term earlierBy(long micros) {
        return new Term(
                sid, moments.stream().map(moment -> moment.earlierBy(micros)).toList(), searchLength, epoch, isLast);
    }

    /** Cuts a journal into terms. What came before the first is left out: how it began was not kept. */
    static List<Term> of(Journal journal) {
        Cutting cutting = new Cutting(journal.sid());
        journal.moments().forEach(cutting::take);
        return cutting.end();
    }

    private Term prolonged(List<Moment> more, boolean isNowLast) {
        List<Moment> all = new ArrayList<>(moments);
        all.addAll(more);
        int length = epoch == null ? all.size() : searchLength;
        return new Term(sid, List.copyOf(all), length, epoch, isNowLast);
    }

    private static final class Cutting {
        private final long sid;
        private final List<Term> terms = new ArrayList<>();
        private List<Moment> current = new ArrayList<>();
        private int searchLength;
        private @Nullable Long epoch;
        private boolean isInTerm;

        Cutting(long sid) {
            this.sid = sid;
        }

        void take(Moment moment) {
            if (begins(moment.event())) {
                close(false);
                isInTerm = true;
            }
            if (!isInTerm) {
                return;
            }
            current.add(moment);
            Long served = servedEpoch(moment.event());
            if (epoch == null && served != null) {
                epoch = served;
                searchLength = current.size();
            }
        }

        /** A process that starts, a leader that is lost, a role that ends: whichever comes first. */
        private boolean begins(Record event) {
            boolean isSearching = isInTerm && epoch == null;
            if (event instanceof JournalEntry.Started) {
                return true;
            }
            boolean isLoss = event instanceof TraceEvent.LeaderLost
                    || (event instanceof TraceEvent.RoleChanged changed && changed.to() == PeerState.LOOKING);
            return isLoss && !isSearching;
        }

        private static @Nullable Long servedEpoch(Record event) {
            if (event instanceof TraceEvent.LeaderEstablished established) {
                return established.epoch();
            }
            return event instanceof TraceEvent.PhaseEntered entered
                            && entered.phase().equals("broadcast")
                    ? entered.epoch()
                    : null;
        }

        private void close(boolean isLast) {
            boolean isSearch = epoch != null
                    || terms.isEmpty()
                    || current.stream().anyMatch(moment -> moment.event() instanceof TraceEvent.ElectionStarted);
            if (!current.isEmpty() && !isSearch) {
                // A server that stops leaves its leader too, but looks for no other.
                terms.add(terms.remove(terms.size() - 1).prolonged(current, isLast));
            } else if (!current.isEmpty()) {
                int length = epoch == null ? current.size() : searchLength;
                terms.add(new Term(sid, List.copyOf(current), length, epoch, isLast));
            }
            current = new ArrayList<>();
            epoch = null;
        }

        List<Term> end() {
            close(true);
            return terms;
        }
    }

    /** What {@code look} finds in the last moment that has it, or null. */
    <T> @Nullable T last(Function<Record, @Nullable T> look) {
        T found = null;
        for (Moment moment : moments) {
            T here = look.apply(moment.event());
            found = here == null ? found : here;
        }
        return found;
    }
}
