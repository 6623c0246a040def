package io.matriarch.sim.world;

import io.matriarch.core.port.Now;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.tree.DataTree;
import io.matriarch.sim.apache.ApacheRelease;
import io.matriarch.sim.apache.ApacheServer;
import io.matriarch.sim.apache.ApacheSurroundings;
import io.matriarch.sim.check.ServerChecks;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.sim.net.VirtualNetwork;
import io.matriarch.sim.time.Chance;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One life of a modelled Apache server. What happens to it waits while it is paused. */
final class ApacheProcess implements HostedServer, ApacheSurroundings {
    private final SimHost host;
    private final World world;
    private final ApacheServer server;
    private final Chance chance;
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
    private final Map<Stream, Integer> streams = new LinkedHashMap<>();

    private boolean isGone;
    private boolean isPaused;
    private boolean isRunning;

    /** Reads the disk and begins to look for a leader. */
    ApacheProcess(SimHost host, int incarnation, ApacheRelease release) {
        this.host = host;
        this.world = host.world();
        this.chance = host.chance().fork("apache " + incarnation);
        this.server = new ApacheServer(world.plan().apacheSetup(host.sid(), release), host.apacheDisk(), this);
        after(0, server::start);
    }

    private void deliver(Runnable happening) {
        if (!isGone) {
            inbox.addLast(happening);
            drain();
        }
    }

    private void drain() {
        if (isRunning) {
            return;
        }
        isRunning = true;
        while (!isGone && !isPaused && !inbox.isEmpty()) {
            inbox.removeFirst().run();
            if (!isGone) {
                checks().stepped(server.role(), server.isServing(), server.tree(), now().nanos());
            }
        }
        isRunning = false;
    }

    // --- for the world -----------------------------------------------------------------------------------------------

    @Override
    public void end(boolean isSilent) {
        isGone = true;
        inbox.clear();
        streams.forEach((stream, side) -> {
            if (isSilent) {
                stream.vanish(side);
            } else {
                stream.crash(side);
            }
        });
    }

    @Override
    public void pause(long nanos) {
        isPaused = true;
        world.heap().after(nanos, () -> {
            isPaused = false;
            drain();
        });
    }

    @Override
    public boolean mayNotCrash() {
        return server.mayNotCrash();
    }

    @Override
    public boolean isServing() {
        return server.isServing();
    }

    @Override
    public boolean isEstablishedLeader() {
        return server.isEstablished();
    }

    @Override
    public boolean isNearlyLeader() {
        return server.state() == PeerState.LEADING && !server.isEstablished();
    }

    @Override
    public Configuration configuration() {
        return server.configuration();
    }

    /** {@link ApacheServer#lockedOutBy}. */
    long lockedOutBy() {
        return server.lockedOutBy();
    }

    /** {@link ApacheServer#isStuckLeader}. */
    boolean isStuckLeader() {
        return server.isStuckLeader();
    }

    @Override
    public DataTree tree() {
        return server.tree();
    }

    @Override
    public String describe() {
        return server.toString();
    }

    @Override
    public boolean isListeningForLearners() {
        return server.isListening();
    }

    @Override
    public StreamEnd acceptLearner(Stream stream) {
        return within(stream, 1, server.accept(stream));
    }

    @Override
    public boolean isListeningForObservers() {
        return server.isListeningForObservers();
    }

    @Override
    public StreamEnd acceptObserver(Stream stream) {
        return within(stream, 1, server.acceptObserver(stream));
    }

    @Override
    public boolean isListeningForClients() {
        return server.isListeningForReaders();
    }

    @Override
    public StreamEnd acceptClient(Stream stream) {
        return within(stream, 1, server.acceptReader(stream));
    }

    @Override
    public void electionLinkUp(int peerSid) {}

    @Override
    public void electionLinkDown(int peerSid) {
        server.forgetWords(peerSid);
    }

    @Override
    public void refused(int peerSid) {}

    @Override
    public void notified(int from, Notification notification) {
        deliver(() -> {
            trace(() -> "hears from s" + from + ": " + TraceText.of(notification));
            server.heard(from, notification);
        });
    }

    private StreamEnd within(Stream stream, int side, StreamEnd end) {
        streams.put(stream, side);
        return new StreamEnd() {
            @Override
            public void received(Object message) {
                deliver(() -> end.received(message));
            }

            @Override
            public void closed(String reason) {
                streams.remove(stream);
                deliver(() -> end.closed(reason));
            }
        };
    }

    // --- for the model -----------------------------------------------------------------------------------------------

    @Override
    public Now now() {
        return host.clock().at(world.heap().nowNanos());
    }

    @Override
    public void after(long nanos, Runnable work) {
        world.heap().after(nanos, () -> deliver(work));
    }

    @Override
    public long forceNanos() {
        return host.forceNanos();
    }

    @Override
    public Chance chance() {
        return chance;
    }

    @Override
    public void tell(int peer, Notification notification) {
        Notification sent = world.plan().isCoded() ? Notification.decode(notification.encode()) : notification;
        world.mesh().send(host.sid(), peer, sent);
    }

    @Override
    public void restartElection() {
        world.mesh().processGone(host.sid(), false); // to its peers it is the same
    }

    @Override
    public void dial(int leader, VirtualNetwork.Dialler dialler) {
        dial(leader, SimHost::quorumPort, dialler);
    }

    @Override
    public void dialObserverMaster(int master, VirtualNetwork.Dialler dialler) {
        dial(master, SimHost::observerPort, dialler);
    }

    private void dial(int to, Function<SimHost, VirtualNetwork.Acceptor> port, VirtualNetwork.Dialler dialler) {
        world.dialServer(host.sid(), to, port, new VirtualNetwork.Dialler() {
            @Override
            public @Nullable StreamEnd connected(Stream stream) {
                if (isGone) {
                    return null;
                }
                StreamEnd end = dialler.connected(stream);
                return end == null ? null : within(stream, 0, end);
            }

            @Override
            public void failed(String reason) {
                deliver(() -> dialler.failed(reason));
            }
        });
    }

    @Override
    public Object coded(Object message) {
        if (message instanceof QuorumPacket packet) {
            world.count(host.sid(), packet);
        }
        boolean isCoded = world.plan().isCoded() && message instanceof QuorumPacket;
        return isCoded ? QuorumPacket.decode(((QuorumPacket) message).encode()) : message;
    }

    @Override
    public boolean isOurs(int sid) {
        return world.plan().releaseOf(sid) == null;
    }

    @Override
    public void exit(String why) {
        host.kill(why);
    }

    @Override
    public void countReader() {
        world.tally().count(Tally.READERS, world.plan().kindOf(host.sid()));
    }

    @Override
    public void trace(Supplier<String> what) {
        if (world.trace().isRead()) {
            world.trace().note(world.heap().nowNanos(), host.sid(), what.get());
        }
    }

    @Override
    public ServerChecks checks() {
        return host.serverChecks();
    }
}
