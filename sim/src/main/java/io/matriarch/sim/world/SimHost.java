package io.matriarch.sim.world;

import io.matriarch.core.peer.Peer;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.check.InvariantViolation;
import io.matriarch.sim.disk.PowerLoss;
import io.matriarch.sim.disk.VirtualDisk;
import io.matriarch.sim.net.ElectionMesh;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.sim.net.VirtualNetwork;
import io.matriarch.sim.time.Chance;
import io.matriarch.storage.StorageException;
import io.matriarch.wire.election.Notification;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One machine: its disk and clock, and the server process that runs on it, if one does. */
final class SimHost implements ElectionMesh.Port {
    private static final long MILLI = 1_000_000;

    private final int sid;
    private final World world;
    private final Chance chance;
    private final HostClock clock;
    private final VirtualDisk disk;
    private final HostChecks checks;
    private final CrashPoints crashPoints;

    private @Nullable SimProcess process;
    private int incarnation;
    private boolean isMachineDown;
    private boolean isAway;
    private double forceFactor = 1;

    SimHost(int sid, World world, Chance chance) {
        this.sid = sid;
        this.world = world;
        this.chance = chance;
        this.clock = new HostClock(chance.fork("clock"));
        this.disk = new VirtualDisk(chance.fork("disk"));
        this.checks = new HostChecks(this, world.nextServerChecks());
        this.crashPoints = new CrashPoints(this, chance.fork("crash points"));
    }

    int sid() {
        return sid;
    }

    World world() {
        return world;
    }

    Chance chance() {
        return chance;
    }

    HostClock clock() {
        return clock;
    }

    VirtualDisk disk() {
        return disk;
    }

    HostChecks checks() {
        return checks;
    }

    CrashPoints crashPoints() {
        return crashPoints;
    }

    @Nullable
    SimProcess process() {
        return process;
    }

    /** The core of the process that runs; only if one does. */
    Peer peer() {
        return Objects.requireNonNull(process, "no process").peer();
    }

    boolean isUp() {
        return process != null;
    }

    // --- life and death ----------------------------------------------------------------------------------------------

    /** Starts a process from what is on the disk, unless one runs. */
    void start() {
        if (process != null || isAway) {
            return;
        }
        if (isMachineDown) {
            isMachineDown = false;
            world.network().machineBack(sid);
        }
        world.trace().note(world.heap().nowNanos(), sid, "starts");
        checks.restarted();
        disk.forgetFailure();
        try {
            process = new SimProcess(this, ++incarnation);
        } catch (PowerLoss e) {
            losePower(Objects.requireNonNullElse(e.getMessage(), ""));
        } catch (StorageException e) {
            checks.startFailed(e);
            world.trace().note(world.heap().nowNanos(), sid, "does not start: " + e.getMessage());
            world.restartLater(this);
        } catch (InvariantViolation e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InvariantViolation(Invariant.NO_CRASH, "server " + sid + " does not start: " + e, e);
        }
    }

    /** The process ends; the machine stays up, so all that was written stays. */
    void kill(String why) {
        SimProcess old = process;
        if (old != null) {
            world.trace().note(world.heap().nowNanos(), sid, why);
            gone(old, false);
        }
        world.restartLater(this);
    }

    /** The process ends and comes back after this time. */
    void killFor(long nanos) {
        SimProcess old = process;
        if (old != null) {
            world.trace().note(world.heap().nowNanos(), sid, "killed");
            gone(old, false);
            isAway = true;
            world.heap().after(nanos, () -> {
                isAway = false;
                start();
            });
        }
    }

    /** The machine stops, and the disk loses what was not forced. */
    void losePower(String when) {
        world.trace().note(world.heap().nowNanos(), sid, "loses power: " + when);
        boolean isSilent = chance.hits(0.5);
        if (process != null) {
            gone(process, isSilent);
        }
        isMachineDown = isSilent;
        disk.losePower();
        world.restartLater(this);
    }

    private void gone(SimProcess old, boolean isSilent) {
        process = null;
        crashPoints.disarm();
        disk.disarm();
        old.end(isSilent);
        world.mesh().processGone(sid, isSilent);
    }

    // --- the disk's pace ---------------------------------------------------------------------------------------------

    void slowDisk(double factor) {
        forceFactor = factor;
    }

    /** How long the next force takes. */
    long forceNanos() {
        return (long) (forceFactor
                * (world.plan().forceNanos() / 2
                        + chance.exponential(world.plan().forceNanos())));
    }

    /** How long writing a piece of a file takes. */
    long fileNanos() {
        return chance.between(MILLI / 50, MILLI);
    }

    // --- ports -------------------------------------------------------------------------------------------------------

    @Override
    public VirtualNetwork.Answer answer() {
        if (isMachineDown) {
            return VirtualNetwork.Answer.SILENCE;
        }
        return process == null ? VirtualNetwork.Answer.REFUSE : VirtualNetwork.Answer.ACCEPT;
    }

    VirtualNetwork.Acceptor clientPort() {
        return new ProcessPort(
                process -> true, (process, stream) -> process.links().acceptClient(stream));
    }

    VirtualNetwork.Acceptor quorumPort() {
        return new ProcessPort(process -> process.links().isListening(), (process, stream) -> process.links()
                .acceptLearner(stream));
    }

    /** A port of whatever process runs when a dial arrives. */
    private final class ProcessPort implements VirtualNetwork.Acceptor {
        private final Predicate<SimProcess> isOpen;
        private final BiFunction<SimProcess, Stream, StreamEnd> acceptance;

        ProcessPort(Predicate<SimProcess> isOpen, BiFunction<SimProcess, Stream, StreamEnd> acceptance) {
            this.isOpen = isOpen;
            this.acceptance = acceptance;
        }

        @Override
        public VirtualNetwork.Answer answer() {
            VirtualNetwork.Answer answer = SimHost.this.answer();
            return process != null && !isOpen.test(process) ? VirtualNetwork.Answer.REFUSE : answer;
        }

        @Override
        public StreamEnd accept(Stream stream) {
            return acceptance.apply(Objects.requireNonNull(process), stream);
        }
    }

    @Override
    public void linkUp(int peer) {
        if (process != null) {
            process.electionLinkUp(peer);
        }
    }

    @Override
    public void linkDown(int peer) {
        if (process != null) {
            process.electionLinkDown(peer);
        }
    }

    @Override
    public void refused(int peer) {
        if (process != null) {
            process.refused(peer);
        }
    }

    @Override
    public void received(int from, Notification notification) {
        if (process != null) {
            process.notified(from, notification);
        }
    }
}
