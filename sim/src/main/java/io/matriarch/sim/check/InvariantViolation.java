package io.matriarch.sim.check;

import java.util.function.Supplier;

/** An invariant does not hold. The message says who did what; the world adds when. */
public final class InvariantViolation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Invariant invariant;

    public InvariantViolation(Invariant invariant, String what) {
        super(what);
        this.invariant = invariant;
    }

    public InvariantViolation(Invariant invariant, String what, Throwable cause) {
        super(what, cause);
        this.invariant = invariant;
    }

    public Invariant invariant() {
        return invariant;
    }

    /** Throws unless {@code holds}. */
    static void require(boolean holds, Invariant invariant, Supplier<String> what) {
        if (!holds) {
            throw new InvariantViolation(invariant, what.get());
        }
    }
}
