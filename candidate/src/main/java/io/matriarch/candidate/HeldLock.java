package io.matriarch.candidate;

import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.Op;

/** A lock that is held, until it is closed or its lease ends. */
public final class HeldLock implements AutoCloseable {
    private final Candidacy candidacy;
    private final Leadership leadership;

    HeldLock(Candidacy candidacy, Leadership leadership) {
        this.candidacy = candidacy;
        this.leadership = leadership;
    }

    /** Whether the lock is certainly held at this moment. Once false it stays false. */
    public boolean isHeld() {
        return leadership.isCurrent();
    }

    /** Grows from holder to holder; see {@link Leadership#fencingToken()}. */
    public long fencingToken() {
        return leadership.fencingToken();
    }

    /** A condition for a {@code multi}: it fails once the lock is given back; see {@link Leadership#guard()}. */
    public Op guard() {
        return leadership.guard();
    }

    /** Complete once the lock is held no longer, because it was closed or lost. */
    public CompletableFuture<Void> whenReleased() {
        return candidacy.whenClosed();
    }

    /** Gives the lock back; waits until the ensemble has it, at most a session timeout. */
    @Override
    public void close() {
        candidacy.close();
    }
}
