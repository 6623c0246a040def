package io.matriarch.candidate;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A lock that processes share: a line of ephemeral, sequential znodes under one path. Who holds it is who would lead an
 * election there, with everything that this means: a lease, a fencing token, and an end that comes by itself when the
 * ensemble cannot be reached.
 *
 * <pre>{@code
 * try (HeldLock held = session.lock("/locks/ledger").acquire()) {
 *     ledger.append(entry, held.fencingToken());
 * }
 * }</pre>
 */
public final class DistributedLock {
    private final ElectionSession session;
    private final String path;
    private final Layout layout;

    DistributedLock(ElectionSession session, String path, Layout layout) {
        this.session = session;
        this.path = path;
        this.layout = layout;
    }

    /** Waits until the lock is held, however long that takes. */
    public HeldLock acquire() throws InterruptedException {
        while (true) {
            Optional<HeldLock> held = tryAcquire(Duration.ofDays(1));
            if (held.isPresent()) {
                return held.get();
            }
        }
    }

    /**
     * Waits until the lock is held; empty if that took longer than {@code patience}, which gives the place in the line up.
     * Not reentrant: a thread that asks twice waits for itself.
     *
     * @throws IllegalStateException if the session was closed
     */
    @SuppressWarnings("FutureReturnValueIgnored") // who did not get the lock need not wait until its place is given up
    public Optional<HeldLock> tryAcquire(Duration patience) throws InterruptedException {
        Candidacy candidacy = session.candidacy(path)
                .layout(layout)
                .aim(Aim.LEAD_ONCE, blocks())
                .start();
        boolean isHeld = false;
        try {
            Optional<HeldLock> held =
                    candidacy.awaitLeadership(patience).map(leadership -> new HeldLock(candidacy, leadership));
            isHeld = held.isPresent();
            return held;
        } finally {
            if (!isHeld) {
                candidacy.closeAsync();
            }
        }
    }

    private Predicate<String> blocks() {
        return layout == Layout.READ ? Layout.WRITE::isNameOf : Settings.ALL;
    }
}
