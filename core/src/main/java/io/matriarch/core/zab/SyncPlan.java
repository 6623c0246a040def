package io.matriarch.core.zab;

import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Zxid;
import java.util.List;

/** How a learner is brought to the leader's history (zab.md 8.1, R10 to R13). */
sealed interface SyncPlan {

    /** The learner's history is a prefix of ours: it gets {@code entries}, everything above it. */
    record Diff(List<LogEntry> entries) implements SyncPlan {}

    /** The learner goes back to {@code to}, a position both have, and then gets {@code entries}. */
    record Trunc(Zxid to, List<LogEntry> entries) implements SyncPlan {}

    /** As a DIFF, but what comes up to and with {@code upTo} must be read from disk, if it is there; if not, as a SNAP. */
    record FromLog(Zxid upTo) implements SyncPlan {}

    /** The learner gets the whole tree. */
    record Snap() implements SyncPlan {}
}
