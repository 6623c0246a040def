package io.matriarch.cli.demo;

/** Colours of a terminal, or none. */
enum Ink {
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

    static Ink ofServer(long sid) {
        return SERVERS[(int) Math.floorMod(sid - 1, (long) SERVERS.length)];
    }

    /** {@code text} in this colour. */
    String on(String text) {
        return this == NONE ? text : "\u001b[" + codes + "m" + text + "\u001b[0m";
    }
}
