package io.matriarch.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a peer can cause again and again fills neither the log nor the memory. */
class RepeatedWarningsTest {
    private final RecordedEvents events = new RecordedEvents();
    private final RepeatedWarnings warnings = new RepeatedWarnings(events);

    @Test
    void sameTextIsToldEverMoreRarely() throws Exception {
        for (int i = 0; i < 100; i++) {
            warnings.warn("trouble");
        }
        List<String> told = new ArrayList<>();
        while (events.hasTraces()) {
            told.add(events.nextTrace().toString());
        }
        assertThat(told).hasSize(7);
        assertThat(told.get(0)).contains("text=trouble]");
        assertThat(told.get(6)).contains("text=trouble (64 times)");
    }

    @Test
    void whatHappensNowAndThenIsToldOnlyWhenItRepeats() throws Exception {
        for (int i = 0; i < 7; i++) {
            warnings.warnIfRepeated("hiccup");
        }
        assertThat(events.nextTrace().toString()).contains("hiccup (4 times)");
        assertThat(events.hasTraces()).isFalse();
    }

    @Test
    void textsThatAreRememberedAreBounded() throws Exception {
        for (int i = 0; i < RepeatedWarnings.MAX_TEXTS; i++) {
            warnings.warn("from port " + i);
        }
        warnings.warn("one more");
        for (int i = 0; i <= RepeatedWarnings.MAX_TEXTS; i++) {
            events.nextTrace();
        }
        warnings.warn("from port 0");
        assertThat(events.nextTrace().toString()).contains("text=from port 0]");
    }
}
