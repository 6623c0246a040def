package io.matriarch.server.election;

import io.matriarch.core.port.Event;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.Opening;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Decides which connections live between the election ports of this server and its peers (election.md 1). Pure logic:
 * the host reports what happened, with the monotonic time in nanoseconds, and then does the {@link LinkCommand}s that
 * {@link #commands} hands out, in order.
 *
 * <p>Of a pair of servers, the one with the larger id dials. A connection opened by the smaller is only a request to be
 * called back (1.3), so the smaller opens one only while it has no connection and waits for no call. Peers do not wait
 * for each other: nothing here ever blocks, and each has its own dial, back-off and pending notification.
 */
final class ElectionLinks {
    /** Connections that have not said who they are; beyond it the oldest is closed. */
    static final int MAX_UNOPENED = 64;
    /** Of these, connections from one address. */
    static final int MAX_UNOPENED_PER_ORIGIN = 32;
    /** How long the smaller of two servers waits to be called back before it asks again. */
    static final int CALL_BACK_WAIT_MILLIS = 500;
    /** Pause after the first failed dial; doubles up to {@link #MAX_BACK_OFF_MILLIS}, each time with jitter. */
    static final int MIN_BACK_OFF_MILLIS = 20;

    static final int MAX_BACK_OFF_MILLIS = 200;

    /**
     * While we look, a connection on which we spoke and heard nothing for so long is opened anew: after a partition, what
     * TCP holds back may not be sent again for minutes (1.3). Doubles up to {@link #MAX_PATIENCE_MILLIS}: an Apache peer
     * that looks in our own round does not answer.
     */
    static final int MIN_PATIENCE_MILLIS = 3000;

    static final int MAX_PATIENCE_MILLIS = 30_000;
    /** A server outside the configuration that says nothing for so long is hung up on. */
    static final int STRANGER_PATIENCE_MILLIS = 120_000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ServerId self;
    private final long openingTimeoutNanos;
    private final SplittableRandom random;
    private final PeerTable peers;
    private final Map<Long, Connection> connections = new LinkedHashMap<>();
    private List<LinkCommand> commands = new ArrayList<>();
    private boolean isLooking;
    private long lookingSinceNanos;
    private int unopened;
    private long lastConnection;
    private long lastAnonymous;

    /**
     * @param members election addresses of the whole ensemble, none empty; our own entry is ignored
     * @param openingTimeoutMillis how long a dialler may take to say who it is
     * @param seed of the jitter
     */
    ElectionLinks(long now, ServerId self, Map<ServerId, List<HostPort>> members, int openingTimeoutMillis, long seed) {
        this.self = self;
        this.openingTimeoutNanos = openingTimeoutMillis * NANOS_PER_MILLI;
        this.random = new SplittableRandom(seed);
        this.peers = new PeerTable(self);
        peers.replaceMembers(now, members);
    }

    /** What is to be done now, in order; the list is the caller's. */
    List<LinkCommand> commands() {
        List<LinkCommand> taken = commands;
        commands = new ArrayList<>();
        return taken;
    }

    /** Earliest instant at which {@link #timePassed} has something to do; Long.MAX_VALUE for none. */
    long deadlineNanos() {
        long deadline = Long.MAX_VALUE;
        for (PeerLink peer : peers.all()) {
            if (!peer.isConnectedOrDialling() && hasReasonToDial(peer)) {
                deadline = Math.min(deadline, peer.nextDialNanos);
            } else if (isAwaitingWord(peer)) {
                deadline = Math.min(deadline, endOfPatienceNanos(peer));
            } else if (peer.live != PeerLink.NONE && !peer.isMember()) {
                deadline = Math.min(deadline, endOfStrangerNanos(peer));
            }
        }
        if (unopened > 0) {
            for (Connection connection : connections.values()) {
                if (connection.peer == null) {
                    return Math.min(deadline, connection.openingDeadlineNanos);
                }
            }
        }
        return deadline;
    }

    // --- what the core wants -----------------------------------------------------------------------------------------

    /** From now on these are the members; connections stay, whoever is at their other end. */
    void members(long now, Map<ServerId, List<HostPort>> members) {
        peers.replaceMembers(now, members);
        timePassed(now);
    }

    /** Deliver {@code notification}, replacing one that waits (1.6). A stranger we do not know any more is forgotten. */
    void send(long now, ServerId to, Notification notification) {
        PeerLink peer = peers.get(to);
        if (peer == null) {
            return;
        }
        peer.pending = notification;
        deliver(peer);
        dialIfDue(now, peer);
    }

    /** While looking, a server keeps a connection to every member, whether it has something to say or not. */
    void looking(long now, boolean looking) {
        if (looking && !isLooking) {
            lookingSinceNanos = now;
            for (PeerLink peer : peers.all()) {
                peer.failures = 0;
                peer.nextDialNanos = Math.min(peer.nextDialNanos, now);
            }
        }
        isLooking = looking;
        timePassed(now);
    }

    // --- what happened -----------------------------------------------------------------------------------------------

    /** Closes who did not open in time, and dials whom it is time to dial. */
    void timePassed(long now) {
        if (unopened > 0) {
            for (Connection connection : List.copyOf(connections.values())) {
                if (connection.peer == null && now - connection.openingDeadlineNanos >= 0) {
                    drop(connection, "said nothing before the deadline");
                }
            }
        }
        for (PeerLink peer : List.copyOf(peers.all())) {
            if (peer.live != PeerLink.NONE && !peer.isMember() && now - endOfStrangerNanos(peer) >= 0) {
                drop(required(peer.live), "a server outside the configuration, silent for too long");
                endUse(peer);
                peer.pending = null;
                peers.forgetIfIdleStranger(peer);
                continue;
            }
            if (isAwaitingWord(peer) && now - endOfPatienceNanos(peer) >= 0) {
                drop(required(peer.live), "silent for " + peer.patienceMillis + " ms while we look");
                endUse(peer);
                peer.patienceMillis = Math.min(2 * peer.patienceMillis, MAX_PATIENCE_MILLIS);
                peer.nextDialNanos = now;
            }
            dialIfDue(now, peer);
        }
    }

    private boolean isAwaitingWord(PeerLink peer) {
        return isLooking && peer.isMember() && peer.live != PeerLink.NONE && peer.last != null;
    }

    private static long endOfStrangerNanos(PeerLink peer) {
        return peer.heardNanos + STRANGER_PATIENCE_MILLIS * NANOS_PER_MILLI;
    }

    private long endOfPatienceNanos(PeerLink peer) {
        long since = peer.heardNanos - lookingSinceNanos > 0 ? peer.heardNanos : lookingSinceNanos;
        return since + peer.patienceMillis * NANOS_PER_MILLI;
    }

    /**
     * Somebody dialled us; the answer is the number of the connection.
     *
     * @param origin the address it comes from
     */
    long accepted(long now, String origin) {
        if (unopenedFrom(origin) >= MAX_UNOPENED_PER_ORIGIN) {
            dropOldestUnopened(origin);
        } else if (unopened >= MAX_UNOPENED) {
            dropOldestUnopened(null);
        }
        Connection connection = new Connection(++lastConnection, origin, null, now + openingTimeoutNanos);
        connections.put(connection.id, connection);
        unopened++;
        return connection.id;
    }

    /** The opening of an accepted connection is complete (1.3). */
    void opened(long now, long id, Opening opening) {
        Connection connection = connections.get(id);
        if (connection == null || connection.peer != null) {
            return;
        }
        ServerId sid = opening.sid();
        if (sid.equals(self)) {
            drop(connection, "dialled with our own id " + self);
            return;
        }
        if (sid.value() == Long.MAX_VALUE) {
            sid = new ServerId(--lastAnonymous);
        }
        PeerLink peer = peers.memberOrStranger(now, sid, connection.origin);
        if (peer == null) {
            drop(connection, "too many servers outside the configuration");
        } else if (sid.compareTo(self) > 0) {
            use(now, connection, peer);
        } else {
            callBack(now, connection, peer, opening.callBackAddresses());
        }
    }

    /** Our dial is through, and the peer knows who we are. */
    void connected(long now, long id) {
        Connection connection = connections.get(id);
        if (connection == null || connection.peer == null) {
            return;
        }
        PeerLink peer = connection.peer;
        peer.dialling = PeerLink.NONE;
        peer.owesCall = false;
        if (self.compareTo(peer.sid) > 0) {
            beginUse(now, connection, peer);
        } else {
            peer.nextDialNanos = now + CALL_BACK_WAIT_MILLIS * NANOS_PER_MILLI;
            drop(connection, "asked to be called back");
        }
    }

    /** Our dial failed; {@code isRefused} says that the host is there and nobody listens. */
    void dialFailed(long now, long id, boolean isRefused) {
        Connection connection = connections.remove(id);
        if (connection == null || connection.peer == null) {
            return;
        }
        PeerLink peer = connection.peer;
        peer.dialling = PeerLink.NONE;
        peer.owesCall = false;
        backOff(now, peer);
        if (isRefused && peer.isMember()) {
            commands.add(new LinkCommand.Report(new Event.PeerRefused(peer.sid)));
        }
        peers.forgetIfIdleStranger(peer);
    }

    /** A notification that could be decoded arrived. */
    void received(long now, long id, Notification notification) {
        Connection connection = connections.get(id);
        if (connection != null && connection.peer != null) {
            connection.hasSpoken = true;
            connection.peer.heardNanos = now;
            connection.peer.patienceMillis = MIN_PATIENCE_MILLIS;
            commands.add(new LinkCommand.Report(new Event.NotificationReceived(connection.peer.sid, notification)));
        }
    }

    /** The socket took what was sent; a newer notification that waited goes out. */
    void flushed(long id) {
        Connection connection = connections.get(id);
        if (connection != null && connection.peer != null && connection.peer.live == id) {
            connection.peer.isWriting = false;
            deliver(connection.peer);
        }
    }

    /** A connection is gone: closed by the other side, broken, or closed for a bad frame. */
    void lost(long now, long id) {
        Connection connection = connections.remove(id);
        if (connection == null) {
            return;
        }
        PeerLink peer = connection.peer;
        if (peer == null) {
            unopened--;
        } else if (peer.live == id) {
            endUse(peer);
            if (connection.hasSpoken) {
                peer.failures = 0;
                peer.nextDialNanos = now;
            } else {
                // Accepted and hung up at once: pace the dials, or two servers that disagree spin.
                backOff(now, peer);
            }
            dialIfDue(now, peer);
            peers.forgetIfIdleStranger(peer);
        }
    }

    // --- connections -------------------------------------------------------------------------------------------------

    private void use(long now, Connection connection, PeerLink peer) {
        if (peer.dialling != PeerLink.NONE) {
            drop(required(peer.dialling), "the peer called first");
            peer.dialling = PeerLink.NONE;
        }
        if (peer.live != PeerLink.NONE) {
            drop(required(peer.live), "replaced by a newer connection");
        }
        unopened--;
        connection.peer = peer;
        beginUse(now, connection, peer);
    }

    /** A dial in progress is the call back already (1.3). */
    private void callBack(long now, Connection request, PeerLink peer, List<HostPort> addresses) {
        drop(request, "will be called back");
        if (peer.live != PeerLink.NONE) {
            drop(required(peer.live), "the peer asked for a new connection");
            endUse(peer);
        }
        peer.callBackAddresses = addresses;
        peer.owesCall = !addresses.isEmpty() || peer.isMember();
        peer.nextDialNanos = now;
        dialIfDue(now, peer);
        peers.forgetIfIdleStranger(peer);
    }

    private void beginUse(long now, Connection connection, PeerLink peer) {
        peer.live = connection.id;
        peer.heardNanos = now;
        peer.isWriting = false;
        peer.owesCall = false;
        commands.add(new LinkCommand.Report(new Event.ElectionLinkUp(peer.sid)));
        if (peer.pending == null) {
            peer.pending = peer.last;
        }
        deliver(peer);
    }

    private void endUse(PeerLink peer) {
        peer.live = PeerLink.NONE;
        peer.isWriting = false;
        commands.add(new LinkCommand.Report(new Event.ElectionLinkDown(peer.sid)));
    }

    private void deliver(PeerLink peer) {
        Notification notification = peer.pending;
        if (notification != null && peer.live != PeerLink.NONE && !peer.isWriting) {
            peer.isWriting = true;
            peer.last = notification;
            peer.pending = null;
            commands.add(new LinkCommand.Send(peer.live, notification));
        }
    }

    private boolean hasReasonToDial(PeerLink peer) {
        boolean hasReason = peer.pending != null || peer.owesCall || (isLooking && peer.isMember());
        return hasReason && !peer.dialAddresses().isEmpty();
    }

    private void dialIfDue(long now, PeerLink peer) {
        if (peer.isConnectedOrDialling() || !hasReasonToDial(peer) || now - peer.nextDialNanos < 0) {
            return;
        }
        Connection connection = new Connection(++lastConnection, "", peer, Long.MAX_VALUE);
        connections.put(connection.id, connection);
        peer.dialling = connection.id;
        commands.add(new LinkCommand.Dial(connection.id, peer.sid, peer.dialAddresses()));
    }

    private void backOff(long now, PeerLink peer) {
        int doublings = Math.min(peer.failures++, 10);
        long millis = Math.min((long) MIN_BACK_OFF_MILLIS << doublings, MAX_BACK_OFF_MILLIS);
        peer.nextDialNanos = now + millis * NANOS_PER_MILLI * (75 + random.nextInt(51)) / 100;
    }

    private Connection required(long id) {
        Connection connection = connections.get(id);
        if (connection == null) {
            throw new IllegalStateException("connection " + id + " is not known");
        }
        return connection;
    }

    private void drop(Connection connection, String reason) {
        if (connection.peer == null) {
            unopened--;
        }
        connections.remove(connection.id);
        commands.add(new LinkCommand.Close(connection.id, reason));
    }

    private int unopenedFrom(String origin) {
        int count = 0;
        for (Connection connection : connections.values()) {
            count += connection.peer == null && connection.origin.equals(origin) ? 1 : 0;
        }
        return count;
    }

    private void dropOldestUnopened(@Nullable String origin) {
        for (Connection connection : connections.values()) {
            if (connection.peer == null && (origin == null || connection.origin.equals(origin))) {
                drop(connection, "made room for a newer connection before it said who it is");
                return;
            }
        }
    }
}
