package io.matriarch.bench;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.FourLetterWord;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.bench.load.Load;
import io.matriarch.bench.load.LoadClient;
import io.matriarch.bench.load.LoadResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One hand-over of the lead to the next server by id, while clients of every server write, each one write at a time and without
 * a rest: what the slowest of these writes took is what a writer sees of it.
 */
final class HandOver {
    /** By then a server has done what it does once after its start. */
    static final Duration FIRST_WARM_UP = Duration.ofSeconds(3);

    private static final Duration WARM_UP = Duration.ofMillis(500);
    private static final Duration MEASURED = Duration.ofSeconds(1);
    /** From when writes count until the wish. */
    private static final Duration BEFORE = Duration.ofMillis(300);

    private static final Duration ANSWER_BOUND = Duration.ofSeconds(10);

    private final EnsembleProcess ensemble;

    HandOver(EnsembleProcess ensemble) {
        this.ensemble = ensemble;
    }

    /**
     * Milliseconds of the slowest write.
     *
     * @throws IOException if the wish is refused, a connection breaks, or the named server does not lead in the end
     */
    double measureMillis(LoadClient client) throws IOException {
        ServerProcess leader = ensemble.leader();
        ServerProcess next =
                ensemble.server(1 + leader.sid() % ensemble.servers().size());
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(
                () -> wish(leader, next),
                CompletableFuture.delayedExecutor(WARM_UP.plus(BEFORE).toMillis(), TimeUnit.MILLISECONDS));
        LoadResult result = client.run(new Load(Load.Kind.WRITE, 1), WARM_UP, MEASURED);
        String told = answer.join();
        if (!told.startsWith("done: ") || ensemble.leader() != next) {
            throw new IOException("server " + next.sid() + " was to lead, and does not: " + told.strip());
        }
        return result.latencyMillis(100);
    }

    private static String wish(ServerProcess leader, ServerProcess next) {
        try {
            return FourLetterWord.ask(leader.clientAddress(), "lead " + next.sid() + "\n", ANSWER_BOUND);
        } catch (IOException e) {
            throw new UncheckedIOException("the wish that server " + next.sid() + " leads had no answer", e);
        }
    }
}
