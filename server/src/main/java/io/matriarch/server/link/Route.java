package io.matriarch.server.link;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/** Where connections to other servers really go: for tests, which put a network of their own between servers. */
@FunctionalInterface
public interface Route {
    /**
     * Where to connect instead of {@code wanted}. An exceptional end is that of the dial; a {@link java.net.ConnectException}
     * whose message says "refused" tells that nobody listens there. Called on the event loop: return at once.
     */
    CompletionStage<InetSocketAddress> to(InetSocketAddress wanted);
}
