package io.matriarch.cli.demo;

import io.matriarch.candidate.CandidacyEvent;
import io.matriarch.core.port.TraceEvent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo stands: takes what servers and candidates tell, on their threads, has it narrated on a thread of its own
 * (a slow terminal must not slow down an election), and lets one thread wait for a condition on all of it.
 */
final class Happenings implements AutoCloseable {
    private static final long NARRATION_BOUND_SECONDS = 10;

    /** What one server told of itself. */
    static final class ServerView {
        /** When it began to look for a leader the last time. */
        long lookingSinceNanos;

        /** The leader it decided for, or 0. */
        long leader;

        boolean isServing;

        /** The epoch that it is the established leader of, or 0, and since when. */
        long ledEpoch;

        long establishedNanos;
    }

    /** What one candidate told of itself. */
    static final class CandidateView {
        long sessionId;
        boolean isConnected;
        int timesConnected;
        int sessionsLost;

        /** Its znode. */
        @Nullable
        String path;

        /** The only znode it watches while it waits. */
        @Nullable
        String predecessor;

        boolean isLeading;
        long leadingSinceNanos;
        int timesSteppedDown;
        boolean isClosed;
    }

    private final Narrator narrator;
    private final long startNanos = System.nanoTime();
    private final ExecutorService narration = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "narration");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<Long, ServerView> servers = new TreeMap<>();
    private final Map<String, CandidateView> candidates = new TreeMap<>();

    private boolean isOver;

    Happenings(Narrator narrator) {
        this.narrator = narrator;
    }

    /** Takes one event. Nothing is told any more after the end of the story, good or bad. */
    synchronized void tell(DemoEvent event) {
        if (isOver) {
            return;
        }
        isOver = event instanceof DemoEvent.Finished || event instanceof DemoEvent.StepFailed;
        long nanos = System.nanoTime() - startNanos;
        if (event instanceof DemoEvent.ServerTold e) {
            note(server(e.sid()), e.event());
        } else if (event instanceof DemoEvent.CandidateTold e) {
            note(candidate(e.name()), e.event());
        }
        narration.execute(() -> narrator.tell(nanos, event));
        notifyAll();
    }

    /** A server was stopped from outside: what it told no longer holds. */
    synchronized void stopped(long sid) {
        servers.put(sid, new ServerView());
    }

    synchronized ServerView server(long sid) {
        return servers.computeIfAbsent(sid, key -> new ServerView());
    }

    synchronized CandidateView candidate(String name) {
        return candidates.computeIfAbsent(name, key -> new CandidateView());
    }

    synchronized Collection<CandidateView> candidates() {
        return List.copyOf(candidates.values());
    }

    /** The established leader, or null. Of two, the one with the higher epoch. */
    synchronized @Nullable Long leader() {
        Long best = null;
        for (Map.Entry<Long, ServerView> entry : servers.entrySet()) {
            long epoch = entry.getValue().ledEpoch;
            if (epoch > 0 && (best == null || epoch > server(best).ledEpoch)) {
                best = entry.getKey();
            }
        }
        return best;
    }

    /** The name of the candidate at {@code path}, or null. */
    synchronized @Nullable String candidateAt(String path) {
        for (Map.Entry<String, CandidateView> entry : candidates.entrySet()) {
            if (path.equals(entry.getValue().path)) {
                return entry.getKey();
            }
        }
        return null;
    }

    /** Waits until {@code condition}, which is evaluated under the lock after each event, or {@code deadlineNanos}. */
    synchronized boolean await(long deadlineNanos, BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    /** Lets everything told so far be narrated. */
    @Override
    public void close() {
        narration.shutdown();
        try {
            // A reader that does not read must not keep the process.
            boolean isTold = narration.awaitTermination(NARRATION_BOUND_SECONDS, TimeUnit.SECONDS);
            assert isTold : "nobody reads the narration";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void note(ServerView server, TraceEvent event) {
        if (event instanceof TraceEvent.ElectionStarted) {
            server.lookingSinceNanos = System.nanoTime();
            server.leader = 0;
            server.isServing = false;
            server.ledEpoch = 0;
        } else if (event instanceof TraceEvent.LeaderDecided e) {
            server.leader = e.vote().leader().value();
        } else if (event instanceof TraceEvent.PhaseEntered e) {
            server.isServing = e.phase().equals("broadcast");
        } else if (event instanceof TraceEvent.LeaderEstablished e) {
            server.ledEpoch = e.epoch();
            server.establishedNanos = System.nanoTime();
            server.isServing = true;
        }
    }

    private static void note(CandidateView candidate, CandidacyEvent event) {
        if (event instanceof CandidacyEvent.Connected e) {
            candidate.sessionId = e.sessionId();
            candidate.isConnected = true;
            candidate.timesConnected++;
        } else if (event instanceof CandidacyEvent.Disconnected) {
            candidate.isConnected = false;
        } else if (event instanceof CandidacyEvent.SessionLost) {
            candidate.sessionsLost++;
        } else if (event instanceof CandidacyEvent.Entered e) {
            candidate.path = e.path();
        } else if (event instanceof CandidacyEvent.Waiting e) {
            candidate.predecessor = e.predecessor();
        } else if (event instanceof CandidacyEvent.Leading) {
            candidate.isLeading = true;
            candidate.predecessor = null;
            candidate.leadingSinceNanos = System.nanoTime();
        } else if (event instanceof CandidacyEvent.SteppedDown) {
            candidate.isLeading = false;
            candidate.timesSteppedDown++;
        } else if (event instanceof CandidacyEvent.Closed) {
            candidate.isClosed = true;
        }
    }
}
