package io.matriarch.sim.world;

import io.matriarch.core.peer.Peer;
import io.matriarch.core.peer.PeerStatus;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.tree.DataTree;
import io.matriarch.sim.check.Invariant;
import io.matriarch.sim.check.InvariantViolation;
import io.matriarch.sim.check.ServerChecks;
import io.matriarch.sim.check.ServerLog;
import io.matriarch.storage.StorageException;
import io.matriarch.wire.election.PeerState;

/** Tells the checks what happens on one host, with the host's time, and knows which failures were our own doing. */
final class HostChecks {
    private final SimHost host;
    private final ServerChecks checks;
    private boolean wasServing;
    private PeerState roleBefore = PeerState.LOOKING;
    private boolean isNotified;

    HostChecks(SimHost host, ServerChecks checks) {
        this.host = host;
        this.checks = checks;
    }

    ServerChecks server() {
        return checks;
    }

    private long localNanos() {
        return host.clock().toLocal(host.world().heap().nowNanos());
    }

    void restarted() {
        wasServing = false;
        roleBefore = PeerState.LOOKING;
        checks.restarted();
    }

    void diskLost() {
        checks.diskLost();
    }

    boolean isDiskNew() {
        return checks.isDiskNew();
    }

    void recovered(ServerLog.Found found, Recovered recovered) {
        checks.recovered(found, recovered);
    }

    void knows(Configuration committed, Configuration lastSeen) {
        checks.knows(committed, lastSeen);
    }

    void begun(Effect.StorageEffect effect) {
        checks.begun(effect);
    }

    void done(Effect.StorageEffect effect) {
        checks.done(effect);
    }

    void forced() {
        checks.forced();
    }

    void aboutTo(Event event) {
        isNotified = event instanceof Event.NotificationReceived;
        checks.aboutTo(event, localNanos());
    }

    void emitted(Effect effect) {
        if (wasServing
                && host.world().plan().course() == WorldPlan.Course.QUIET
                && effect instanceof Effect.Trace trace) {
            staysInItsRole(trace.event());
        }
        if (effect instanceof Effect.StoreConfiguration store) {
            mayBeAdopted(store);
        }
        checks.emitted(effect, localNanos());
    }

    private void mayBeAdopted(Effect.StoreConfiguration store) {
        boolean isAdoptedLate = isNotified && roleBefore != PeerState.LOOKING;
        if (isAdoptedLate || !host.world().plan().isReconfigurable()) {
            throw new InvariantViolation(
                    Invariant.ADOPTED_WHILE_LOOKING,
                    "server " + host.sid() + ", " + roleBefore + ", takes over "
                            + store.committed().text() + (isNotified ? " from a notification" : ""));
        }
    }

    void linkEnded(LinkId link) {
        checks.linkEnded(link);
    }

    /** Nobody has a reason to look for another leader where all are slow and nobody is lost. */
    private void staysInItsRole(TraceEvent event) {
        if (event instanceof TraceEvent.RoleChanged changed) {
            throw new InvariantViolation(
                    Invariant.LEADER_KEPT,
                    "server " + host.sid() + " goes from " + changed.from() + " to " + changed.to() + ": "
                            + changed.reason());
        }
    }

    void stepped(Peer peer) {
        PeerStatus status = peer.status();
        wasServing = status.isServing();
        roleBefore = status.role();
        if (!status.isServing()) {
            checks.idle(peer.tree());
        }
        checks.stepped(status.role(), status.isServing(), peer.tree(), localNanos());
        checks.readOnly(status, peer.tree());
    }

    void compareInFull(DataTree tree) {
        checks.compareInFull(tree);
    }

    // --- failures ----------------------------------------------------------------------------------------------------

    void diskFailed(RuntimeException failure) {
        if (!host.disk().hasFailed()) {
            throw new InvariantViolation(
                    Invariant.NO_HALT,
                    "server " + host.sid() + " has a disk failure that nobody caused: " + failure,
                    failure);
        }
    }

    void startFailed(StorageException failure) {
        if (!host.disk().hasFailed()) {
            throw new InvariantViolation(
                    Invariant.RECOVERY, "server " + host.sid() + " does not start: " + failure.getMessage(), failure);
        }
    }

    void halted(Effect.Halt halt) {
        if (!host.disk().hasFailed() && !halt.isClean()) {
            throw new InvariantViolation(Invariant.NO_HALT, "server " + host.sid() + " stops: " + halt.reason());
        }
    }
}
