package io.matriarch.cli.explain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How long an ensemble was without a leader in the past, from when that was noticed. */
public final class PastElections {
    private PastElections() {}

    /**
     * The elections that replaced a leader, oldest first, in microseconds each.
     *
     * @param answers what servers said to {@code jrnl}; what is no journal is left out
     */
    public static List<Long> tookMicros(Collection<String> answers) {
        List<Journal> journals = new ArrayList<>();
        for (String answer : answers) {
            try {
                journals.add(Journal.read(answer, "a server"));
            } catch (IOException e) {
                // It keeps none, and says so itself.
            }
        }
        List<Long> took = new ArrayList<>();
        for (Election election : Elections.in(journals)) {
            boolean isReplacement = Phase.previousLeader(election) != null
                    && election.establishedMicros() != null
                    && !election.isJoinOnly();
            if (isReplacement) {
                took.add(election.endMicros() - election.firstLookMicros());
            }
        }
        return took;
    }
}
