package io.matriarch.cli.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Journals of real ensembles of three, on a machine that had too much to do. */
final class Recorded {
    /** Server 3 led and was killed with SIGKILL, while clients opened sessions; it was started again. */
    static final String KILLED = "killed";

    /** The same ensemble went on: server 2 led and was stopped with SIGTERM, and started again. */
    static final String STOPPED = "stopped";

    /** Server 3 was Apache's, 3.9; it led and was killed. */
    static final String MIXED = "mixed";

    private Recorded() {}

    static Path directory(String name) {
        return Path.of("src/test/resources/explain").resolve(name);
    }

    static List<Journal> journals(String name) throws IOException {
        List<Journal> journals = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory(name))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                journals.add(Journal.read(
                        Files.readString(file) + "{\"kind\":\"end\"}",
                        file.getFileName().toString()));
            }
        }
        return journals;
    }

    static Election last(String name) throws IOException {
        List<Election> elections = Elections.in(journals(name));
        return elections.get(elections.size() - 1);
    }
}
