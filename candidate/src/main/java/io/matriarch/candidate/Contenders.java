package io.matriarch.candidate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The candidates under one path, first comer first: the order of the number that the server appended to each name. Names
 * without such a number belong to somebody else and are left out.
 */
final class Contenders {
    private record Contender(String name, long sequence) {}

    private final List<Contender> inOrder;

    private Contenders(List<Contender> inOrder) {
        this.inOrder = inOrder;
    }

    static Contenders of(List<String> names) {
        List<Contender> found = new ArrayList<>();
        for (String name : names) {
            long sequence = SequenceNumber.of(name);
            if (sequence != SequenceNumber.NONE) {
                found.add(new Contender(name, sequence));
            }
        }
        if (!found.isEmpty()) {
            long reference = found.get(0).sequence();
            // Two labels can bear the same number only after the parent was made anew; the name then decides for
            // everybody.
            found.sort(Comparator.<Contender>comparingInt(c -> SequenceNumber.distance(c.sequence(), reference))
                    .thenComparing(Contender::name));
        }
        return new Contenders(found);
    }

    /** All names, in order. */
    List<String> names() {
        return inOrder.stream().map(Contender::name).toList();
    }

    /** The first of all, or null if there is nobody. */
    @Nullable
    String first() {
        return inOrder.isEmpty() ? null : inOrder.get(0).name();
    }

    boolean contains(String name) {
        return inOrder.stream().anyMatch(c -> c.name().equals(name));
    }

    /** The first name that starts with {@code prefix}, or null. */
    @Nullable
    String withPrefix(String prefix) {
        for (Contender contender : inOrder) {
            if (contender.name().startsWith(prefix)) {
                return contender.name();
            }
        }
        return null;
    }

    /** The last one before {@code name} for which {@code blocks} holds, or null. */
    @Nullable
    String before(String name, Predicate<String> blocks) {
        String previous = null;
        for (Contender contender : inOrder) {
            if (contender.name().equals(name)) {
                return previous;
            }
            if (blocks.test(contender.name())) {
                previous = contender.name();
            }
        }
        throw new IllegalArgumentException(name + " is not a candidate");
    }

    /** All before {@code name}, in order. */
    List<String> allBefore(String name) {
        List<String> names = names();
        return names.subList(0, names.indexOf(name));
    }

    /** The first of those with the highest priority, if that is above {@code priority}; else null. */
    @Nullable
    String preferredTo(int priority) {
        String best = null;
        int highest = priority;
        for (Contender contender : inOrder) {
            int its = Layout.priorityOf(contender.name());
            if (its > highest) {
                best = contender.name();
                highest = its;
            }
        }
        return best;
    }
}
