package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.ConsoleAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogProviderTest {
    @TempDir
    Path directory;

    @Test
    void withoutAFileLinesOfInfoGoToTheConsole() {
        Logger root = root();
        assertThat(root.getLevel()).isEqualTo(Level.INFO);
        assertThat(root.getAppender("console")).isInstanceOf(ConsoleAppender.class);
        assertThat(root.getLoggerContext().isStarted()).isTrue();
        assertThat(root.getLoggerContext().getMDCAdapter()).isNotNull();
    }

    @Test
    void aFileOfLogbacksOwnTakesOver() throws IOException {
        Path file = directory.resolve("own.xml");
        Files.writeString(file, "<configuration><root level=\"ERROR\"/></configuration>");
        System.setProperty(LogConfigurator.FILE_PROPERTY, file.toString());
        try {
            assertThat(root().getLevel()).isEqualTo(Level.ERROR);
        } finally {
            System.clearProperty(LogConfigurator.FILE_PROPERTY);
        }
    }

    /** What SLF4J would have of it. */
    private static Logger root() {
        LogProvider provider = new LogProvider();
        provider.initialize();
        LoggerContext context = (LoggerContext) provider.getLoggerFactory();
        return context.getLogger(Logger.ROOT_LOGGER_NAME);
    }
}
