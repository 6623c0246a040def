package io.matriarch.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LogbackServiceProvider;
import ch.qos.logback.core.CoreConstants;

/**
 * Logback, set up by {@link LogConfigurator} at once: to look for configurations in all jars, and to tell itself of each step, takes a
 * seventh of a server's start. A file named by {@code -Dlogback.configurationFile} is still read in Logback's own way.
 */
public final class LogProvider extends LogbackServiceProvider {
    /** For SLF4J, which makes one. */
    public LogProvider() {}

    @Override
    public void initialize() {
        if (System.getProperty(LogConfigurator.FILE_PROPERTY) != null) {
            super.initialize();
            return;
        }
        LoggerContext context = (LoggerContext) getLoggerFactory();
        context.setName(CoreConstants.DEFAULT_CONTEXT_NAME);
        context.setMDCAdapter(getMDCAdapter());
        LogConfigurator configurator = new LogConfigurator();
        configurator.setContext(context);
        configurator.configure(context);
        context.start();
    }
}
