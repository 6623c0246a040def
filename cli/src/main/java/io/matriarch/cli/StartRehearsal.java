package io.matriarch.cli;

import io.matriarch.server.MatriarchServer;
import io.matriarch.server.ServerProcess;
import io.matriarch.server.config.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What most starts run, once and unseen: an ensemble of three servers from their zoo.cfg files, and the demo. {@code
 * bin/matriarch} archives the classes that it loads, so that later starts find them ready.
 */
final class StartRehearsal {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int SERVERS = 3;

    private StartRehearsal() {}

    /** {@code main DIRECTORY}, where the servers may keep their files; ends with 0 if all of it came true. */
    public static void main(String[] args) throws IOException, InterruptedException {
        // The servers first: the demo turns off the log, and with it what writes it.
        Path directory = Path.of(args[0]);
        // A port that was free may be taken when a server binds it.
        boolean haveServed = serveFromZooCfg(directory.resolve("first")) || serveFromZooCfg(directory.resolve("again"));
        int demo = Main.commandLine().execute("demo", "--json");
        System.exit(haveServed ? demo : 1);
    }

    /** Whether three servers came to serve; the first of them goes on until this process ends. */
    static boolean serveFromZooCfg(Path directory) throws IOException, InterruptedException {
        List<Path> files = zooCfgs(directory);
        // One as the process of a server begins, by its own door; it ends with this process.
        String[] arguments = {"server", files.get(0).toString()};
        if (!Start.isPlainServer(arguments)) {
            return false;
        }
        Thread process = new Thread(() -> ServerProcess.run(files.get(0)));
        process.setDaemon(true);
        process.start();
        try (MatriarchServer second = MatriarchServer.start(ServerConfig.load(files.get(1)));
                MatriarchServer third = MatriarchServer.start(ServerConfig.load(files.get(2)))) {
            return second.awaitServing(LIMIT) && third.awaitServing(LIMIT);
        }
    }

    private static List<Path> zooCfgs(Path directory) throws IOException {
        List<Integer> ports = freePorts(3 * SERVERS);
        StringBuilder members = new StringBuilder("initLimit=10\nsyncLimit=5\nclientPortAddress=127.0.0.1\n");
        for (int sid = 1; sid <= SERVERS; sid++) {
            members.append("server.").append(sid).append("=127.0.0.1:").append(ports.remove(0));
            members.append(':').append(ports.remove(0)).append(":participant\n");
        }
        List<Path> files = new ArrayList<>();
        for (int sid = 1; sid <= SERVERS; sid++) {
            Path own = Files.createDirectories(directory.resolve("server" + sid));
            Path data = Files.createDirectories(own.resolve("data"));
            Files.writeString(data.resolve("myid"), sid + "\n");
            String settings = "dataDir=" + data + "\nclientPort=" + ports.remove(0) + "\n" + members;
            files.add(Files.writeString(own.resolve("zoo.cfg"), settings));
        }
        return files;
    }

    /** All different, because all are held until the last is found. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                ports.add(socket.getLocalPort());
            }
            return ports;
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
