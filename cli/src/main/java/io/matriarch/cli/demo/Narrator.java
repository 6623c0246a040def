package io.matriarch.cli.demo;

/** Tells what happens, as it happens. Called by one thread at a time, in the order of the events. */
interface Narrator {
    /**
     * Tells one event.
     *
     * @param nanos since the demo began
     */
    void tell(long nanos, DemoEvent event);
}
