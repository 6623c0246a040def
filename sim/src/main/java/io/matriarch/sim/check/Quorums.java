package io.matriarch.sim.check;

import io.matriarch.core.quorum.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What a quorum is, told once more and as simply as election.md 5.3 puts it, so that the core is not judged by itself.
 *
 * @param groups per group, the servers in it, each as often as it weighs; groups without weight are left out
 * @param voters who votes
 * @param named the servers that an oracle lets go on alone, at the moment (election.md 3.9)
 */
public record Quorums(List<Integer> voters, List<List<Integer>> groups, IntPredicate named) {
    /** Servers 1 up to {@code voters}, one group, one vote each. */
    public static Quorums majorityOf(int voters) {
        List<Integer> all = new ArrayList<>();
        for (int sid = 1; sid <= voters; sid++) {
            all.add(sid);
        }
        return new Quorums(all, List.of(all), sid -> false);
    }

    /** A majority of the participants; configurations of worlds in which members change have no groups. */
    public static Quorums of(Configuration configuration) {
        List<Integer> all = configuration.participants().stream()
                .map(sid -> (int) sid.value())
                .toList();
        return new Quorums(all, List.of(all), sid -> false);
    }

    /** Whether the server votes at all. */
    public boolean isVoter(int sid) {
        return voters.contains(sid);
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

    boolean isQuorumOfGroups(IntPredicate has) {
        long won = groups.stream()
                .filter(group -> 2 * group.stream().filter(sid -> has.test(sid)).count() > group.size())
                .count();
        return 2 * won > groups.size();
    }

    /** For messages: the voters for which {@code has} holds. */
    List<Integer> who(IntPredicate has) {
        List<Integer> found = new ArrayList<>();
        for (int sid : voters) {
            if (has.test(sid)) {
                found.add(sid);
            }
        }
        return found;
    }
}
