package io.matriarch.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** election.md 3.9: the first character 1 means yes, read anew each time; all else means no. */
class OracleFileTest {
    @TempDir
    Path dir;

    private OracleFile oracle;

    private boolean ask() throws Exception {
        if (oracle == null) {
            oracle = new OracleFile(dir.resolve("word"), Runnable::run);
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        oracle.ask(answer::complete);
        return answer.get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        oracle.close();
    }

    @Test
    void everyQuestionReadsTheFileAnew() throws Exception {
        assertThat(ask()).as("no file").isFalse();
        Files.writeString(dir.resolve("word"), "1\n");
        assertThat(ask()).isTrue();
        Files.writeString(dir.resolve("word"), "0\n");
        assertThat(ask()).isFalse();
        Files.writeString(dir.resolve("word"), "");
        assertThat(ask()).isFalse();
        Files.writeString(dir.resolve("word"), "yes 1");
        assertThat(ask()).isFalse();
    }
}
