package io.matriarch.sim.world;

import io.matriarch.core.peer.PeerConfig;
import io.matriarch.sim.check.EpochFiles;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.check.InvariantViolation;
import io.matriarch.sim.check.LastWords;
import io.matriarch.sim.check.Observed;
import io.matriarch.sim.check.ServerChecks;
import io.matriarch.sim.client.SimClient;
import io.matriarch.sim.net.Conditions;
import io.matriarch.sim.net.ElectionMesh;
import io.matriarch.sim.net.Topology;
import io.matriarch.sim.net.VirtualNetwork;
import io.matriarch.sim.time.Chance;
import io.matriarch.sim.time.EventHeap;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One ensemble with its clients, from one seed. {@link #run} lets it live under faults for a while, heals everything,
 * and demands that it comes to rest: one leader, equal trees, writes that succeed.
 */
public final class World {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final long PROGRESS_NANOS = 60 * SECOND;
    private static final long POLL_NANOS = 50 * MILLI;
    private static final int WRITES_AFTER_HEALING = 3;

    private final WorldParts parts;
    private final WorldPlan plan;
    private final PeerConfig.Tuning tuning;
    private final Chance chance;
    private final Trace trace;
    private final Tally tally = new Tally();
    private final EventHeap heap = new EventHeap();
    private final Topology topology = new Topology();
    private final Conditions conditions;
    private final VirtualNetwork network;
    private final ElectionMesh mesh;
    private final Observed observed;
    private final PerfectOracle oracle;
    private final List<SimHost> hosts = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();
    private final Misfortune misfortune;
    private final Stalls stalls;
    private final Hangs hangs;
    private final Operator operator;

    private final PacketTally packets;
    private int nextServerChecks = 1;
    private boolean isHealed;

    /**
     * @param seed decides everything
     * @param faults what may be drawn
     * @param sink takes the trace, line by line; null for none
     * @param isHashing whether {@link WorldResult#traceHash} is wanted
     */
    public World(long seed, Set<Fault> faults, WorldParts parts, @Nullable Consumer<String> sink, boolean isHashing) {
        this(seed, WorldPlan.draw(new Chance(seed).fork("plan"), faults, parts.bias()), parts, sink, isHashing);
    }

    /** With a plan that was not drawn; {@code seed} decides the rest. */
    World(long seed, WorldPlan plan, WorldParts parts, @Nullable Consumer<String> sink, boolean isHashing) {
        this.chance = new Chance(seed);
        this.parts = parts;
        this.tuning = parts.tuning().apply(PeerConfig.Tuning.DEFAULT);
        this.plan = plan;
        this.packets = new PacketTally(plan, tally);
        this.trace = new Trace(sink, isHashing);
        this.conditions = new Conditions(chance.fork("conditions"));
        this.network = new VirtualNetwork(heap, topology, conditions, chance.fork("network"));
        this.mesh = new ElectionMesh(
                heap,
                topology,
                conditions,
                chance.fork("mesh"),
                new LastWords(),
                parts.electionPort() != WorldParts.ElectionPort.FORGETS_LAST_WORD);
        List<EpochFiles> epochFiles = new ArrayList<>();
        for (int sid = 1; sid <= plan.servers(); sid++) {
            int index = sid - 1;
            epochFiles.add(new EpochFiles(sid, name -> hosts.get(index).durableEpoch(name)));
        }
        this.oracle = new PerfectOracle(this);
        this.observed = new Observed(
                epochFiles,
                plan.hasOracle() ? plan.quorums().withOracle(oracle::names) : plan.quorums(),
                plan.sessionRules(),
                plan.txnBounds(),
                plan.heartbeat().isEnabled());
        for (int sid = 1; sid <= plan.servers(); sid++) {
            SimHost host = new SimHost(sid, this, chance.fork("server " + sid));
            hosts.add(host);
            tally.count(Tally.SERVERS, plan.kindOf(sid));
            mesh.register(sid, host);
        }
        for (int i = 0; i < plan.clients(); i++) {
            clients.add(newClient(SimClient.FIRST + i));
        }
        this.misfortune = new Misfortune(this, chance.fork("misfortune"));
        this.stalls = new Stalls(this, chance.fork("stalls"));
        this.hangs = new Hangs(this, chance.fork("hangs"));
        this.operator = new Operator(this, chance.fork("operator"));
    }

    /** Lives through {@code faultyMillis} of virtual time with faults, and then until it has come to rest. */
    public WorldResult run(long faultyMillis) {
        InvariantViolation violation = null;
        try {
            live(faultyMillis * MILLI);
        } catch (InvariantViolation e) {
            violation = e;
            trace.note(heap.nowNanos(), "world", "VIOLATION " + e.invariant() + ": " + e.getMessage());
        }
        return new WorldResult(
                violation,
                heap.nowNanos(),
                trace.hash(),
                heap.executed(),
                observed.clients().operations(),
                observed.clients().acknowledgedWrites(),
                tally,
                plan.toString());
    }

    private void live(long faultyNanos) {
        trace.note(0, "world", plan.toString());
        Chance starts = chance.fork("starts");
        boolean hasLatecomer = starts.hits(0.4);
        for (SimHost host : hosts) {
            // Who comes late may find that the others' logs begin after its own end.
            boolean isLate = hasLatecomer && host == hosts.get(hosts.size() - 1);
            heap.after(starts.between(0, (isLate ? 9_000 : 500) * MILLI), host::start);
        }
        clients.forEach(SimClient::start);
        misfortune.begin();
        switch (plan.course()) {
            case USUAL -> {}
            case QUIET -> stalls.begin();
            case HANGING -> hangs.begin();
        }
        operator.begin();
        heap.runUntil(faultyNanos);
        heal();
        long writesBefore = observed.clients().acknowledgedWrites();
        await(
                "serves everywhere and takes writes",
                () -> isServedEverywhere()
                        && observed.clients().acknowledgedWrites() >= writesBefore + WRITES_AFTER_HEALING);
        clients.forEach(SimClient::quiesce);
        await("comes to rest with equal trees", this::isAtRest);
        for (SimHost host : hosts) {
            host.checks().compareInFull(host.server().tree());
            if (plan.releaseOf(host.sid()) == null && plan.servers() > 1 && !plan.isReconfigurable()) {
                host.serverChecks().showsConfiguration(host.server().tree(), plan.configText());
            }
        }
        requireLabels();
        observed.clients().atEnd();
    }

    /** Of ours; whoever they follow has led an epoch before. */
    private void requireLabels() {
        for (SimHost host : hosts) {
            boolean isLabelled = host.server().configuration().version() > 0;
            if (plan.isReconfigurable() && host.isOurs() && !isLabelled) {
                throw new InvariantViolation(
                        Invariant.CONFIGURATION_LABELLED,
                        "server " + host.sid() + " still has the configuration that all began with, without a version");
            }
        }
    }

    private void heal() {
        trace.note(heap.nowNanos(), "world", "everything is healed");
        isHealed = true;
        misfortune.end();
        stalls.end();
        hangs.end();
        operator.end();
        conditions.calm();
        topology.heal();
        for (SimHost host : hosts) {
            host.disk().disarm();
            host.crashPoints().disarm();
            host.slowDisk(1);
            host.endHang();
            heap.after(chance.between(0, 300 * MILLI), host::start);
        }
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = heap.nowNanos() + PROGRESS_NANOS;
        while (!condition.getAsBoolean()) {
            if (heap.nowNanos() >= deadline) {
                throw new InvariantViolation(
                        Invariant.PROGRESS,
                        "healed " + PROGRESS_NANOS / SECOND + " s ago, the ensemble still does not reach: " + what
                                + "; " + describe());
            }
            operator.restartWhoeverCannotBeJoined();
            operator.restartWhoeverIsLockedOut();
            operator.restartWhoeverCommitsNoMore();
            heap.runUntil(heap.nowNanos() + POLL_NANOS);
        }
    }

    private boolean isServedEverywhere() {
        for (SimHost host : hosts) {
            if (!host.isUp() || !host.server().isServing()) {
                return false;
            }
        }
        return true;
    }

    private boolean isAtRest() {
        if (!isServedEverywhere()) {
            return false;
        }
        for (SimClient client : clients) {
            if (!client.isIdle()) {
                return false;
            }
        }
        SimHost leader = leader();
        if (leader != null && (!plan.isPreferred(leader.sid()) || hasOverdueZnodes(leader))) {
            return false;
        }
        long last = observed.history().last();
        for (SimHost host : hosts) {
            if (host.server().tree().lastApplied().value() < last) {
                return false;
            }
        }
        return true;
    }

    /** Whether the leader still has znodes whose time to live has passed by its own clock (client.md 9.5). */
    private boolean hasOverdueZnodes(SimHost leader) {
        long wallMillis = leader.clock().at(heap.nowNanos()).wallMillis();
        return plan.znodes().grantsTtl()
                && !leader.server().tree().expiredTtlNodes(wallMillis).isEmpty();
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        for (SimHost host : hosts) {
            text.append("server ").append(host.sid()).append(": ");
            text.append(host.isUp() ? host.server().describe() : "down").append("; ");
        }
        for (SimClient client : clients) {
            text.append(client).append("; ");
        }
        return text.toString();
    }

    private SimClient newClient(int node) {
        SimClient.Servers servers = new SimClient.Servers() {
            @Override
            public int count() {
                return plan.servers();
            }

            @Override
            public VirtualNetwork.Acceptor clientPort(int sid) {
                return hosts.get(sid - 1).clientPort();
            }
        };
        return new SimClient(
                node,
                heap,
                network,
                servers,
                observed.clients(),
                chance.fork("client " + node),
                plan.sessionTimeoutMillis(),
                plan.sessionRules().hasReadOnly(),
                plan.znodes().grantsTtl(),
                plan.apache().isEmpty());
    }

    // --- for the other parts of the world ----------------------------------------------------------------------------

    EventHeap heap() {
        return heap;
    }

    Topology topology() {
        return topology;
    }

    Conditions conditions() {
        return conditions;
    }

    VirtualNetwork network() {
        return network;
    }

    ElectionMesh mesh() {
        return mesh;
    }

    Trace trace() {
        return trace;
    }

    Tally tally() {
        return tally;
    }

    WorldPlan plan() {
        return plan;
    }

    WorldParts parts() {
        return parts;
    }

    Observed observed() {
        return observed;
    }

    PerfectOracle oracle() {
        return oracle;
    }

    PeerConfig.Tuning tuning() {
        return tuning;
    }

    List<SimHost> hosts() {
        return hosts;
    }

    List<SimClient> clients() {
        return clients;
    }

    /** The checks of the next server, in the order of sids. */
    ServerChecks nextServerChecks() {
        int sid = nextServerChecks++;
        ServerChecks checks = observed.server(sid);
        if (plan.keepsInMemory(sid)) {
            checks.keepsInMemory();
        }
        return checks;
    }

    /** Counts what a server says that is worth counting. */
    void count(int sid, QuorumPacket packet) {
        packets.count(sid, packet);
    }

    void dialServer(int from, int to, Function<SimHost, VirtualNetwork.Acceptor> port, VirtualNetwork.Dialler dialler) {
        network.dial(from, to, port.apply(hosts.get(to - 1)), dialler);
    }

    /** A server that went down comes back some time later; soon once everything is healed. */
    void restartLater(SimHost host) {
        long delay = isHealed ? 100 * MILLI : misfortune.downNanos();
        heap.after(delay, host::start);
    }

    /** A leader, if one serves. */
    @Nullable
    SimHost leader() {
        for (SimHost host : hosts) {
            if (host.isUp() && host.server().isEstablishedLeader()) {
                return host;
            }
        }
        return null;
    }
}
