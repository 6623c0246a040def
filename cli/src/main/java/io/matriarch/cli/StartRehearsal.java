package io.matriarch.cli;

import io.matriarch.server.MatriarchServer;
import io.matriarch.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What most starts run, once and unseen: one server from its zoo.cfg, and the demo. {@code bin/matriarch} archives the
 * classes that it loads, so that later starts find them ready.
 */
final class StartRehearsal {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private StartRehearsal() {}

    /** {@code main DIRECTORY}, where the server may keep its files; ends with 0 if all of it came true. */
    public static void main(String[] args) throws IOException, InterruptedException {
        LogProvider.use();
        // The server first: the demo turns off the log, and with it what writes it.
        boolean hasServed = servesFromZooCfg(Path.of(args[0]));
        int demo = Main.commandLine().execute("demo", "--json");
        System.exit(hasServed ? demo : 1);
    }

    private static boolean servesFromZooCfg(Path directory) throws IOException, InterruptedException {
        Path zooCfg = directory.resolve("zoo.cfg");
        Path data = directory.resolve("data");
        Files.writeString(zooCfg, "dataDir=" + data + "\nclientPort=0\nclientPortAddress=127.0.0.1\n");
        try (MatriarchServer server = MatriarchServer.start(ServerConfig.load(zooCfg))) {
            return server.awaitServing(LIMIT);
        }
    }
}
