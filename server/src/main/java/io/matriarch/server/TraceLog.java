package io.matriarch.server;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Prints what the core tells about itself, one line per event, and passes it on to whoever listens.
 *
 * <p>Lines are put together and written by a thread of their own, so that an election waits for no terminal and no disk, and a
 * little later: a thread that is woken takes the processor from the one that woke it, on a machine with few of them for some
 * milliseconds each time. So they carry the time of what they tell of ({@link LogKeys#TOLD_AT}).
 */
final class TraceLog {
    /** Lines that may wait; beyond it whoever tells something writes it himself. */
    private static final int MAX_WAITING = 10_000;

    /** From the first line to its writing: an election or a hand-over is over by then, as a rule. */
    private static final int DELAY_MILLIS = 200;

    private static final long CLOSE_MILLIS = 2_000;
    private static final Runnable END = TraceLog::end;

    private final String prefix;
    private final List<TraceListener> listeners = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Runnable> lines = new LinkedBlockingQueue<>(MAX_WAITING);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread writer;
    private volatile boolean hasWriter;

    TraceLog(ServerId self) {
        this.prefix = "[" + self + "] ";
        this.writer = new Thread(this::write, "matriarch-" + self + "-log");
        writer.setDaemon(true);
    }

    /** From now on lines are written by their own thread. */
    void begin() {
        writer.start();
        hasWriter = true;
    }

    private void write() {
        try {
            Runnable line = lines.take();
            while (line != END) {
                // While this waits, and not for the queue, nobody who adds to it wakes anybody.
                closing.await(DELAY_MILLIS, TimeUnit.MILLISECONDS);
                for (; line != null && line != END; line = lines.poll()) {
                    line.run();
                }
                if (line == null) {
                    line = lines.take();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does; what waits is lost with the process
        }
    }

    private static void end() {
        // its place in the queue is what counts
    }

    /** Writes what waits; what is told from now on is written at once. */
    void close() {
        if (!hasWriter) {
            return;
        }
        hasWriter = false;
        closing.countDown();
        try {
            if (lines.offer(END, CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                writer.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void addListener(TraceListener listener) {
        listeners.add(listener);
    }

    void trace(TraceEvent event) {
        Logger log = loggerOf(event.topic());
        Level level = levelOf(event.level());
        if (log.isEnabledForLevel(level)) {
            long toldAt = System.currentTimeMillis();
            Runnable line = () ->
                    log.atLevel(level).addKeyValue(LogKeys.TOLD_AT, toldAt).log(prefix + textOf(event));
            if (!hasWriter || !lines.offer(line)) {
                line.run();
            }
        }
        for (TraceListener listener : listeners) {
            listener.traced(event);
        }
    }

    private static String textOf(TraceEvent event) {
        return event instanceof TraceEvent.Warning warning ? warning.text() : RecordText.of((Record) event);
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
