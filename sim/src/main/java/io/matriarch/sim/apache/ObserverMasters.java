package io.matriarch.sim.apache;

import io.matriarch.sim.time.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Where an observer of Apache's looks for an observer master: at all voters, the leader among them, in an order of its own. */
final class ObserverMasters {
    private final ApacheMembership membership;
    private final Chance chance;
    private List<Integer> masters = List.of();
    private Set<Integer> voters = Set.of();
    private int next;

    ObserverMasters(ApacheMembership membership, Chance chance) {
        this.membership = membership;
        this.chance = chance;
    }

    /** The next one; other voters are put in a new order. */
    int next() {
        if (!voters.equals(membership.voters())) {
            voters = membership.voters();
            masters = shuffled(voters);
            next = 0;
        }
        return masters.get(next++ % masters.size());
    }

    private List<Integer> shuffled(Set<Integer> sids) {
        List<Integer> left = new ArrayList<>(sids);
        List<Integer> shuffled = new ArrayList<>(left.size());
        while (!left.isEmpty()) {
            shuffled.add(left.remove(chance.below(left.size())));
        }
        return shuffled;
    }
}
