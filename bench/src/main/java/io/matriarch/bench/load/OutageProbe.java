package io.matriarch.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long nobody can write after a fault. It holds a few sessions on every server; at the fault each submits a write at
 * once and retries until that is acknowledged. All from the calling thread.
 */
public final class OutageProbe implements AutoCloseable {
    private static final long SELECT_MILLIS = 1;

    private final Selector selector;
    private final List<Prober> ofServing = new ArrayList<>();
    private final List<Prober> ofMoving = new ArrayList<>();

    /**
     * Starts to connect to all servers.
     *
     * @param failing the server that is going to fail; its clients may go to any other. Null if none is
     * @param others servers whose clients stay with them
     */
    public OutageProbe(@Nullable InetSocketAddress failing, List<InetSocketAddress> others, int connectionsPerServer)
            throws IOException {
        selector = Selector.open();
        for (int i = 0; i < connectionsPerServer; i++) {
            for (InetSocketAddress server : others) {
                ofServing.add(new Prober(selector, List.of(server)));
            }
            if (failing != null) {
                List<InetSocketAddress> route = new ArrayList<>(List.of(failing));
                for (int j = 0; j < others.size(); j++) {
                    route.add(others.get((i + j) % others.size()));
                }
                ofMoving.add(new Prober(selector, route));
            }
        }
    }

    /** Waits until every session stands and has written once. */
    public void connect(Duration bound) throws IOException {
        submitAll();
        runUntil("every session", () -> all().allMatch(Prober::isAcknowledged), bound);
    }

    /**
     * Brings about the fault and waits for the ends of the outage.
     *
     * @param fault must return at once
     * @throws IOException if no write gets through in time
     */
    public Outage measure(Runnable fault, Duration bound) throws IOException {
        long startNanos = System.nanoTime();
        fault.run();
        submitAll();
        runUntil("a write", () -> isAnyAcknowledged(ofServing) && isAnyAcknowledged(ofMoving), bound);
        return new Outage(firstAcknowledged(ofServing, startNanos), firstAcknowledged(ofMoving, startNanos));
    }

    @Override
    public void close() throws IOException {
        all().forEach(Prober::close);
        selector.close();
    }

    private void submitAll() {
        String path = "/probe-" + UUID.randomUUID();
        int number = 0;
        for (Prober prober : all().toList()) {
            prober.submit(path + "-" + number++);
        }
    }

    private void runUntil(String what, BooleanSupplier condition, Duration bound) throws IOException {
        long deadlineNanos = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            long nowNanos = System.nanoTime();
            if (nowNanos - deadlineNanos >= 0) {
                throw new IOException("not " + what + " got through within " + bound);
            }
            all().forEach(prober -> prober.timePassed(nowNanos));
            selector.select(SELECT_MILLIS);
            for (Iterator<SelectionKey> ready = selector.selectedKeys().iterator(); ready.hasNext(); ready.remove()) {
                ((Prober) ready.next().attachment()).ready();
            }
        }
    }

    private Stream<Prober> all() {
        return Stream.concat(ofServing.stream(), ofMoving.stream());
    }

    private static boolean isAnyAcknowledged(List<Prober> probers) {
        return probers.isEmpty() || probers.stream().anyMatch(Prober::isAcknowledged);
    }

    private static Duration firstAcknowledged(List<Prober> probers, long startNanos) {
        return probers.stream()
                .filter(Prober::isAcknowledged)
                .map(prober -> Duration.ofNanos(prober.acknowledgedNanos() - startNanos))
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
