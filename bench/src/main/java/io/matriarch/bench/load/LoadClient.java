package io.matriarch.bench.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/**
 * Keeps many sessions on all servers busy from the calling thread. Any broken connection or refused request ends the measurement
 * with an exception: figures of a run in which something went wrong are worth nothing.
 */
public final class LoadClient implements AutoCloseable {
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);
    private static final long HIGHEST_NANOS = Duration.ofSeconds(60).toNanos();
    private static final long SELECT_MILLIS = 100;

    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private Histogram latencies = newHistogram();

    /**
     * Connects, and creates the znodes to work on; no two connections share one.
     *
     * @param connectionsPerServer sessions on each server
     * @param znodesPerConnection znodes that each session reads and writes
     * @param payloadBytes size of every znode's data
     */
    public LoadClient(
            List<InetSocketAddress> servers, int connectionsPerServer, int znodesPerConnection, int payloadBytes)
            throws IOException {
        selector = Selector.open();
        try {
            byte[] payload = new byte[payloadBytes];
            for (int i = 0; i < connectionsPerServer * servers.size(); i++) {
                InetSocketAddress server = servers.get(i % servers.size());
                connections.add(new LoadConnection(selector, server, i, znodesPerConnection, payload));
            }
            await("all sessions", () -> connections.stream().allMatch(LoadConnection::isEstablished));
            for (LoadConnection connection : connections) {
                connection.prepare();
            }
            drain();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Runs a load: first unmeasured, then measured, then until every request is answered.
     *
     * @param warmUp unmeasured time at the start
     * @param measured time whose answers count
     */
    public LoadResult run(Load load, Duration warmUp, Duration measured) throws IOException {
        long startNanos = System.nanoTime();
        keepBusyUntil(startNanos + warmUp.toNanos(), load);
        latencies = newHistogram();
        long errorsBefore = errors();
        long measuredFromNanos = System.nanoTime();
        long cpuBefore = cpuNanos();
        keepBusyUntil(measuredFromNanos + measured.toNanos(), load);
        Duration elapsed = Duration.ofNanos(System.nanoTime() - measuredFromNanos);
        Duration cpu = Duration.ofNanos(cpuNanos() - cpuBefore);
        Histogram result = latencies;
        latencies = newHistogram();
        drain();
        return new LoadResult(elapsed, cpu, result, errors() - errorsBefore);
    }

    @Override
    public void close() throws IOException {
        for (LoadConnection connection : connections) {
            connection.close();
        }
        selector.close();
    }

    private void keepBusyUntil(long deadlineNanos, Load load) throws IOException {
        for (LoadConnection connection : connections) {
            connection.fill(load);
        }
        while (System.nanoTime() - deadlineNanos < 0) {
            selector.select(SELECT_MILLIS);
            for (Iterator<SelectionKey> ready = selector.selectedKeys().iterator(); ready.hasNext(); ready.remove()) {
                LoadConnection connection = (LoadConnection) ready.next().attachment();
                connection.ready(latencies);
                connection.fill(load);
            }
        }
    }

    private void drain() throws IOException {
        await("all answers", () -> connections.stream().allMatch(connection -> connection.outstanding() == 0));
        for (LoadConnection connection : connections) {
            int error = connection.lastError();
            if (error != 0 && error != Frames.NODE_EXISTS) {
                throw new IOException("a request was answered with error " + error);
            }
        }
    }

    private void await(String what, BooleanSupplier condition) throws IOException {
        long deadlineNanos = System.nanoTime() + ANSWER_BOUND.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new IOException("not " + what + " within " + ANSWER_BOUND);
            }
            selector.select(SELECT_MILLIS);
            for (Iterator<SelectionKey> ready = selector.selectedKeys().iterator(); ready.hasNext(); ready.remove()) {
                ((LoadConnection) ready.next().attachment()).ready(latencies);
            }
        }
    }

    private long errors() {
        return connections.stream().mapToLong(LoadConnection::errors).sum();
    }

    private static Histogram newHistogram() {
        return new Histogram(HIGHEST_NANOS, 3);
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
