package io.matriarch.server;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Holds the event loop of a server, as SIGSTOP holds a process. May be used by any thread but the loop. */
final class Standstill {
    private final ServerHost host;
    /** Done, with what the loop does first when it goes on; null while it runs. */
    private @Nullable CompletableFuture<Runnable> over;

    Standstill(ServerHost host) {
        this.host = host;
    }

    /** Returns when the loop stands, or has ended. */
    synchronized void begin() {
        if (over != null) {
            return;
        }
        CompletableFuture<Runnable> ended = new CompletableFuture<>();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        over = ended;
        host.post(() -> {
            begun.complete(null);
            ended.join().run();
        });
        CompletableFuture.anyOf(begun, host.halted()).join();
    }

    /** Lets the loop go on with {@code first}; nothing happens if it does not stand. */
    synchronized void end(Runnable first) {
        if (over != null) {
            over.complete(first);
            over = null;
        }
    }
}
