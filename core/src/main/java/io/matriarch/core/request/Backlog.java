package io.matriarch.core.request;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.Now;
import io.matriarch.wire.Bytes;

/**
 * What was received and is not answered, on each link and in all, and the bounds on it: a link beyond them is not read
 * from until half of it is done, and a link without anything outstanding is always read from.
 */
final class Backlog {
    private final DeskConfig config;
    private final EffectSink out;
    private int outstanding;

    Backlog(DeskConfig config, EffectSink out) {
        this.config = config;
        this.out = out;
    }

    int outstanding() {
        return outstanding;
    }

    /** Keeps a frame unopened. */
    void hold(ClientLink link, Bytes frame, Now now) {
        link.inbox.add(new ClientLink.HeldFrame(frame, now.nanos()));
        link.heldBytes += frame.length();
        outstanding++;
    }

    /** The oldest frame kept; there must be one. */
    ClientLink.HeldFrame release(ClientLink link) {
        ClientLink.HeldFrame held = link.inbox.poll();
        link.heldBytes -= held.frame().length();
        outstanding--;
        return held;
    }

    /** Appends a request to its link's queue. */
    void queue(QueuedRequest request) {
        request.link.queue.add(request);
        request.link.heldBytes += request.sizeBytes;
        outstanding++;
    }

    /** Takes the oldest request off the queue; there must be one. */
    QueuedRequest dequeue(ClientLink link) {
        QueuedRequest request = link.queue.poll();
        link.heldBytes -= request.sizeBytes;
        outstanding--;
        return request;
    }

    /** Drops the frames kept. */
    void dropHeld(ClientLink link) {
        while (!link.inbox.isEmpty()) {
            release(link);
        }
    }

    /** The link is gone. */
    void drop(ClientLink link) {
        outstanding -= link.load();
        link.inbox.clear();
        link.queue.clear();
        link.heldBytes = 0;
    }

    void pauseIfFull(ClientLink link) {
        boolean isFull = link.load() >= config.maxQueuedRequests()
                || link.heldBytes >= config.maxQueuedBytes()
                || (link.load() > 0 && outstanding >= config.maxOutstandingRequests());
        if (isFull && !link.isPaused && link.isOpen()) {
            link.isPaused = true;
            out.emit(new Effect.PauseReads(link.id));
        }
    }

    void resumeIfDrained(ClientLink link) {
        if (!link.isPaused || !link.isOpen()) {
            return;
        }
        boolean hasRoom = link.load() <= config.maxQueuedRequests() / 2
                && link.heldBytes <= config.maxQueuedBytes() / 2
                && outstanding < config.maxOutstandingRequests();
        if (hasRoom || link.load() == 0) {
            link.isPaused = false;
            out.emit(new Effect.ResumeReads(link.id));
        }
    }
}
