package io.matriarch.cli.ensemble;

import io.matriarch.cli.explain.PastElections;
import io.matriarch.server.client.Standing;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What would happen if the leader died now.
 *
 * @param successor who would be elected; null if nobody could
 * @param preferred whom that one would hand over to ({@code matriarch.leader.priority}, {@code matriarch.leader.stands}); null if it leads on
 * @param pastMicros how long past elections took from when the loss was noticed, the last {@value #MAX_PAST}, ascending
 * @param silenceMillis how long a leader that is silent, but whose connections are open, would go unnoticed at most
 */
record Forecast(
        @Nullable ServerReport successor, @Nullable ServerReport preferred, List<Long> pastMicros, long silenceMillis) {
    private static final int MAX_PAST = 20;

    /**
     * Judges by the votes that the others would cast.
     *
     * @param journals what servers of ours answered to {@code jrnl}
     */
    static Forecast of(EnsembleReport ensemble, ServerReport leader, Collection<String> journals) {
        List<ServerReport> left = ensemble.servingVotersWithout(leader);
        ServerReport successor = ensemble.isQuorum(left)
                ? left.stream().max(ServerReport.BY_VOTE).orElse(null)
                : null;
        List<Long> took = PastElections.tookMicros(journals);
        List<Long> past = took.subList(Math.max(0, took.size() - MAX_PAST), took.size()).stream()
                .sorted()
                .toList();
        return new Forecast(successor, preferredTo(successor, left), past, silenceMillis(left, leader));
    }

    /** Of those that rank above the one that is elected, the best; Apache's servers know no order, and hand nothing over. */
    private static @Nullable ServerReport preferredTo(@Nullable ServerReport elected, List<ServerReport> left) {
        Standing own = elected == null ? null : elected.standing();
        if (own == null) {
            return null;
        }
        return left.stream()
                .filter(server -> rankOf(server) > own.rank())
                .max(Comparator.comparingInt(Forecast::rankOf).thenComparing(ServerReport.BY_VOTE))
                .orElse(null);
    }

    private static int rankOf(ServerReport server) {
        Standing standing = server.standing();
        return standing == null ? Integer.MIN_VALUE : standing.rank();
    }

    /** As long as the quickest quorum of the others waits; all are taken to be as slow as the slowest. */
    private static long silenceMillis(List<ServerReport> left, ServerReport leader) {
        long silence = 0;
        for (ServerReport server : left) {
            Standing own = server.standing();
            boolean isHeard = own != null && leader.standing() != null && own.heartbeatMillis() > 0;
            silence = Math.max(silence, own == null ? 0 : isHeard ? own.heartbeatMillis() : own.silenceMillis());
        }
        return silence;
    }

    /** In sentences. */
    String text(ServerReport leader) {
        ServerReport next = successor;
        if (next == null) {
            return "If " + leader.name() + " died now, nobody could lead: the others are no quorum.";
        }
        String how = pastMicros.isEmpty()
                ? "; how long that takes here has not been seen yet."
                : ", after about " + span(pastMicros.get(pastMicros.size() / 2)) + " (median of the last "
                        + pastMicros.size() + ", " + span(pastMicros.get(0)) + " to "
                        + span(pastMicros.get(pastMicros.size() - 1)) + ").";
        String then = preferred == null ? "" : handOver(next, preferred);
        String silent = silenceMillis == 0
                ? ""
                : " One that falls silent without dying is missed after " + silenceMillis + " ms at most.";
        return "If " + leader.name() + " died now, " + next.name() + " would lead" + how + then + silent;
    }

    /** Whoever stands keeps the lead until the preferred server has followed it for 10 ticks. */
    private static String handOver(ServerReport elected, ServerReport preferred) {
        Standing own = elected.standing();
        boolean isStanding = own == null || own.stands();
        return isStanding
                ? " It would hand over to " + preferred.name()
                        + ", which is preferred, 10 ticks after that has joined it."
                : " It does not stand, and would hand over to " + preferred.name() + " at once.";
    }

    private static String span(long micros) {
        return micros < 100_000
                ? String.format(Locale.ROOT, "%.1f ms", micros / 1000.0)
                : String.format(Locale.ROOT, "%.2f s", micros / 1_000_000.0);
    }
}
