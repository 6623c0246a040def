package io.matriarch.server;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.server.link.EventQueue;
import io.matriarch.wire.ServerId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Operators' wishes that another server should lead, until the core answers them. On the event loop. */
final class TransferWishes {
    private final EventQueue events;
    private final Map<Long, CompletableFuture<String>> open = new HashMap<>();
    private long asked;

    TransferWishes(EventQueue events) {
        this.events = events;
    }

    /** Done with a line that begins with "done: " or "refused: ". */
    CompletableFuture<String> ask(ServerId server) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        open.put(++asked, answer);
        events.add(new Event.TransferRequested(asked, server));
        return answer;
    }

    void answered(Effect.TransferAnswered effect) {
        CompletableFuture<String> answer = open.remove(effect.ticket());
        if (answer != null) {
            answer.complete((effect.isDone() ? "done: " : "refused: ") + effect.text() + "\n");
        }
    }
}
