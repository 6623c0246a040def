package io.matriarch.cli.ensemble;

import java.io.PrintWriter;
import java.util.function.Supplier;

/** Says now and then how far long work has come: on a terminal in place, elsewhere a line every five seconds. */
final class Progress {
    private static final long REPORT_EVERY_NANOS = 5_000_000_000L;
    private static final long REDRAW_EVERY_NANOS = 200_000_000L;

    private final PrintWriter err;
    private final boolean isTerminal;
    private long lastShownNanos = System.nanoTime();
    private boolean isLineDrawn;

    Progress(PrintWriter err, boolean isTerminal) {
        this.err = err;
        this.isTerminal = isTerminal;
    }

    /** Shows this if it is time. */
    void show(Supplier<String> text) {
        long now = System.nanoTime();
        if (now - lastShownNanos < (isTerminal ? REDRAW_EVERY_NANOS : REPORT_EVERY_NANOS)) {
            return;
        }
        lastShownNanos = now;
        if (isTerminal) {
            err.print("\r\u001b[K" + text.get());
            isLineDrawn = true;
        } else {
            err.println(text.get());
        }
        err.flush();
    }

    /** Makes room for lines that stay. */
    void clear() {
        if (isLineDrawn) {
            err.print("\r\u001b[K");
            err.flush();
            isLineDrawn = false;
        }
    }
}
