package io.matriarch.compat.candidates;

import io.matriarch.bench.candidates.Cable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** kazoo's Election, in a Python process: {@code kazoo_contender.py}. */
final class KazooContender implements Contender {
    /** A distribution's Python, where its python3-kazoo is. */
    private static final String PYTHON = System.getProperty("compat.python", "/usr/bin/python3");

    private final String name;
    private final Cable cable;
    private final Witness witness;
    private final Process process;
    private final PrintWriter commands;

    KazooContender(String name, Cable cable, String path, Witness witness) throws IOException {
        this.name = name;
        this.cable = cable;
        this.witness = witness;
        process = new ProcessBuilder(
                        PYTHON,
                        Path.of("src", "test", "resources", "kazoo_contender.py")
                                .toString(),
                        cable.connectString(),
                        path,
                        name,
                        Integer.toString(MixedCandidatesMatrix.SESSION_TIMEOUT_MILLIS))
                .redirectErrorStream(true)
                .start();
        commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Whether there is a kazoo to test with. */
    static boolean isInstalled() {
        try {
            Process asked = new ProcessBuilder(PYTHON, "-c", "import kazoo")
                    .redirectErrorStream(true)
                    .start();
            return asked.waitFor(20, TimeUnit.SECONDS) && asked.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // It goes on only once this is answered, so that what is seen here is in order with what others do.
                if (line.equals("begins")) {
                    witness.begins(name);
                    commands.println("seen");
                } else if (line.equals("ceases")) {
                    witness.ceases(name);
                    commands.println("seen");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Cable cable() {
        return cable;
    }

    @Override
    public void resign() {
        commands.println("resign");
    }

    @Override
    public void leave() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
        witness.ceases(name);
        cable.close();
    }
}
