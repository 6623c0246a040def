package io.matriarch.server;

import io.matriarch.core.peer.Inspection;
import io.matriarch.core.peer.Peer;
import io.matriarch.core.peer.PeerStatus;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Member;
import io.matriarch.server.client.ClientPort;
import io.matriarch.server.client.ServerFigures;
import io.matriarch.server.client.ServerVersion;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.election.ElectionPort;
import io.matriarch.server.journal.ElectionJournal;
import io.matriarch.server.link.AddressBook;
import io.matriarch.server.link.Gate;
import io.matriarch.server.link.Link;
import io.matriarch.server.link.LinkTable;
import io.matriarch.server.link.Listener;
import io.matriarch.server.link.NameLookup;
import io.matriarch.server.link.PeerGates;
import io.matriarch.server.link.RepeatedWarnings;
import io.matriarch.server.link.Route;
import io.matriarch.server.link.Transport;
import io.matriarch.server.quorum.QuorumLink;
import io.matriarch.server.quorum.QuorumPort;
import io.matriarch.server.sasl.PeerSasl;
import io.matriarch.server.tls.PeerTls;
import io.matriarch.server.tls.TlsContext;
import io.matriarch.storage.StorageLane;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running server: its event loop, ports and threads, wired to one core. All but the constructor and {@link #post}
 * happens on the event loop.
 */
final class ServerHost implements ReplicaThread.Owner, ClientPort.Answers {
    private static final Logger LOG = LoggerFactory.getLogger(ServerHost.class);

    private final ServerConfig config;
    private final Transport transport;
    private final NameLookup names;
    private final ReplicaThread replica;
    private final StorageThread storage;
    private final DirectoryLocks locks;
    private final TraceLog traces;
    private final TransferWishes wishes;
    private final LinkTable links = new LinkTable();
    private final ClientPort clientPort;
    private final AddressBook book;
    private final @Nullable PeerTls peerTls;
    private final PeerGates gates;
    private final @Nullable QuorumPort quorumPort;
    private final @Nullable ElectionPort electionPort;
    private final @Nullable OracleFile oracle;
    private final @Nullable ElectionJournal journal;
    private final StandingAnswer standing;
    private final CompletableFuture<HaltReason> halted = new CompletableFuture<>();
    private @Nullable HostPort clientAddress;
    private boolean isHalting;
    private boolean hasStorageFailed;

    /**
     * Wires everything; nothing runs yet.
     *
     * @param tls keys for the links between servers; null if these are in clear text
     * @param route where connections to other servers really go; null if they go where they are dialled
     */
    ServerHost(
            ServerConfig config,
            StorageLane lane,
            DirectoryLocks locks,
            TraceLog traces,
            @Nullable TlsContext tls,
            @Nullable Route route) {
        this.locks = locks;
        this.config = config;
        this.traces = traces;
        String name = "matriarch-" + config.self();
        this.transport = new Transport(name, route);
        this.names = new NameLookup(transport.loop());
        this.replica = new ReplicaThread(transport.loop(), traces);
        this.wishes = new TransferWishes(replica);
        this.storage = new StorageThread(
                lane, name + "-disk", config.storage().slowForceMillis(), event -> post(() -> stored(event)));
        this.clientPort =
                new ClientPort(transport, replica, links, replica::touch, config, this, ClientPort.MAX_BACKLOG_BYTES);
        this.book = new AddressBook(config.self(), config.members());
        RepeatedWarnings warnings = new RepeatedWarnings(replica);
        this.peerTls = tls == null || config.isStandalone()
                ? null
                : new PeerTls(tls, transport.loop(), book, warnings, config.openingTimeoutMillis());
        this.gates = new PeerGates(
                peerTls == null ? Gate.OPEN : peerTls,
                config.quorumSasl()
                        .<Gate>map(sasl ->
                                new PeerSasl(sasl, warnings, config.openingTimeoutMillis(), book, transport.loop()))
                        .orElse(Gate.OPEN));
        this.quorumPort = config.isStandalone() ? null : quorumPort();
        this.electionPort = config.isStandalone() ? null : electionPort();
        this.oracle = config.oracleFile()
                .map(file -> new OracleFile(file, transport.loop()))
                .orElse(null);
        this.standing = new StandingAnswer(config, storage.forceTimes());
        this.journal = config.isStandalone() ? null : electionJournal(traces);
        traces.begin();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the journal is written once more at the end
    private ElectionJournal electionJournal(TraceLog traces) {
        ElectionJournal kept = ElectionJournal.in(
                config.dataDir(), config.self(), ServerVersion.text(), ReplicaThread::now, write -> transport
                        .loop()
                        .schedule(write, ElectionJournal.DELAY_MILLIS, TimeUnit.MILLISECONDS));
        traces.addListener(kept::traced);
        return kept;
    }

    private QuorumPort quorumPort() {
        QuorumPort.Limits limits = new QuorumPort.Limits(
                config.connectTimeoutMillis(),
                config.juteMaxBuffer(),
                config.listensOnAllAddresses(),
                config.observers().masterPort());
        return new QuorumPort(transport, names, replica, links, replica::touch, book, gates, limits);
    }

    private ElectionPort electionPort() {
        return new ElectionPort(
                transport,
                names,
                replica,
                config,
                book,
                gates,
                why -> halt(HaltReason.failed(why, HaltReason.EXIT_QUORUM_PORT)));
    }

    // --- life --------------------------------------------------------------------------------------------------------

    /** Runs {@code task} on the event loop; does nothing once that has ended. */
    void post(Runnable task) {
        try {
            transport.loop().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("the event loop has ended", e);
        }
    }

    /**
     * Starts the core on what was recovered, then opens the ports; {@code bound} takes the client port's address.
     *
     * @param next a configuration that was proposed and not known to be agreed; null if there is none
     */
    void begin(
            Recovered recovered, @Nullable Configuration next, CompletableFuture<@Nullable InetSocketAddress> bound) {
        Now now = new Now(System.nanoTime(), System.currentTimeMillis());
        Peer peer = new Peer(CoreSetup.peerConfig(config, next), recovered, now.nanos() ^ now.wallMillis(), now);
        storage.start();
        if (journal != null) {
            journal.started(CoreSetup.configuration(config), recovered);
        }
        if (electionPort != null) {
            electionPort.open();
            electionPort.looking(true);
        }
        if (isHalting) {
            return;
        }
        EffectHandler.Ensemble ensemble = quorumPort == null || electionPort == null || journal == null
                ? null
                : new EffectHandler.Ensemble(quorumPort, electionPort, oracle, journal);
        EffectHandler handler =
                new EffectHandler(links, replica, this::haltAsCoreSays, this::membersChanged, wishes, ensemble);
        replica.begin(peer, handler, storage, this);
        HostPort address = config.clientAddress().orElse(null);
        clientAddress = address;
        if (address == null) {
            bound.complete(null);
            return;
        }
        clientPort.open(names, address, new Listener.Outcome() {
            @Override
            public void bound(InetSocketAddress local) {
                bound.complete(local);
            }

            @Override
            public void gaveUp(String why) {
                bound.completeExceptionally(new ServerStartException(why, HaltReason.EXIT_UNEXPECTED));
            }
        });
    }

    /** Asks the core to stop; it answers with a clean halt. */
    void requestStop() {
        replica.add(new Event.StopRequested());
    }

    /** Stops in order: no step, no new connection, then the disk, then the event loop. */
    void halt(HaltReason reason) {
        if (isHalting) {
            return;
        }
        isHalting = true;
        if (!reason.isClean()) {
            LOG.error("server {} stops: {}", config.self(), reason.text());
        }
        replica.stop();
        if (journal != null) {
            journal.stopped(reason.text());
        }
        closePorts();
        // Later: the batch that brought us here may still have something for the disk.
        post(() -> inBackground(() -> {
            storage.stop();
            end(reason);
        }));
    }

    /** Ends as a killed process would: nothing is flushed, sent or forced any more. */
    void kill() {
        if (isHalting) {
            return;
        }
        isHalting = true;
        storage.abandon();
        if (journal != null) {
            journal.abandon();
        }
        replica.stop();
        transport.shutDown();
        inBackground(() -> {
            storage.stop();
            end(HaltReason.failed("killed", HaltReason.EXIT_UNEXPECTED));
        });
    }

    /** Runs {@code chore} on the storage thread, between other work; never if that has ended. */
    void onStorage(Runnable chore) {
        storage.submit(chore);
    }

    /** Done when nothing of this server runs any more. */
    CompletableFuture<HaltReason> halted() {
        return halted;
    }

    private void closePorts() {
        clientPort.close();
        if (quorumPort != null) {
            quorumPort.stopListening();
            quorumPort.stopListeningForObservers();
        }
        if (electionPort != null) {
            electionPort.close();
        }
    }

    private void end(HaltReason reason) {
        if (oracle != null) {
            oracle.close();
        }
        if (journal != null) {
            journal.close();
        }
        names.shutDown();
        if (peerTls != null) {
            peerTls.close();
        }
        transport.shutDown();
        transport.awaitEnd();
        traces.close();
        locks.close();
        if (reason.isClean()) {
            LOG.info("server {} stopped: {}", config.self(), reason.text());
        }
        halted.complete(reason);
    }

    private void inBackground(Runnable task) {
        Thread thread = new Thread(task, "matriarch-" + config.self() + "-stop");
        thread.setDaemon(true);
        thread.start();
    }

    private void stored(Event event) {
        hasStorageFailed |= event instanceof Event.StorageFailed;
        replica.add(event);
    }

    /** The members are others, or elsewhere; so may be our own client port (operations.md 2). */
    private void membersChanged(Effect.StoreConfiguration effect) {
        Configuration committed = effect.committed();
        boolean isPending = effect.lastSeen().version() > committed.version();
        if (journal != null) {
            journal.members(committed);
        }
        book.replace(membersOf(committed), isPending ? membersOf(effect.lastSeen()) : List.of());
        Member own = committed.member(config.self());
        HostPort wanted = own == null ? null : own.client();
        if (wanted != null && !wanted.equals(clientAddress) && !isHalting) {
            clientAddress = wanted;
            clientPort.move(names, wanted);
        }
    }

    private static List<MemberConfig> membersOf(Configuration configuration) {
        return configuration.members().values().stream().map(MemberConfig::of).toList();
    }

    private void haltAsCoreSays(Effect.Halt effect) {
        int exitCode = hasStorageFailed ? HaltReason.EXIT_STORAGE : HaltReason.EXIT_UNEXPECTED;
        halt(effect.isClean() ? HaltReason.stopped(effect.reason()) : HaltReason.failed(effect.reason(), exitCode));
    }

    // --- what the replica thread finds out ---------------------------------------------------------------------------

    @Override
    public void holdReads(boolean isHolding) {
        clientPort.hold(isHolding);
        for (Link link : links.all()) {
            if (link instanceof QuorumLink peer) {
                peer.hold(isHolding);
            }
        }
    }

    @Override
    public void defect(Throwable failure) {
        LOG.error("the core failed", failure);
        halt(HaltReason.failed(
                "a defect of the server: " + failure + "; please report it with the lines above",
                HaltReason.EXIT_UNEXPECTED));
    }

    // --- questions ---------------------------------------------------------------------------------------------------

    void awaitService(CompletableFuture<Void> waiting) {
        replica.awaitService(waiting);
    }

    long treeDigest() {
        return replica.treeDigest();
    }

    long mostWaitingForPeer() {
        long most = 0;
        for (Link link : links.all()) {
            most = link instanceof QuorumLink peer ? Math.max(most, peer.takeMostWaitingBytes()) : most;
        }
        return most;
    }

    @Nullable
    PeerStatus status() {
        return replica.status();
    }

    @Override
    public CompletableFuture<String> journal() {
        return journal == null
                ? CompletableFuture.completedFuture("A standalone server has no elections.\n")
                : journal.recent();
    }

    @Override
    public String standing(int clients) {
        return standing.of(replica.status(), clients);
    }

    @Override
    public CompletableFuture<String> lead(ServerId server) {
        return wishes.ask(server);
    }

    @Override
    public @Nullable Inspection inspection() {
        return replica.inspection();
    }

    @Override
    public ServerFigures figures() {
        return CoreFigures.of(
                replica.status(),
                config.observers().core().isServed(),
                storage.forceTimes().latency().slow());
    }
}
