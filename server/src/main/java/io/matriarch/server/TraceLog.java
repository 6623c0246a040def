package io.matriarch.server;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Prints what the core tells about itself, one line per event, and passes it on to whoever listens. */
final class TraceLog {
    private final String prefix;
    private final List<TraceListener> listeners = new CopyOnWriteArrayList<>();

    TraceLog(ServerId self) {
        this.prefix = "[" + self + "] ";
    }

    void addListener(TraceListener listener) {
        listeners.add(listener);
    }

    void trace(TraceEvent event) {
        Logger log = loggerOf(event.topic());
        Level level = levelOf(event.level());
        if (log.isEnabledForLevel(level)) {
            log.atLevel(level).log(prefix + textOf(event));
        }
        for (TraceListener listener : listeners) {
            listener.traced(event);
        }
    }

    private static String textOf(TraceEvent event) {
        return event instanceof TraceEvent.Warning warning ? warning.text() : event.toString();
    }

    private static Logger loggerOf(TraceEvent.Topic topic) {
        return switch (topic) {
            case ELECTION -> Loggers.ELECTION;
            case ZAB -> Loggers.ZAB;
            case SESSION -> Loggers.SESSION;
            case STORAGE -> Loggers.STORAGE;
        };
    }

    private static Level levelOf(TraceEvent.Level level) {
        return switch (level) {
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
    }

    /** Their names are what an operator configures. */
    private static final class Loggers {
        static final Logger ELECTION = LoggerFactory.getLogger("io.matriarch.election");
        static final Logger ZAB = LoggerFactory.getLogger("io.matriarch.zab");
        static final Logger SESSION = LoggerFactory.getLogger("io.matriarch.session");
        static final Logger STORAGE = LoggerFactory.getLogger("io.matriarch.storage");
    }
}
