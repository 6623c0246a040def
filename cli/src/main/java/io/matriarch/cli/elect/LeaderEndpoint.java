package io.matriarch.cli.elect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.matriarch.candidate.Leadership;
import io.matriarch.candidate.Member;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /leader} over HTTP: 200 while this candidate certainly leads as it answers, else 503, both with the same JSON; for
 * load balancers, probes, and services that would rather ask than be started and stopped.
 *
 * <pre>
 * leads           boolean
 * path            of the election
 * term            number of the leadership, absent unless it leads
 * fencingToken    decimal, as text because it has 64 bits; absent unless it leads
 * remainingMillis how long the leadership lasts if nothing confirms it; absent unless it leads
 * leader          {znode, term, data} of the first of the line, as far as known; null if nobody stands
 * </pre>
 */
final class LeaderEndpoint implements AutoCloseable {
    private static final String PATH = "/leader";

    /** A client that takes longer to ask or to listen is dropped; whole seconds. */
    private static final String LONGEST_SECONDS = "5";

    private static final int THREADS = 2;

    private final ObjectMapper json = new ObjectMapper();
    private final String election;
    private final Supplier<Optional<Leadership>> own;
    private final Supplier<@Nullable Member> first;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "http");
        thread.setDaemon(true);
        return thread;
    });

    private LeaderEndpoint(
            InetSocketAddress address,
            String election,
            Supplier<Optional<Leadership>> own,
            Supplier<@Nullable Member> first)
            throws IOException {
        this.election = election;
        this.own = own;
        this.first = first;
        bound("sun.net.httpserver.maxReqTime");
        bound("sun.net.httpserver.maxRspTime");
        server = HttpServer.create(address, 0);
        server.setExecutor(threads);
        server.createContext(PATH, this::answer);
    }

    /** The JDK's server reads its bounds from the system's properties, and has none by default. */
    private static void bound(String property) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, LONGEST_SECONDS);
        }
    }

    /**
     * Binds, and answers from now on.
     *
     * @param own the leadership of this candidate, asked on every request
     * @param first the first of the line, or null if nobody is known
     * @throws IOException if the address cannot be bound
     */
    static LeaderEndpoint start(
            InetSocketAddress address,
            String election,
            Supplier<Optional<Leadership>> own,
            Supplier<@Nullable Member> first)
            throws IOException {
        LeaderEndpoint endpoint = new LeaderEndpoint(address, election, own, first);
        endpoint.server.start();
        return endpoint;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
            } else {
                tell(exchange, method.equals("GET"));
            }
        }
    }

    private void tell(HttpExchange exchange, boolean isBodyWanted) throws IOException {
        Optional<Leadership> leadership = own.get();
        byte[] body = body(leadership.orElse(null));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        int status = leadership.isPresent() ? 200 : 503;
        exchange.sendResponseHeaders(status, isBodyWanted ? body.length : -1);
        if (isBodyWanted) {
            exchange.getResponseBody().write(body);
        }
    }

    private byte[] body(@Nullable Leadership leadership) throws JsonProcessingException {
        ObjectNode node =
                json.createObjectNode().put("leads", leadership != null).put("path", election);
        if (leadership != null) {
            node.put("term", leadership.term())
                    .put("fencingToken", Long.toString(leadership.fencingToken()))
                    .put("remainingMillis", leadership.remaining().toMillis());
        }
        Member leader = first.get();
        if (leader == null) {
            node.putNull("leader");
        } else {
            node.putObject("leader")
                    .put("znode", leader.path())
                    .put("term", leader.sequence())
                    .put("data", Published.text(leader.content()));
        }
        return json.writeValueAsBytes(node);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
