package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.port.Effect;

/** Of what one server writes snapshots, and when it reads its database anew. */
final class DatabaseChecks {
    private final int sid;
    private final DeliveredHistory history;
    private boolean isCut;

    DatabaseChecks(int sid, DeliveredHistory history) {
        this.sid = sid;
        this.history = history;
    }

    void restarted() {
        isCut = false;
    }

    /** A snapshot is complete some steps after it began, when what it holds has long been delivered here, if at all. */
    void emitted(Effect effect) {
        if (effect instanceof Effect.Truncate) {
            isCut = true;
        } else if (effect instanceof Effect.ReloadDatabase) {
            require(
                    isCut,
                    Invariant.DATABASE_KEPT,
                    () -> "server " + sid + " reads its database anew, though nothing was cut from it");
            isCut = false;
        } else if (effect instanceof Effect.FinishSnapshot finish) {
            require(
                    finish.zxid().counter() == 0 || finish.zxid().value() <= history.last(),
                    Invariant.SNAPSHOT_COMMITTED,
                    () -> "server " + sid + " keeps a snapshot at " + finish.zxid() + ", and committed is "
                            + Zxids.show(history.last()));
        }
    }
}
