package io.matriarch.core.zab;

import io.matriarch.core.port.Now;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.quorum.Heartbeat;
import io.matriarch.wire.quorum.PacketType;
import java.util.Collection;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An established leader's short heartbeats, to those of ours that asked for them, and what follows from them: until when it
 * may answer its clients.
 *
 * <p>A heartbeat passes through what the leader works with: it is sent when everything logged before it is on disk, and
 * answered when everything logged at the other end is. So who has a hanging disk is as silent as who is cut off.
 *
 * <p>As soon as voters that may have left could elect another leader among themselves, this one answers no client any more
 * ({@link io.matriarch.core.request.ClientDesk#serveUntil}): it goes on if they turn out to be there, and gives up if not.
 */
final class Pulse {
    private final Zab zab;
    private final Collection<LearnerLink> links;
    private final Exit exit;
    private final DiskWatch disk;

    private long renewedFor;
    private long number;
    private long nextNanos;
    private boolean isHeld;
    private long leaseEndNanos = Long.MAX_VALUE;
    private boolean isExpired;
    private long expiredNanos;

    /** @param links the leader's links, as they come and go */
    Pulse(Zab zab, Collection<LearnerLink> links, Exit exit) {
        this.zab = zab;
        this.links = links;
        this.exit = exit;
        this.disk = new DiskWatch(zab, links, exit);
        this.nextNanos = zab.now().nanos();
    }

    private boolean isEnabled() {
        return zab.limits().heartbeat().isEnabled();
    }

    /** Whether this learner gets short heartbeats. */
    private boolean isPulsed(LearnerLink link) {
        return isEnabled() && link.isActive() && link.has(Zab.HEARTBEATS);
    }

    /** What is known of a link that is in use. */
    private LinkPulse pulseOf(LearnerLink link) {
        LinkPulse pulse = link.pulse;
        if (pulse == null) {
            pulse = new LinkPulse(zab.limits());
            // It acknowledged NEWLEADER, which left after that.
            pulse.heardSince(link.historyToldNanos);
            link.pulse = pulse;
        }
        return pulse;
    }

    // --- heartbeats --------------------------------------------------------------------------------------------------

    void timePassed(Now now) {
        if (!isEnabled()) {
            return;
        }
        if (now.isAtOrAfter(nextNanos) && !isHeld) {
            isHeld = true;
            disk.begin();
            zab.gate().whenStored(this::send);
        }
        disk.timePassed(now);
        giveUpIfUnheard(now);
    }

    long deadlineNanos() {
        return isEnabled() && !isHeld ? nextNanos : disk.deadlineNanos();
    }

    private void send() {
        Now now = zab.now();
        long lateNanos = Math.max(0, now.nanos() - nextNanos);
        nextNanos = now.plusMillis(LinkPulse.intervalMillis(zab.limits()));
        isHeld = false;
        disk.end();
        number++;
        boolean mayElectAnother = canElect(this::isPulsedFollower);
        for (LearnerLink link : links) {
            if (isPulsed(link)) {
                pulseOf(link).delayed(lateNanos);
                send(link, mayElectAnother);
            }
        }
        renew();
    }

    /**
     * A learner is up to date, and its first heartbeat follows at once what was held back until then: if our disk hangs, no
     * other comes. Only this one does not wait for the disk.
     */
    void begin(LearnerLink link) {
        if (isPulsed(link)) {
            number++;
            send(link, canElect(this::isPulsedFollower));
        }
    }

    private void send(LearnerLink link, boolean mayElectAnother) {
        LinkPulse pulse = pulseOf(link);
        // Who could elect nobody stays: leaving would only cost its clients their service.
        int patienceMillis =
                mayElectAnother ? patienceMillis(pulse) : zab.limits().syncMillis();
        pulse.sent(number, zab.now().nanos(), patienceMillis);
        zab.send(link.id, PacketType.PING, Heartbeat.zxidOf(number), new Heartbeat(patienceMillis).encode());
    }

    private int patienceMillis(LinkPulse pulse) {
        boolean isPatient = zab.rules().forgivesStalls();
        return isPatient ? pulse.patienceMillis() : 2 * (int) LinkPulse.intervalMillis(zab.limits());
    }

    /** A learner answered a short heartbeat. */
    void echoed(LearnerLink link, long zxid) {
        if (isPulsed(link)) {
            pulseOf(link).echoed(Heartbeat.numberOf(zxid), zab.now().nanos());
            renew();
        }
    }

    /** A round of ordinary pings begins; who gets no short heartbeats is bound by them, for {@code syncLimit}. */
    void roundBegun(LearnerLink link, long round) {
        if (isEnabled() && link.isActive() && !isPulsed(link)) {
            pulseOf(link).sent(round, zab.now().nanos(), zab.limits().syncMillis());
        }
    }

    void roundEchoed(LearnerLink link, long round) {
        if (isEnabled() && link.isActive() && !isPulsed(link)) {
            pulseOf(link).echoed(round, zab.now().nanos());
            renew();
        }
    }

    // --- the lease
    // -----------------------------------------------------------------------------------------------------

    /** Something changed that it depends on: who is connected, who answered, who votes. */
    void renew() {
        if (isEnabled() && zab.rules().stopsAnsweringInTime()) {
            leaseEndNanos = leaseEndNanos();
            zab.desk().serveUntil(zab.now(), leaseEndNanos);
        }
    }

    /** Transactions took effect. If a configuration is among them, others may be able to elect a leader without us now. */
    void committed() {
        long version = zab.membership().committed().version();
        if (version != renewedFor) {
            renewedFor = version;
            renew();
        }
    }

    /** The first instant at which voters that need not follow us any more are a quorum; Long.MAX_VALUE if there is none. */
    private long leaseEndNanos() {
        if (isQuorumFreeAt(null)) {
            return zab.now().nanos();
        }
        long end = Long.MAX_VALUE;
        for (LearnerLink link : links) {
            LinkPulse pulse = boundOf(link);
            boolean isEarlier = pulse != null && (end == Long.MAX_VALUE || pulse.boundNanos() - end < 0);
            if (pulse != null && isEarlier && isQuorumFreeAt(pulse)) {
                end = pulse.boundNanos();
            }
        }
        return end;
    }

    /** Whether without us those voters are a quorum that are not bound, or no longer than {@code last} is. */
    private boolean isQuorumFreeAt(@Nullable LinkPulse last) {
        return canElect(sid -> !sid.equals(zab.self()) && isFreeAt(sid, last));
    }

    /**
     * Whether these could elect a leader among themselves. A configuration that is only proposed may not have come to any of
     * them, so that they need no quorum of it.
     */
    private boolean canElect(Predicate<ServerId> others) {
        return zab.membership().ofCommitted().isQuorum(others);
    }

    private boolean isFreeAt(ServerId sid, @Nullable LinkPulse last) {
        for (LearnerLink link : links) {
            LinkPulse pulse = link.isOf(sid) ? boundOf(link) : null;
            if (pulse != null) {
                return last != null && pulse.boundNanos() - last.boundNanos() <= 0;
            }
        }
        return true;
    }

    private @Nullable LinkPulse boundOf(LearnerLink link) {
        if (!link.isActive()) {
            return null;
        }
        LinkPulse pulse = pulseOf(link);
        return pulse.isBound() ? pulse : null;
    }

    /**
     * Nobody may be left to lead: after a while of our own running time we look for a leader too. While our own disk does
     * not answer, no heartbeat is sent, and their silence says nothing, unless their links are gone ({@link DiskWatch}).
     */
    private void giveUpIfUnheard(Now now) {
        if (!now.isAtOrAfter(leaseEndNanos)) {
            isExpired = false;
            return;
        }
        if (!isExpired) {
            isExpired = true;
            expiredNanos = now.nanos();
            return;
        }
        long millis = now.millisSince(expiredNanos);
        HeartbeatConfig heartbeat = zab.limits().heartbeat();
        boolean isQuorumThere = zab.verifier().isQuorum(sid -> sid.equals(zab.self()) || isConnected(sid));
        if (!isQuorumThere && millis >= heartbeat.minMillis()) {
            exit.because("fewer than a quorum of servers are connected");
        } else if (!isHeld && millis >= heartbeat.maxMillis() && zab.verifier().isQuorum(this::isPulsedOrSelf)) {
            exit.because("no quorum of servers has answered heartbeats for more than " + millis + " ms");
        }
    }

    private boolean isConnected(ServerId sid) {
        return links.stream().anyMatch(link -> link.isOf(sid));
    }

    private boolean isPulsedFollower(ServerId sid) {
        return !sid.equals(zab.self()) && links.stream().anyMatch(link -> link.isOf(sid) && isPulsed(link));
    }

    private boolean isPulsedOrSelf(ServerId sid) {
        return sid.equals(zab.self()) || isPulsedFollower(sid);
    }
}
