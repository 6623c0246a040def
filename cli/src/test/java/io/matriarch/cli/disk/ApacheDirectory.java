package io.matriarch.cli.disk;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine;

/** A data directory that an Apache ZooKeeper 3.9.5 server wrote, to look at and to damage; see storage's tests. */
record ApacheDirectory(Path version2) {
    private static final Path GOLDEN = Path.of("../storage/src/test/resources/apache-3.9.5");

    static ApacheDirectory copy(String kind, Path target) {
        Path version2 = target.resolve("version-2");
        try (Stream<Path> packed = Files.list(GOLDEN.resolve(kind))) {
            Files.createDirectories(version2);
            for (Path file : packed.toList()) {
                String name = file.getFileName().toString();
                try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                    Files.copy(in, version2.resolve(name.substring(0, name.length() - ".gz".length())));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ApacheDirectory(version2);
    }

    Path file(String name) {
        return version2.resolve(name);
    }

    byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(file(name));
    }

    void flip(String name, int at) throws IOException {
        byte[] bytes = bytes(name);
        bytes[at] ^= 1;
        Files.write(file(name), bytes);
    }

    /** What a command printed, and its exit code. */
    record Outcome(int exit, List<String> out, String err) {
        /** Lines about what is wrong. */
        List<String> wrong() {
            return out.stream().filter(line -> line.startsWith("WRONG:")).toList();
        }
    }

    static Outcome run(Callable<Integer> command, Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
        return new Outcome(exit, out.toString().lines().toList(), err.toString());
    }
}
