package io.matriarch.cli.demo;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.MatriarchServer;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.wire.ServerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.zookeeper.client.HostProvider;

/**
 * The demo's servers, 1 to n, on loopback ports of their own, each in a directory of its own, started one by one. A port is
 * kept from others until the server that wants it starts.
 */
final class DemoServers implements AutoCloseable {
    private static final int PORTS_PER_SERVER = 3;
    private static final int TICK_MILLIS = 500;
    private static final int PRE_ALLOC_BYTES = 1 << 20;

    private record Ports(List<Socket> held, List<Integer> numbers) {
        int quorum() {
            return numbers.get(0);
        }

        int election() {
            return numbers.get(1);
        }

        int client() {
            return numbers.get(2);
        }

        void letGo() throws IOException {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private final Path directory;
    private final BiConsumer<Long, TraceEvent> traces;
    private final List<Ports> ports = new ArrayList<>();
    private final Map<Long, MatriarchServer> running = new TreeMap<>();

    /** @param traces told what each server traces, with its id, on that server's thread */
    DemoServers(Path directory, int count, BiConsumer<Long, TraceEvent> traces) throws IOException {
        this.directory = directory;
        this.traces = traces;
        for (int i = 0; i < count; i++) {
            List<Socket> held = new ArrayList<>();
            for (int port = 0; port < PORTS_PER_SERVER; port++) {
                // Bound, but not listening: to its peers, a server that has not started is down.
                Socket socket = new Socket();
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                held.add(socket);
            }
            ports.add(new Ports(held, held.stream().map(Socket::getLocalPort).toList()));
        }
    }

    /** Starts a server, for the first time or again. */
    void start(long sid) throws IOException {
        ports(sid).letGo();
        List<MemberConfig> members = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            Ports its = ports.get(i);
            members.add(MemberConfig.participant(i + 1L, "127.0.0.1", its.quorum(), its.election()));
        }
        ServerConfig config = ServerConfig.builder()
                .ensemble(new ServerId(sid), members)
                .dataDir(directory.resolve("server" + sid))
                .clientAddress("127.0.0.1", ports(sid).client())
                .tickMillis(TICK_MILLIS)
                .preAllocBytes(PRE_ALLOC_BYTES)
                .build();
        running.put(sid, MatriarchServer.start(config, event -> traces.accept(sid, event)));
    }

    /** Ends a server as {@code kill -9} would end its process: connections break, nothing more is written. */
    void kill(long sid) {
        MatriarchServer server = running.remove(sid);
        if (server != null) {
            server.kill();
        }
    }

    /** One server's address, for clients. */
    String connectString(long sid) {
        return "127.0.0.1:" + ports(sid).client();
    }

    /** The addresses of all servers, for clients. */
    String connectString() {
        return ports.stream().map(its -> "127.0.0.1:" + its.client()).collect(Collectors.joining(","));
    }

    /** The addresses of all servers, for a client that tries {@code first} before the others. */
    HostProvider hosts(long first) {
        List<InetSocketAddress> inOrder = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            int port = ports.get((int) ((first - 1 + i) % ports.size())).client();
            inOrder.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
        return new HostsInOrder(inOrder);
    }

    private Ports ports(long sid) {
        return ports.get(Math.toIntExact(sid - 1));
    }

    @Override
    public void close() throws IOException {
        running.values().forEach(MatriarchServer::kill);
        for (Ports its : ports) {
            its.letGo();
        }
    }
}
