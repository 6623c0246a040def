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

    /** Who joins a leader has heard that leader say that it leads (131, 480, 569). */
    protected boolean requiresLeadersWord() {
        return true;
    }

    /** Who has no weight is never preferred (491, 498; election.md 3.3). */
    protected boolean asksWeights() {
        return true;
    }

    /** That every voter answered decides nothing: a quorum does (975; election.md 6.5, item 9). */
    protected boolean decidesByQuorum() {
        return true;
    }

    /** A word of another round never makes us lead, whoever says it (1514; election.md 4.5). */
    protected boolean countsWordsOfOwnRoundOnly() {
        return true;
    }

    /** A word of a server that does not vote, to our knowledge, counts nowhere (1789, 2988; election.md 2.5). */
    protected boolean asksWhoVotes() {
        return true;
    }

    /** A word for a server that does not vote, to our knowledge, counts nowhere (764; election.md 2.5). */
    protected boolean asksWhoMayLead() {
        return true;
    }

    /** Only voters are told unasked whom we vote for (1807). */
    protected boolean tellsVotersOnly() {
        return true;
    }

    /** Who does not look for a leader is not answered, or two servers could answer each other for ever (election.md 7.3). */
    protected boolean answersOnlyWhoLooks() {
        return true;
    }

    /** Who promised its vote to one server and follows another tells the first (3109; F9). */
    protected boolean tellsForsaken() {
        return true;
    }

    /** The word of a leader in our own round counts at once, like any other (3537; election.md 3.8). */
    protected boolean takesLeadersWordAtOnce() {
        return true;
    }

    /** An election takes as long as its server looked for a leader, through all rounds (3479). */
    protected boolean timesWholeElection() {
        return true;
    }

    /** A word names its form, or peers of other releases would read another (1810; election.md 2.2). */
    protected boolean namesForm() {
        return true;
    }

    /** The order of votes (1419; election.md 3.3). */
    protected boolean isGreater(Vote vote, Vote other) {
        return vote.isGreaterThan(other);
    }
}
