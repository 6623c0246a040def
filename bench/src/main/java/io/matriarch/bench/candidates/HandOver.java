package io.matriarch.bench.candidates;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Elections of two candidates on one server: the first leads, and leaves; the second is called. Each has a path of its own. */
final class HandOver {
    private static final long PATIENCE_SECONDS = 60;

    private final int port;
    private final int timeoutMillis;
    private int elections;

    /** @param port of the server, on this machine */
    HandOver(int port, int timeoutMillis) {
        this.port = port;
        this.timeoutMillis = timeoutMillis;
    }

    private String nextPath() {
        return "/bench" + ++elections;
    }

    private String direct() {
        return "127.0.0.1:" + port;
    }

    /** From the call that gives leadership up to the next one's callback, milliseconds. */
    double resignationMillis(Contender.Library library) throws InterruptedException {
        String path = nextPath();
        CompletableFuture<Long> firstLeads = new CompletableFuture<>();
        CompletableFuture<Long> secondLeads = new CompletableFuture<>();
        Contender first = library.enter(direct(), path, timeoutMillis, firstLeads::complete);
        await(firstLeads);
        Contender second = library.enter(direct(), path, timeoutMillis, secondLeads::complete);
        Line.awaitSize(direct(), path, 2);
        long beganNanos = System.nanoTime();
        first.leave();
        double millis = (await(secondLeads) - beganNanos) / 1e6;
        second.end();
        first.end();
        return millis;
    }

    /** From the session timeout after the last byte that the server had of the leader to the next one's callback, milliseconds. */
    double crashMillis(Contender.Library library) throws InterruptedException {
        String path = nextPath();
        CompletableFuture<Long> firstLeads = new CompletableFuture<>();
        CompletableFuture<Long> secondLeads = new CompletableFuture<>();
        try (Cable cable = new Cable(port)) {
            Contender first = library.enter(cable.connectString(), path, timeoutMillis, firstLeads::complete);
            await(firstLeads);
            Contender second = library.enter(direct(), path, timeoutMillis, secondLeads::complete);
            Line.awaitSize(direct(), path, 2);
            cable.silence();
            long overNanos = cable.lastSentNanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            double millis = (await(secondLeads) - overNanos) / 1e6;
            second.end();
            cable.heal();
            first.end();
            return millis;
        }
    }

    private static long await(CompletableFuture<Long> moment) throws InterruptedException {
        try {
            return moment.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("nobody was called to lead within " + PATIENCE_SECONDS + " s", e);
        }
    }
}
