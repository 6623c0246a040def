package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.peer.PeerStatus;
import io.matriarch.core.port.Effect;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Zxid;
import org.jspecify.annotations.Nullable;

/** A server without a quorum that serves readers changes nothing: not its tree, not its log, not its epochs (zab.md D20). */
final class ReadOnlyChecks {
    private final int sid;
    private final boolean isAllowed;

    private @Nullable State state;

    /** What must stay as it is. */
    private record State(Zxid logged, Zxid committed, Zxid applied, long accepted, long current, long digest) {}

    /** @param isAllowed whether servers may serve readers without a quorum at all */
    ReadOnlyChecks(int sid, boolean isAllowed) {
        this.sid = sid;
        this.isAllowed = isAllowed;
    }

    void restarted() {
        state = null;
    }

    /** An effect of a step, before {@link #stepped} tells what the step made of the server. */
    void emitted(Effect effect) {
        require(
                state == null || (!(effect instanceof Effect.Append) && !(effect instanceof Effect.Truncate)),
                Invariant.READ_ONLY,
                () -> "server " + sid + ", read-only, writes: " + effect);
    }

    /** It looks no more, or stops serving readers. */
    void ended() {
        state = null;
    }

    void stepped(PeerStatus status, DataTree tree) {
        if (!status.isReadOnly()) {
            state = null;
            return;
        }
        require(isAllowed, Invariant.READ_ONLY, () -> "server " + sid + " serves readers though none may be");
        State now = new State(
                status.lastLogged(),
                status.lastCommitted(),
                status.lastApplied(),
                status.acceptedEpoch(),
                status.currentEpoch(),
                tree.digest());
        State before = state;
        require(
                before == null || before.equals(now),
                Invariant.READ_ONLY,
                () -> "server " + sid + ", read-only, goes from " + before + " to " + now);
        state = now;
    }
}
