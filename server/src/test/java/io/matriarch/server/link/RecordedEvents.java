package io.matriarch.server.link;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.TraceEvent;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Stands where the core would: keeps what the ports report. */
public final class RecordedEvents implements EventQueue {
    private static final int PATIENCE_SECONDS = 10;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<TraceEvent> traces = new LinkedBlockingQueue<>();
    private long lastLink;

    @Override
    public void add(Event event) {
        events.add(event);
    }

    @Override
    public LinkId nextLinkId() {
        return new LinkId(++lastLink);
    }

    @Override
    public void trace(TraceEvent event) {
        traces.add(event);
    }

    /** The next event, which must be of this kind. */
    public <E extends Event> E next(Class<E> kind) throws InterruptedException {
        Event event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!kind.isInstance(event)) {
            throw new AssertionError("expected " + kind.getSimpleName() + ", not " + event);
        }
        return kind.cast(event);
    }

    /** The next trace. */
    public TraceEvent nextTrace() throws InterruptedException {
        TraceEvent event = traces.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("nothing was traced");
        }
        return event;
    }

    /** The next trace of this or of the other. */
    public TraceEvent nextTraceOr(RecordedEvents other) throws InterruptedException {
        for (int i = 0; i < 100 * PATIENCE_SECONDS; i++) {
            TraceEvent event = traces.poll(5, TimeUnit.MILLISECONDS);
            event = event == null ? other.traces.poll(5, TimeUnit.MILLISECONDS) : event;
            if (event != null) {
                return event;
            }
        }
        throw new AssertionError("nothing was traced");
    }

    /** Whether something was traced that was not taken. */
    public boolean hasTraces() {
        return !traces.isEmpty();
    }

    /** Whether nothing was reported that was not taken. */
    public boolean isEmpty() {
        return events.isEmpty();
    }
}
