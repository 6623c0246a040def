package io.matriarch.core.election;

/**
 * The rules of the election that a simulation breaks on purpose, to prove that it would notice. Servers use {@link
 * #CORRECT}.
 */
public class ElectionRules {
    public static final ElectionRules CORRECT = new ElectionRules();

    protected ElectionRules() {}

    /** Votes heard in one round say nothing about another (election.md 3.6): they are forgotten when the round changes. */
    protected boolean forgetsVotesOfOldRounds() {
        return true;
    }
}
