package io.matriarch.server;

/** Keys of the values that lines of the log carry beside their text. */
public final class LogKeys {
    /** When it happened, as a Long of milliseconds since 1970; the line may be written some time later. */
    public static final String TOLD_AT = "toldAt";

    private LogKeys() {}
}
