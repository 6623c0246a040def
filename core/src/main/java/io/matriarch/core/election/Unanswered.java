package io.matriarch.core.election;

import io.matriarch.wire.ServerId;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often a server without a vote asked each voter since it last heard it. Apache's servers answer at once who has no vote by
 * their configuration; one that says nothing either cannot be reached or takes us for a voter, as it may while a configuration is
 * pending. Then each word of ours makes its wait begin anew, after which alone it would speak again (election.md 3.6).
 */
final class Unanswered {
    /** A word may be lost, or come while the voter is busy. */
    private static final int MOST = 3;

    private final Map<ServerId, Integer> asked = new TreeMap<>();

    /** Whether {@code voter} is to be asked now, out of turn; then it has been. */
    boolean mayAsk(ServerId voter) {
        return asked.merge(voter, 1, Integer::sum) <= MOST;
    }

    /** It said something, or can be reached again. */
    void heard(ServerId voter) {
        asked.remove(voter);
    }
}
