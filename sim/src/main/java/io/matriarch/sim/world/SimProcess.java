package io.matriarch.sim.world;

import static java.util.Objects.requireNonNull;

import io.matriarch.core.peer.Peer;
import io.matriarch.core.peer.PeerConfig;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.Now;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.tree.DataTree;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.check.InvariantViolation;
import io.matriarch.sim.disk.PowerLoss;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.sim.time.EventHeap;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One life of a server: the core, stepped with one event at a time, and the host that performs its effects. */
final class SimProcess implements HostedServer {
    private static final long MILLI = 1_000_000;

    private final SimHost host;
    private final World world;
    private final HostLinks links;
    private final HostStorage storage;
    private final ElectionWire wire;
    private final Peer peer;
    private final ArrayDeque<Event> inbox = new ArrayDeque<>();

    private long deadlineNanos;
    private boolean isGone;
    private boolean isPaused;
    private boolean isStepping;
    private EventHeap.@Nullable Scheduled wakeUp;

    /** Starts: recovery, then the core. */
    SimProcess(SimHost host, int incarnation) {
        this.host = host;
        this.world = host.world();
        this.links = new HostLinks(host, this);
        this.wire = new ElectionWire(this, world.parts().electionPort());
        this.storage = new HostStorage(host, this);
        long seed = host.chance().fork("core " + incarnation).nextLong();
        PeerConfig config = world.plan().configOf(host.sid(), storage.committed(), storage.lastSeen(), world.tuning());
        this.peer = new Peer(config, storage.recovered(), seed, now());
        after(0, () -> deliver(new Event.TimePassed()));
    }

    Peer peer() {
        return peer;
    }

    HostLinks links() {
        return links;
    }

    /** Whether it takes what comes at once. */
    boolean isIdle() {
        return !isPaused && !isStepping && inbox.isEmpty();
    }

    boolean isGone() {
        return isGone;
    }

    @Override
    public void end(boolean isSilent) {
        isGone = true;
        inbox.clear();
        links.processGone(isSilent);
    }

    @Override
    public void pause(long nanos) {
        isPaused = true;
        after(nanos, () -> {
            isPaused = false;
            drain();
        });
    }

    @Override
    public void requestStop() {
        deliver(new Event.StopRequested());
    }

    @Override
    public void requestTransfer(int sid) {
        deliver(new Event.TransferRequested(0, new ServerId(sid)));
    }

    // --- what it is --------------------------------------------------------------------------------------------------

    @Override
    public boolean mayNotCrash() {
        return false;
    }

    @Override
    public boolean isServing() {
        return peer.status().isServing();
    }

    @Override
    public boolean isEstablishedLeader() {
        return peer.status().syncedFollowers() > 0;
    }

    @Override
    public boolean isNearlyLeader() {
        return peer.status().role() == PeerState.LEADING && !isServing();
    }

    @Override
    public Configuration configuration() {
        return peer.status().configuration();
    }

    @Override
    public DataTree tree() {
        return peer.tree();
    }

    @Override
    public String describe() {
        return peer.status().toString();
    }

    @Override
    public boolean isListeningForLearners() {
        return links.isListening();
    }

    @Override
    public boolean isListeningForObservers() {
        return links.isListeningForObservers();
    }

    @Override
    public StreamEnd acceptLearner(Stream stream) {
        return links.acceptLearner(stream);
    }

    @Override
    public boolean isListeningForClients() {
        return true;
    }

    @Override
    public StreamEnd acceptClient(Stream stream) {
        return links.acceptClient(stream);
    }

    // --- steps -------------------------------------------------------------------------------------------------------

    void deliver(Event event) {
        if (!isGone) {
            inbox.addLast(event);
            drain();
        }
    }

    /** Does {@code work} later, unless this life has ended then. */
    void after(long nanos, Runnable work) {
        world.heap().after(nanos, () -> {
            if (!isGone) {
                work.run();
            }
        });
    }

    /** Does something on the disk; a power loss ends this life, a failure is told to the core. */
    void onDisk(Runnable work) {
        if (isGone) {
            return;
        }
        try {
            work.run();
        } catch (PowerLoss e) {
            host.losePower(requireNonNull(e.getMessage()));
        } catch (RuntimeException e) {
            if (!HostStorage.isDiskFailure(e)) {
                throw e;
            }
            host.checks().diskFailed(e);
            deliver(new Event.StorageFailed(String.valueOf(e.getMessage())));
        }
    }

    private Now now() {
        return host.clock().at(world.heap().nowNanos());
    }

    private void drain() {
        if (isStepping) {
            return;
        }
        isStepping = true;
        while (!isGone && !isPaused && !inbox.isEmpty()) {
            step(inbox.removeFirst());
        }
        isStepping = false;
    }

    private void step(Event event) {
        host.checks().aboutTo(event);
        List<Effect> effects;
        try {
            effects = List.copyOf(peer.step(now(), event));
        } catch (InvariantViolation e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InvariantViolation(
                    Invariant.NO_CRASH, "server " + host.sid() + " fails on " + event + ": " + e, e);
        }
        world.trace().step(world.heap().nowNanos(), host.sid(), event, effects);
        effects.forEach(host.checks()::emitted);
        host.checks().stepped(peer);
        for (Effect effect : effects) {
            if (isGone) {
                return;
            }
            host.crashPoints().before(effect);
            if (!isGone) {
                perform(effect);
                host.crashPoints().after();
            }
        }
        if (!isGone) {
            scheduleWakeUp();
        }
    }

    private void perform(Effect effect) {
        if (effect instanceof Effect.SendNotification send) {
            Notification sent = send.notification();
            boolean isCoded = world.plan().isCoded();
            world.mesh().send(host.sid(), (int) send.to().value(), isCoded ? Notification.decode(sent.encode()) : sent);
        } else if (effect instanceof Effect.Halt halt) {
            host.checks().halted(halt);
            host.kill("halted: " + halt.reason());
        } else if (effect instanceof Effect.AskOracle) {
            boolean isYes = world.oracle().answer(host.sid());
            after(host.chance().between(1, 5) * MILLI, () -> deliver(new Event.OracleAnswered(isYes)));
        } else if (effect instanceof Effect.StorageEffect
                || effect instanceof Effect.WriteSnapshot
                || effect instanceof Effect.FinishSnapshot
                || effect instanceof Effect.AbandonSnapshot
                || effect instanceof Effect.ReadLog
                || effect instanceof Effect.EndLogRead
                || effect instanceof Effect.ReloadDatabase) {
            storage.submit(effect);
        } else if (effect instanceof Effect.TransferAnswered answered) {
            world.tally().count(Tally.TRANSFERS, answered.isDone() ? "done" : "refused");
        } else if (!(effect instanceof Effect.Trace)) {
            if (effect instanceof Effect.SendPacket send) {
                world.count(host.sid(), send.packet());
            } else if (effect instanceof Effect.SendConnectResponse send
                    && send.response().readOnly()) {
                world.tally().count(Tally.READERS, world.plan().kindOf(host.sid()));
            }
            links.perform(effect);
        }
    }

    private void scheduleWakeUp() {
        deadlineNanos = peer.deadlineNanos();
        if (deadlineNanos == Long.MAX_VALUE) {
            return; // a wake-up that is under way finds that out
        }
        long at = Math.max(host.clock().toVirtual(deadlineNanos), world.heap().nowNanos() + 1);
        if (wakeUp != null && wakeUp.nanos() <= at) {
            return; // deadlines mostly move away: the one that comes too early sees to the rest
        }
        if (wakeUp != null) {
            wakeUp.cancel();
        }
        wakeUp = world.heap().at(at, this::wakeUp);
    }

    private void wakeUp() {
        wakeUp = null;
        if (isGone) {
            return;
        }
        if (now().nanos() >= deadlineNanos) {
            deliver(new Event.TimePassed());
        } else {
            scheduleWakeUp();
        }
    }

    // --- election port -----------------------------------------------------------------------------------------------

    @Override
    public void electionLinkUp(int peerSid) {
        deliver(new Event.ElectionLinkUp(new ServerId(peerSid)));
    }

    @Override
    public void electionLinkDown(int peerSid) {
        deliver(new Event.ElectionLinkDown(new ServerId(peerSid)));
    }

    @Override
    public void refused(int peerSid) {
        deliver(new Event.PeerRefused(new ServerId(peerSid)));
    }

    @Override
    public void notified(int from, Notification notification) {
        wire.received(from, notification);
    }

    /** A frame as it came, which may be anything. */
    void frame(int from, Bytes body) {
        try {
            wire.received(from, body);
        } catch (MalformedException e) {
            throw new InvariantViolation(
                    Invariant.NO_CRASH, "server " + host.sid() + " fails on a frame of " + body.length() + " bytes", e);
        }
    }
}
