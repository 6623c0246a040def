package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.load.Load;
import io.matriarch.bench.load.LoadClient;
import io.matriarch.bench.load.LoadResult;
import io.matriarch.compat.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Writers, readers and idle loops keep all processors busy for {@code -Dfaults.seconds=N}, and nobody takes part in an election: servers
 * are slow, and not dead. {@code -Dfaults.heartbeatMillis=N} sets both bounds of heartbeats.
 */
@Timeout(7_200)
class LoadFaults {
    private static final Duration DURATION = Duration.ofSeconds(Integer.getInteger("faults.seconds", 120));
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int HOGS = Integer.getInteger("faults.hogs", PROCESSORS);

    private static final int CONNECTIONS_PER_SERVER = 4;
    private static final int ZNODES = 16;
    private static final int PAYLOAD_BYTES = 32;
    private static final int WINDOW = 8;
    private static final double MOST_IDLE = 0.05;
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void nobodyElectsWhileEveryProcessorIsBusy() throws Exception {
        EnsembleProcess ensemble = SERVERS.create("busy", Collections.nCopies(3, Servers.ours()), LoadFaults::options);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            ensemble.startAll();
            ensemble.awaitServing(Addresses.START_BOUND);
            try (Hogs hogs = new Hogs(HOGS)) {
                keepBusy(ensemble, threads, hogs);
            }
        } finally {
            ensemble.close();
            threads.shutdownNow();
        }
    }

    /** As users run it: the launcher's own flags, and a heap as in the benches. */
    private static EnsembleOptions options(EnsembleOptions small) {
        return HeartbeatBounds.in(EnsembleOptions.of(small.directory(), small.flavours()));
    }

    private static void keepBusy(EnsembleProcess ensemble, ExecutorService threads, Hogs hogs) throws IOException {
        List<StandingLine> before = StandingLine.ofAll(ensemble);
        List<CompletableFuture<LoadResult>> loads = List.of(
                CompletableFuture.supplyAsync(() -> load(ensemble, Load.Kind.WRITE), threads),
                CompletableFuture.supplyAsync(() -> load(ensemble, Load.Kind.MIX), threads));
        while (loads.stream().noneMatch(CompletableFuture::isDone)) {
            LockSupport.parkNanos(LOOK_NANOS);
            assertThat(StandingLine.ofAll(ensemble)).as("who leads, since when").isEqualTo(before);
        }
        // An election breaks connections, and so the load: it is the better reason.
        assertThat(StandingLine.ofAll(ensemble)).as("who leads, since when").isEqualTo(before);
        double idle = hogs.idleShare();
        LoadResult writes = loads.get(0).join();
        LoadResult mix = loads.get(1).join();
        System.out.printf(
                Locale.ROOT,
                "%s on %d processors, %.1f %% idle, bounds of heartbeats %s: no election; %.0f writes/s (median %.1f ms,"
                        + " worst %.0f), %.0f reads and writes/s%n",
                DURATION,
                PROCESSORS,
                100 * idle,
                HeartbeatBounds.asked(),
                writes.perSecond(),
                writes.latencyMillis(50),
                writes.latencyMillis(100),
                mix.perSecond());
        assertThat(idle).as("the processors' idle time").isLessThan(MOST_IDLE);
        assertThat(writes.errors() + mix.errors()).as("refused requests").isZero();
    }

    private static LoadResult load(EnsembleProcess ensemble, Load.Kind kind) {
        try (LoadClient client =
                new LoadClient(Addresses.of(ensemble.servers()), CONNECTIONS_PER_SERVER, ZNODES, PAYLOAD_BYTES)) {
            return client.run(new Load(kind, WINDOW), Duration.ZERO, DURATION);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
