package io.matriarch.server;

/**
 * Why a server stopped.
 *
 * @param text what happened, where, and what to do
 * @param isClean whether it was asked to
 * @param exitCode what the process should end with (operations.md 1.1)
 */
public record HaltReason(String text, boolean isClean, int exitCode) {
    static final int EXIT_UNEXPECTED = 1;
    static final int EXIT_INVALID = 2;
    static final int EXIT_DATA_DIRECTORY = 3;
    static final int EXIT_STORAGE = 10;
    static final int EXIT_QUORUM_PORT = 14;

    static HaltReason stopped(String text) {
        return new HaltReason(text, true, 0);
    }

    static HaltReason failed(String text, int exitCode) {
        return new HaltReason(text, false, exitCode);
    }
}
