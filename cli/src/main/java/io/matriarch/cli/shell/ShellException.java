package io.matriarch.cli.shell;

/** A command did not succeed; the message says what, where, and what to do. */
final class ShellException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final boolean isUsage;

    private ShellException(String kind, String message, boolean isUsage) {
        super(message);
        this.kind = kind;
        this.isUsage = isUsage;
    }

    /** It was asked for rightly and failed; {@code kind} is the error's name for programs. */
    static ShellException failed(String kind, String message) {
        return new ShellException(kind, message, false);
    }

    /** It was asked for wrongly. */
    static ShellException usage(String message) {
        return new ShellException("USAGE", message, true);
    }

    String kind() {
        return kind;
    }

    boolean isUsage() {
        return isUsage;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
