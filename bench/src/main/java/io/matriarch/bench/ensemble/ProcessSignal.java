package io.matriarch.bench.ensemble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** What a process can be sent beside the signals that the JDK knows. */
public enum ProcessSignal {
    /** It does nothing any more until CONT or SIGKILL; what it has open stays open. */
    STOP,
    /** It goes on. */
    CONT;

    private static final int BOUND_SECONDS = 10;

    /**
     * Sends it; returns when that is done.
     *
     * @throws IllegalStateException if there is no such process
     */
    public void sendTo(long pid) {
        try {
            Process signal = new ProcessBuilder("kill", "-" + name(), Long.toString(pid)).start();
            if (!signal.waitFor(BOUND_SECONDS, TimeUnit.SECONDS) || signal.exitValue() != 0) {
                throw new IllegalStateException("SIG" + name() + " could not be sent to process " + pid);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send SIG" + name() + " to process " + pid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while SIG" + name() + " was sent to process " + pid, e);
        }
    }
}
