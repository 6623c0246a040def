package io.matriarch.cli;

import io.matriarch.server.ServerProcess;
import java.nio.file.Path;

/**
 * Where {@code bin/matriarch} begins. A server that is only given its zoo.cfg starts at once, because half of its start would be spent
 * on preparing the options of all commands; everything else is {@link Main}'s.
 */
public final class Start {
    private Start() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        if (isPlainServer(args)) {
            System.exit(ServerProcess.run(Path.of(args[1])));
        }
        Main.main(args);
    }

    /** Not {@code server --help}, nor arguments in a file. */
    static boolean isPlainServer(String[] args) {
        return args.length == 2 && args[0].equals("server") && !args[1].startsWith("-") && !args[1].startsWith("@");
    }
}
