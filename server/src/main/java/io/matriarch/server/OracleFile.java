package io.matriarch.server;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file in which an oracle says whether this server of two may go on alone (election.md 3.9): its first character is 1.
 * Read anew for each question, on a thread of its own, since it may lie on a file system that hangs. Anything else, a
 * missing file too, means no.
 */
final class OracleFile {
    private static final Logger LOG = LoggerFactory.getLogger(OracleFile.class);

    private final Path file;
    private final Executor loop;
    private final ExecutorService reader =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("matriarch-oracle", true));
    private String lastTrouble = "";

    /** @param loop where answers are given */
    OracleFile(Path file, Executor loop) {
        this.file = file;
        this.loop = loop;
    }

    /** Reads the file and gives the answer. */
    void ask(Consumer<Boolean> answer) {
        try {
            reader.execute(() -> {
                boolean isYes = saysYes();
                loop.execute(() -> answer.accept(isYes));
            });
        } catch (RejectedExecutionException e) {
            LOG.trace("the server stops", e);
        }
    }

    void close() {
        reader.shutdownNow();
    }

    private boolean saysYes() {
        try (InputStream content = Files.newInputStream(file)) {
            int first = content.read();
            lastTrouble = "";
            return first == '1';
        } catch (IOException e) {
            String trouble = e.toString();
            if (!trouble.equals(lastTrouble)) {
                LOG.warn("the oracle file {} cannot be read, which counts as no: {}", file, trouble);
            }
            lastTrouble = trouble;
            return false;
        }
    }
}
