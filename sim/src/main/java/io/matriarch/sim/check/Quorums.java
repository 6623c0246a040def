package io.matriarch.sim.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What a quorum is, told once more and as simply as election.md 5.3 puts it, so that the core is not judged by itself.
 *
 * @param groups per group, the servers in it, each as often as it weighs; groups without weight are left out
 * @param voters servers 1 up to this one vote
 * @param named the servers that an oracle lets go on alone, at the moment (election.md 3.9)
 */
public record Quorums(int voters, List<List<Integer>> groups, IntPredicate named) {
    /** Servers 1 up to {@code voters}, one group, one vote each. */
    public static Quorums majorityOf(int voters) {
        List<Integer> all = new ArrayList<>();
        for (int sid = 1; sid <= voters; sid++) {
            all.add(sid);
        }
        return new Quorums(voters, List.of(all), sid -> false);
    }

    /** Whether the server votes at all. */
    public boolean isVoter(int sid) {
        return sid <= voters;
    }

    /** How much the server's vote weighs; 0 if it has none. */
    public long weight(int sid) {
        return groups.stream()
                .mapToLong(
                        group -> group.stream().filter(member -> member == sid).count())
                .sum();
    }

    /** The same, where an oracle may name one of them. */
    public Quorums withOracle(IntPredicate names) {
        return new Quorums(voters, groups, names);
    }

    /** Whether the servers for which {@code has} holds decide. */
    public boolean isQuorum(IntPredicate has) {
        return isQuorumOfGroups(has)
                || !who(sid -> named.test(sid) && has.test(sid)).isEmpty();
    }

    private boolean isQuorumOfGroups(IntPredicate has) {
        long won = groups.stream()
                .filter(group -> 2 * group.stream().filter(sid -> has.test(sid)).count() > group.size())
                .count();
        return 2 * won > groups.size();
    }

    /** For messages: the voters for which {@code has} holds. */
    List<Integer> who(IntPredicate has) {
        List<Integer> found = new ArrayList<>();
        for (int sid = 1; sid <= voters; sid++) {
            if (has.test(sid)) {
                found.add(sid);
            }
        }
        return found;
    }
}
