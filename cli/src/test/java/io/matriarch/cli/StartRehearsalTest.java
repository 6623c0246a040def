package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class StartRehearsalTest {
    /** One of the servers goes on in it. */
    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    /** If they did not, bin/matriarch would have no archive of classes, and nobody would see why starts are slow. */
    @Test
    void serversOfTheRehearsalServe() throws IOException, InterruptedException {
        assertThat(StartRehearsal.serveFromZooCfg(directory)).isTrue();
    }
}
