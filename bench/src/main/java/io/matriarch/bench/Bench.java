package io.matriarch.bench;

import picocli.CommandLine;

/** Runs {@link BenchCommand} on its own. */
public final class Bench {
    private Bench() {}

    /** Exits with the command's code: 0 sound, 1 a round broke off, 2 wrong options. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand()).execute(arguments));
    }
}
