package io.matriarch.core.zab;

import org.jspecify.annotations.Nullable;

/** Whether a role has to be given up, and why. The first reason counts; whoever set it does nothing more. */
final class Exit {
    private @Nullable String reason;

    void because(String why) {
        if (reason == null) {
            reason = why;
        }
    }

    boolean isDue() {
        return reason != null;
    }

    @Nullable
    String reason() {
        return reason;
    }
}
