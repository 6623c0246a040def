package io.matriarch.server.sasl;

import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.QuorumSasl;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.election.ElectionPort;
import io.matriarch.server.link.AddressBook;
import io.matriarch.server.link.Gate;
import io.matriarch.server.link.LinkTable;
import io.matriarch.server.link.NameLookup;
import io.matriarch.server.link.Outbox;
import io.matriarch.server.link.PeerGates;
import io.matriarch.server.link.RecordedEvents;
import io.matriarch.server.link.RepeatedWarnings;
import io.matriarch.server.link.Transport;
import io.matriarch.server.quorum.QuorumPort;
import io.matriarch.wire.ServerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The quorum and election ports of servers 1 and 2, with SASL or without, on free ports and on one event loop. */
final class PeerPorts implements AutoCloseable {
    private final Transport transport = new Transport("test-sasl");
    private final NameLookup names = new NameLookup(transport.loop());
    private final Path dir;
    private final int syncLimit;
    private final int openingTimeoutMillis;
    private final List<MemberConfig> members;

    /**
     * None of them listens yet.
     *
     * @param host of both, an address or a name of this machine
     * @param syncLimit in ticks of half a second
     * @param openingTimeoutMillis for the exchange
     */
    PeerPorts(Path dir, String host, int syncLimit, int openingTimeoutMillis) throws IOException {
        this.dir = dir;
        this.syncLimit = syncLimit;
        this.openingTimeoutMillis = openingTimeoutMillis;
        int[] ports = freePorts();
        members = List.of(
                MemberConfig.participant(1, host, ports[0], ports[1]),
                MemberConfig.participant(2, host, ports[2], ports[3]));
    }

    /** Four that differ: each is held until all are known. */
    private static int[] freePorts() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket one = new ServerSocket(0, 1, loopback);
                ServerSocket two = new ServerSocket(0, 1, loopback);
                ServerSocket three = new ServerSocket(0, 1, loopback);
                ServerSocket four = new ServerSocket(0, 1, loopback)) {
            return new int[] {one.getLocalPort(), two.getLocalPort(), three.getLocalPort(), four.getLocalPort()};
        }
    }

    MemberConfig member(int sid) {
        return members.get(sid - 1);
    }

    QuorumPort quorumPort(long sid, @Nullable QuorumSasl sasl, RecordedEvents events) {
        return new QuorumPort(
                transport,
                names,
                events,
                new LinkTable(),
                Outbox::flush,
                book(sid),
                gates(sid, sasl, events),
                new QuorumPort.Limits(2000, 1_048_575, false, 0));
    }

    ElectionPort electionPort(long sid, @Nullable QuorumSasl sasl, RecordedEvents events) {
        ServerConfig config = ServerConfig.builder()
                .dataDir(dir)
                .tickMillis(500)
                .limits(5, syncLimit)
                .ensemble(new ServerId(sid), members)
                .build();
        return new ElectionPort(transport, names, events, config, book(sid), gates(sid, sasl, events), why -> {});
    }

    private PeerGates gates(long sid, @Nullable QuorumSasl sasl, RecordedEvents events) {
        Gate gate = sasl == null
                ? Gate.OPEN
                : new PeerSasl(sasl, new RepeatedWarnings(events), openingTimeoutMillis, book(sid), transport.loop());
        return new PeerGates(Gate.OPEN, gate);
    }

    private AddressBook book(long sid) {
        return new AddressBook(new ServerId(sid), members);
    }

    /** Runs it on the event loop; returns when that, and what it put there, is done. */
    void onLoop(Runnable action) {
        CompletableFuture.runAsync(action, transport.loop()).join();
        CompletableFuture.runAsync(() -> {}, transport.loop()).join();
    }

    @Override
    public void close() {
        names.shutDown();
        transport.shutDown();
        transport.awaitEnd();
    }
}
