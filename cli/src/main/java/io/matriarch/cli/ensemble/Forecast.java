package io.matriarch.cli.ensemble;

import io.matriarch.cli.explain.PastElections;
import io.matriarch.server.client.Standing;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What would happen if the leader died now.
 *
 * @param successor who would lead; null if nobody could
 * @param pastMicros how long past elections took from when the loss was noticed, the last {@value #MAX_PAST}, ascending
 * @param silenceMillis how long a leader that is silent, but whose connections are open, would go unnoticed at most
 */
record Forecast(@Nullable ServerReport successor, List<Long> pastMicros, long silenceMillis) {
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
        return new Forecast(successor, past, silenceMillis(left, leader));
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
        String silent = silenceMillis == 0
                ? ""
                : " One that falls silent without dying is missed after " + silenceMillis + " ms at most.";
        return "If " + leader.name() + " died now, " + next.name() + " would lead" + how + silent;
    }

    private static String span(long micros) {
        return micros < 100_000
                ? String.format(Locale.ROOT, "%.1f ms", micros / 1000.0)
                : String.format(Locale.ROOT, "%.2f s", micros / 1_000_000.0);
    }
}
