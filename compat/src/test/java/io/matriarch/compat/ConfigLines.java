package io.matriarch.compat;

import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The zoo.cfg of a server that does not run. */
final class ConfigLines {
    private final Path file;

    ConfigLines(ServerProcess server) {
        file = server.directory().resolve("zoo.cfg");
    }

    List<String> lines() throws IOException {
        return Files.readAllLines(file);
    }

    void write(List<String> lines) throws IOException {
        Files.write(file, lines);
    }

    /** Takes out all lines that begin so. */
    void remove(String prefix) throws IOException {
        write(lines().stream().filter(line -> !line.startsWith(prefix)).toList());
    }

    /** Puts another quorum port into the line of member {@code sid}. */
    void replaceQuorumPort(int sid, int port) throws IOException {
        String before = memberLine(sid);
        String[] parts = before.split(":", 3);
        String after = parts[0] + ":" + port + ":" + parts[2];
        write(lines().stream().map(line -> line.equals(before) ? after : line).toList());
    }

    /** The quorum port of member {@code sid}, as this server knows it. */
    int quorumPort(int sid) throws IOException {
        return Integer.parseInt(memberLine(sid).split(":")[1]);
    }

    /** The election port of member {@code sid}, as this server knows it. */
    int electionPort(int sid) throws IOException {
        return Integer.parseInt(memberLine(sid).split(":")[2]);
    }

    private String memberLine(int sid) throws IOException {
        String prefix = "server." + sid + "=";
        return lines().stream()
                .filter(line -> line.startsWith(prefix))
                .findFirst()
                .orElseThrow();
    }
}
