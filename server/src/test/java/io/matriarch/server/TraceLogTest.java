package io.matriarch.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Lines are written later, by another thread, in order and with the time of what they tell. */
@Timeout(30)
class TraceLogTest {
    private static final long LONG_MILLIS = 1_500;

    private final Logger election = (Logger) LoggerFactory.getLogger("io.matriarch.election");
    private final Level before = election.getLevel();
    private final Lines lines = new Lines();
    private final TraceLog log = new TraceLog(new ServerId(7));

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        final List<ILoggingEvent> events = Collections.synchronizedList(new ArrayList<>());
        final Semaphore written = new Semaphore(0);

        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing(); // it finds out its thread when it is first asked
            events.add(event);
            written.release();
        }

        List<String> texts() {
            return List.copyOf(events).stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }
    }

    @BeforeEach
    void listen() {
        election.setLevel(Level.INFO);
        lines.start();
        election.addAppender(lines);
        election.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        election.detachAppender(lines);
        election.setAdditive(true);
        election.setLevel(before);
    }

    private void tells(String text) {
        log.trace(new TraceEvent.Warning(TraceEvent.Topic.ELECTION, text));
    }

    @Test
    void beforeItBeginsAndAfterItsEndLinesAreWrittenAtOnce() {
        tells("a");
        assertThat(lines.texts()).containsExactly("[7] a");
        log.begin();
        log.close();
        tells("b");
        assertThat(lines.texts()).containsExactly("[7] a", "[7] b");
    }

    @Test
    void whatWaitsIsWrittenInOrderWhenItEndsAndNobodyWaitsForTheDelay() {
        log.begin();
        for (int i = 0; i < 50; i++) {
            tells("line " + i);
        }
        long beganNanos = System.nanoTime();
        log.close();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos))
                .isLessThan(LONG_MILLIS);
        assertThat(lines.texts())
                .hasSize(50)
                .startsWith("[7] line 0", "[7] line 1")
                .endsWith("[7] line 49");
    }

    @Test
    void whatIsToldComesAfterAWhileWithTheTimeAtWhichItWasTold() throws InterruptedException {
        log.begin();
        for (int burst = 1; burst <= 2; burst++) {
            long toldAt = System.currentTimeMillis();
            tells("one");
            tells("two");
            lines.written.acquire(2);
            assertThat(lines.texts()).hasSize(2 * burst).endsWith("[7] one", "[7] two");
            ILoggingEvent last = lines.events.get(2 * burst - 1);
            assertThat(last.getKeyValuePairs()).singleElement().satisfies(pair -> {
                assertThat(pair.key).isEqualTo(LogKeys.TOLD_AT);
                assertThat((Long) pair.value).isBetween(toldAt, last.getTimeStamp());
            });
            assertThat(last.getThreadName()).isEqualTo("matriarch-7-log");
        }
        long beganNanos = System.nanoTime();
        log.close();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos))
                .isLessThan(LONG_MILLIS);
    }
}
