package io.matriarch.cli.terminal;

/** Colours of a terminal, or none. */
public enum Ink {
    NONE(""),
    BOLD("1"),
    FAINT("2"),
    GOOD("32"),
    BAD("1;31"),
    CANDIDATE("36"),
    SERVER_A("33"),
    SERVER_B("35"),
    SERVER_C("34");

    private static final Ink[] SERVERS = {SERVER_A, SERVER_B, SERVER_C};

    private final String codes;

    Ink(String codes) {
        this.codes = codes;
    }

    /** The colour of a server's name. */
    public static Ink ofServer(long sid) {
        return SERVERS[(int) Math.floorMod(sid - 1, (long) SERVERS.length)];
    }

    /** {@code text} in this colour. */
    public String on(String text) {
        return this == NONE ? text : "\u001b[" + codes + "m" + text + "\u001b[0m";
    }

    /** Whether standard output is a terminal; bin/matriarch tells, the JVM cannot tell it from standard input. */
    public static boolean isTerminal() {
        return Boolean.getBoolean("matriarch.terminal");
    }

    /** Whether standard output takes colours: a terminal whose user has not asked for none (NO_COLOR, TERM=dumb). */
    public static boolean isWanted() {
        return isTerminal() && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
    }
}
