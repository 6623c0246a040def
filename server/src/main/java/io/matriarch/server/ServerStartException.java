package io.matriarch.server;

/** A server could not start; nothing of it runs any more. The message says what, where, and what to do. */
public final class ServerStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    ServerStartException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    ServerStartException(String message, int exitCode, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What a process should end with (operations.md 1.1). */
    public int exitCode() {
        return exitCode;
    }
}
