package io.matriarch.cli.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A text file: prose, then commands after {@code > }, each with what the shell says to it, errors after {@code ! }. */
record Transcript(Path file, List<String> prose, List<String> commands, String expected) {
    private static final String RULE = "----";
    private static final String COMMAND = "> ";

    static Transcript read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        int rule = lines.indexOf(RULE);
        List<String> rest = lines.subList(rule + 1, lines.size());
        List<String> commands = rest.stream()
                .filter(line -> line.startsWith(COMMAND))
                .map(line -> line.substring(COMMAND.length()))
                .toList();
        return new Transcript(file, lines.subList(0, rule), commands, String.join("\n", rest) + "\n");
    }

    /** Writes down what happened in the place of what was expected. */
    void rewrite(String happened) throws IOException {
        Files.writeString(file, String.join("\n", prose) + "\n" + RULE + "\n" + happened);
    }

    /** Without what differs from run to run. */
    static String normal(String said) {
        return said.replaceAll("(?m)^(.Zxid) = 0x[0-9a-f]+$", "$1 = ZXID")
                .replaceAll("(?m)^(.time) = .*$", "$1 = TIME")
                .replaceAll("127\\.0\\.0\\.1:\\d{4,5}", "SERVER")
                .replaceAll("(?m)^ephemeralOwner = 0x[0-9a-f]{4,}$", "ephemeralOwner = SESSION");
    }
}
