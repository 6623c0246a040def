package io.matriarch.cli.demo;

import io.matriarch.candidate.CandidacyEvent;
import io.matriarch.core.port.TraceEvent;

/** What the demo has to tell, as values; a {@link Narrator} finds the words or the JSON. */
sealed interface DemoEvent {
    record Opened(String version, int servers, int candidates, String directory) implements DemoEvent {}

    /** A step begins; it must come true within {@code boundMillis}. */
    record StepBegun(int number, String title, long boundMillis) implements DemoEvent {}

    /** The demo itself does or finds something. */
    record Noted(String text) implements DemoEvent {}

    record ServerTold(long sid, TraceEvent event) implements DemoEvent {}

    record CandidateTold(String name, CandidacyEvent event) implements DemoEvent {}

    /** Something that the step had to show came true. */
    record CameTrue(String what) implements DemoEvent {}

    record StepFailed(int number, String title, String what) implements DemoEvent {}

    record Finished(Summary summary) implements DemoEvent {}
}
