package io.matriarch.sim.world;

import io.matriarch.core.peer.Peer;
import io.matriarch.sim.apache.ApacheDisk;
import io.matriarch.sim.apache.ApacheRelease;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.check.InvariantViolation;
import io.matriarch.sim.check.ServerChecks;
import io.matriarch.sim.disk.DiskFileSystem;
import io.matriarch.sim.disk.PowerLoss;
import io.matriarch.sim.disk.VirtualDisk;
import io.matriarch.sim.net.ElectionMesh;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.sim.net.VirtualNetwork;
import io.matriarch.sim.time.Chance;
import io.matriarch.storage.StorageException;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.election.Notification;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    private final ApacheDisk apacheDisk = new ApacheDisk();
    private final @Nullable ApacheRelease release;

    private @Nullable HostedServer process;
    private int incarnation;
    private boolean isMachineDown;
    private boolean isAway;
    private double forceFactor = 1;
    private long hangEndNanos;
    private long forcingSinceNanos = Long.MAX_VALUE;

    SimHost(int sid, World world, Chance chance) {
        this.sid = sid;
        this.world = world;
        this.chance = chance;
        this.clock = new HostClock(chance.fork("clock"));
        this.disk = new VirtualDisk(chance.fork("disk"));
        this.checks = new HostChecks(this, world.nextServerChecks());
        this.release = world.plan().releaseOf(sid);
        this.crashPoints = new CrashPoints(this, chance.fork("crash points"));
        if (!world.plan().storageOptions().createsDatabase()) {
            allowEmptyDatabase();
        }
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
    HostedServer process() {
        return process;
    }

    /** The server that runs; only if one does. */
    HostedServer server() {
        return Objects.requireNonNull(process, "no process");
    }

    /** The core of the process that runs; only if one of ours does. */
    Peer peer() {
        return ((SimProcess) server()).peer();
    }

    /** The disk of an Apache server, in its own terms. */
    ApacheDisk apacheDisk() {
        return apacheDisk;
    }

    ServerChecks serverChecks() {
        return checks.server();
    }

    /** What a power loss now would leave of an epoch file. */
    @Nullable
    Bytes durableEpoch(String name) {
        return release == null
                ? disk.durableContent(HostStorage.EPOCH_DIRECTORY + "/" + name)
                : Bytes.utf8(Long.toString(apacheDisk.epoch(name)));
    }

    /** The current epoch that a process has, or would read if it started now: it may not be forced, and yet stay. */
    long seenEpoch() {
        if (release != null) {
            return apacheDisk.epoch("currentEpoch");
        }
        Bytes content = disk.seenContent(HostStorage.EPOCH_DIRECTORY + "/currentEpoch");
        return content == null || content.isEmpty()
                ? 0
                : Long.parseLong(content.asUtf8().strip());
    }

    boolean isOurs() {
        return release == null;
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
            incarnation++;
            process =
                    release == null ? new SimProcess(this, incarnation) : new ApacheProcess(this, incarnation, release);
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
        if (isSpared(() -> kill(why))) {
            return;
        }
        HostedServer old = process;
        if (old != null) {
            world.trace().note(world.heap().nowNanos(), sid, why);
            gone(old, false);
        }
        world.restartLater(this);
    }

    /** The process ends; nobody starts another. */
    void stop() {
        HostedServer old = process;
        if (old != null) {
            gone(old, false);
        }
    }

    /** The process ends and comes back after this time. */
    void killFor(long nanos) {
        if (isSpared(() -> killFor(nanos))) {
            return;
        }
        HostedServer old = process;
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
        if (isSpared(() -> losePower(when))) {
            return;
        }
        world.trace().note(world.heap().nowNanos(), sid, "loses power: " + when);
        boolean isSilent = chance.hits(0.5);
        if (process != null) {
            gone(process, isSilent);
        }
        isMachineDown = isSilent;
        disk.losePower();
        apacheDisk.losePower(chance);
        world.restartLater(this);
    }

    /** The same, and the machine comes back after this time. */
    void losePowerFor(long nanos) {
        if (isSpared(() -> losePowerFor(nanos))) {
            return;
        }
        isAway = true;
        losePower("for long");
        world.heap().after(nanos, () -> {
            isAway = false;
            start();
        });
    }

    /** A blow that would break what only the server's own release is to blame for comes a moment later. */
    private boolean isSpared(Runnable blow) {
        boolean isSpared = process != null && process.mayNotCrash();
        if (isSpared) {
            world.heap().after(MILLI, blow);
        }
        return isSpared;
    }

    /** The process ends, and comes back on an empty disk. */
    void loseDisk() {
        HostedServer old = process;
        if (old != null) {
            world.trace().note(world.heap().nowNanos(), sid, "loses its disk");
            gone(old, false);
            disk.replace();
            checks.diskLost();
            world.restartLater(this);
        }
    }

    /** The operator's leave to begin with an empty database, for those that do not take it (disk.md 1.2). */
    private void allowEmptyDatabase() {
        DiskFileSystem files = new DiskFileSystem(disk);
        try {
            files.openForWriting(HostStorage.DATA_DIRECTORY + "/initialize").close();
            files.forceDirectory(HostStorage.DATA_DIRECTORY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void gone(HostedServer old, boolean isSilent) {
        process = null;
        setForcing(false);
        crashPoints.disarm();
        disk.disarm();
        old.end(isSilent);
        world.mesh().processGone(sid, isSilent);
    }

    // --- the disk's pace ---------------------------------------------------------------------------------------------

    void slowDisk(double factor) {
        forceFactor = factor;
    }

    /** No force that begins from now on ends before so long. */
    void hangDisk(long nanos) {
        world.trace().note(world.heap().nowNanos(), sid, "its disk hangs for " + nanos / MILLI + " ms");
        hangEndNanos = world.heap().nowNanos() + nanos;
    }

    /** Forces that begin from now on do not hang. */
    void endHang() {
        hangEndNanos = 0;
    }

    /** How long the next force takes. */
    long forceNanos() {
        long usual = (long) (forceFactor
                * (world.plan().forceNanos() / 2
                        + chance.exponential(world.plan().forceNanos())));
        return usual + Math.max(0, hangEndNanos - world.heap().nowNanos());
    }

    /** A force begins, or ends. */
    void setForcing(boolean isForcing) {
        forcingSinceNanos = isForcing ? world.heap().nowNanos() : Long.MAX_VALUE;
    }

    /** Since when a force has not ended; 0 if none has begun. */
    long forcingNanos() {
        return forcingSinceNanos == Long.MAX_VALUE ? 0 : world.heap().nowNanos() - forcingSinceNanos;
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
        return new ProcessPort(HostedServer::isListeningForClients, HostedServer::acceptClient);
    }

    VirtualNetwork.Acceptor quorumPort() {
        return new ProcessPort(HostedServer::isListeningForLearners, HostedServer::acceptLearner);
    }

    VirtualNetwork.Acceptor observerPort() {
        return new ProcessPort(HostedServer::isListeningForObservers, (server, stream) -> {
            String observer = world.plan().kindOf(stream.node(0));
            world.tally()
                    .count(Tally.OBSERVING, observer + " at " + world.plan().kindOf(sid));
            return server.acceptObserver(stream);
        });
    }

    /** A port of whatever process runs when a dial arrives. */
    private final class ProcessPort implements VirtualNetwork.Acceptor {
        private final Predicate<HostedServer> isOpen;
        private final BiFunction<HostedServer, Stream, StreamEnd> acceptance;

        ProcessPort(Predicate<HostedServer> isOpen, BiFunction<HostedServer, Stream, StreamEnd> acceptance) {
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

    /** Only where a process of ours runs, if one does. */
    void frame(int from, Bytes body) {
        if (process instanceof SimProcess ours) {
            ours.frame(from, body);
        }
    }

    /** The same, if that process serves and takes it at once. */
    void frameIfServing(int from, Bytes body) {
        if (process instanceof SimProcess ours && ours.isServing() && ours.isIdle()) {
            ours.frame(from, body);
        }
    }

    @Override
    public void received(int from, Notification notification) {
        if (process != null) {
            process.notified(from, notification);
        }
    }
}
