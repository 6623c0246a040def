package io.matriarch.core.zab;

import io.matriarch.wire.ServerId;
import org.jspecify.annotations.Nullable;

/** Whether a role has to be given up, and why. The first reason counts; whoever set it does nothing more. */
final class Exit {
    private @Nullable String reason;
    private @Nullable ServerId successor;
    private boolean isHandOver;

    void because(String why) {
        if (reason == null) {
            reason = why;
        }
    }

    /** The role is given up for {@code leader}, ourselves perhaps, to which we turn without an election (zab.md 14). */
    void toward(ServerId leader, String why) {
        if (reason == null) {
            reason = why;
            successor = leader;
        }
    }

    /** The same, and what was passed on to the leader before and has no outcome may be passed on to {@code leader}. */
    void handOver(ServerId leader, String why) {
        isHandOver = reason == null;
        toward(leader, why);
    }

    boolean isHandOver() {
        return isHandOver;
    }

    boolean isDue() {
        return reason != null;
    }

    @Nullable
    String reason() {
        return reason;
    }

    /** Whom to turn to; null if somebody has to be elected. */
    @Nullable
    ServerId successor() {
        return successor;
    }
}
