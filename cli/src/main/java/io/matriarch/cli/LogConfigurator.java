package io.matriarch.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Sets up logging in code, because reading an XML file would be a good part of a server's start: one line per event to
 * standard output, from INFO up, or from {@code -Dmatriarch.log.level} up. A file named by
 * {@code -Dlogback.configurationFile} takes over.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogConfigurator extends ContextAwareBase implements Configurator {
    /** Name of the system property with the lowest level that is printed. */
    static final String LEVEL_PROPERTY = "matriarch.log.level";
    /** Name of the system property with Logback's own configuration file. */
    static final String FILE_PROPERTY = "logback.configurationFile";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(FILE_PROPERTY) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Level level = Level.toLevel(System.getProperty(LEVEL_PROPERTY), Level.INFO);
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        if (level != Level.OFF) {
            root.addAppender(console(context));
            // The libraries below us speak only when something is wrong.
            context.getLogger("io.netty").setLevel(Level.WARN);
            context.getLogger("org.apache.zookeeper").setLevel(Level.WARN);
        }
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static ConsoleAppender<ILoggingEvent> console(LoggerContext context) {
        LineEncoder encoder = new LineEncoder();
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("console");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}
