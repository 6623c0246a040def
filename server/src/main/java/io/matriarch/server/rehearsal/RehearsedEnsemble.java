package io.matriarch.server.rehearsal;

import io.matriarch.core.peer.Peer;
import io.matriarch.core.peer.PeerConfig;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Member;
import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.SessionPassword;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/** Three servers whose links are a queue, whose disks forget at once, and whose time passes when nothing else happens. */
final class RehearsedEnsemble {
    static final int MAX_STEPS = 5_000;

    private static final int SERVERS = 3;
    private static final int TICK_MILLIS = 2_000;
    private static final int LIMIT_TICKS = 5;
    private static final int SESSION_MILLIS = 10_000;
    private static final long MILLI = 1_000_000;

    private record Due(long sid, Event event) {}

    /** The other end of a link between two servers. */
    private record End(long sid, LinkId link) {}

    private final Map<Long, Peer> peers = new TreeMap<>();
    /** The last client of each server. */
    private final Map<Long, LinkId> clients = new TreeMap<>();

    private final Map<End, End> otherEnds = new HashMap<>();
    private final ArrayDeque<Due> queue = new ArrayDeque<>();
    private long nanos;
    private long links;
    private long writesAnswered;
    private long traces;

    RehearsedEnsemble(long seed) {
        Configuration members = Configuration.of(
                0,
                LongStream.rangeClosed(1, SERVERS)
                        .mapToObj(sid -> Member.at(
                                new ServerId(sid),
                                true,
                                new MemberAddress("rehearsal", 2 * (int) sid, 2 * (int) sid + 1)))
                        .toList(),
                null);
        for (long sid = 1; sid <= SERVERS; sid++) {
            PeerConfig config = PeerConfig.builder()
                    .self(new ServerId(sid))
                    .configuration(members)
                    .tickMillis(TICK_MILLIS)
                    .initLimit(LIMIT_TICKS)
                    .syncLimit(LIMIT_TICKS)
                    .heartbeat(HeartbeatConfig.DEFAULT)
                    .build();
            Recovered nothing =
                    new Recovered(new DataTree(), Zxid.ZERO, Zxid.ZERO, 0, 0, List.of(), Zxid.ZERO, 0, 0, true);
            peers.put(sid, new Peer(config, nothing, seed + sid, now()));
        }
        for (long sid : peers.keySet()) {
            peers.keySet().stream()
                    .filter(peer -> peer != sid)
                    .forEach(peer -> add(sid, new Event.ElectionLinkUp(new ServerId(peer))));
            add(sid, new Event.TimePassed());
        }
    }

    /** Whether all that run come to serve under a leader, and a client of each has a write answered. */
    boolean elects() {
        if (!runs(() -> peers.values().stream().allMatch(peer -> peer.status().isServing()))) {
            return false;
        }
        long before = writesAnswered;
        for (long sid : peers.keySet()) {
            writes(sid);
        }
        return runs(() -> writesAnswered >= before + peers.size());
    }

    private void writes(long sid) {
        LinkId client = new LinkId(++links);
        clients.put(sid, client);
        add(sid, new Event.ClientLinkUp(client, "127.0.0.1"));
        add(
                sid,
                frame(
                        client,
                        new ConnectRequest(0, 0, SESSION_MILLIS, 0, SessionPassword.of(0), true, false).encode()));
        writesAgain(sid, client);
        add(sid, frame(client, asked(2, new Request.GetData("/", true))));
    }

    private static Bytes asked(int xid, Request request) {
        return new ClientRequest(xid, request.opcode(), request.encode()).encode();
    }

    private static Event frame(LinkId client, Bytes bytes) {
        return new Event.ClientFrame(client, bytes);
    }

    /** Whether another server comes to lead by wish, and what clients of all servers write meanwhile is answered. */
    boolean handsOver() {
        long leader = leader();
        long next = leader % SERVERS + 1;
        Peer named = peers.get(next);
        if (named == null) {
            return false;
        }
        long before = writesAnswered;
        clients.forEach(this::writesAgain);
        add(leader, new Event.TransferRequested(1, new ServerId(next)));
        clients.forEach(this::writesAgain);
        long underWay = 2L * clients.size();
        return runs(() -> named.status().role() == PeerState.LEADING && writesAnswered >= before + underWay);
    }

    private void writesAgain(long sid, LinkId client) {
        add(sid, frame(client, asked(1, new Request.SetData("/", Bytes.EMPTY, -1))));
    }

    /** The process of the leader dies: its links end, and its ports refuse. */
    void losesLeader() {
        long leader = leader();
        peers.remove(leader);
        clients.remove(leader);
        otherEnds.forEach((end, other) -> {
            if (end.sid == leader) {
                add(other.sid, new Event.LinkDown(other.link, "reset"));
            }
        });
        for (long sid : peers.keySet()) {
            add(sid, new Event.ElectionLinkDown(new ServerId(leader)));
            add(sid, new Event.PeerRefused(new ServerId(leader)));
        }
    }

    private long leader() {
        return peers.entrySet().stream()
                .filter(peer -> peer.getValue().status().role() == PeerState.LEADING)
                .mapToLong(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** How many events the servers told. */
    long traces() {
        return traces;
    }

    // --- events and time -----------------------------------------------------------------------------------------

    private boolean runs(BooleanSupplier isDone) {
        for (int step = 0; step < MAX_STEPS; step++) {
            if (isDone.getAsBoolean()) {
                return true;
            }
            Due due = queue.poll();
            if (due == null) {
                passTime();
            } else {
                step(due);
            }
        }
        return false;
    }

    private void passTime() {
        long next = peers.values().stream().mapToLong(Peer::deadlineNanos).min().orElseThrow();
        nanos = Math.max(nanos + 1, next);
        peers.forEach((sid, peer) -> {
            if (peer.deadlineNanos() <= nanos) {
                add(sid, new Event.TimePassed());
            }
        });
    }

    private Now now() {
        return new Now(nanos, nanos / MILLI);
    }

    private void add(long sid, Event event) {
        queue.addLast(new Due(sid, event));
    }

    private void step(Due due) {
        Peer peer = peers.get(due.sid);
        if (peer == null) {
            return;
        }
        long stored = 0;
        for (Effect effect : List.copyOf(peer.step(now(), due.event))) {
            if (effect instanceof Effect.StorageEffect write) {
                stored = write.ticket();
            } else {
                perform(due.sid, effect);
            }
        }
        if (stored > 0) {
            add(due.sid, new Event.Stored(stored));
        }
    }

    private void perform(long sid, Effect effect) {
        if (effect instanceof Effect.SendNotification send) {
            long to = send.to().value();
            add(to, new Event.NotificationReceived(new ServerId(sid), send.notification()));
        } else if (effect instanceof Effect.ConnectToLeader connect) {
            connect(new End(sid, connect.link()), connect.leader().value());
        } else if (effect instanceof Effect.SendPacket send) {
            End other = otherEnds.get(new End(sid, send.link()));
            if (other != null) {
                add(other.sid, new Event.PacketReceived(other.link, send.packet()));
            }
        } else if (effect instanceof Effect.AwaitWritable await) {
            add(sid, new Event.LinkWritable(await.link()));
        } else if (effect instanceof Effect.SendSnapshotPiece send) {
            End other = otherEnds.get(new End(sid, send.link()));
            if (other != null) {
                add(other.sid, new Event.SnapshotPieceReceived(other.link, send.piece()));
            }
        } else if (effect instanceof Effect.CloseLink close) {
            End other = otherEnds.remove(new End(sid, close.link()));
            if (other != null) {
                otherEnds.remove(other);
                add(other.sid, new Event.LinkDown(other.link, "closed"));
            }
        } else if (effect instanceof Effect.SendReply reply) {
            writesAnswered += reply.reply().xid() == 1 ? 1 : 0;
        } else if (effect instanceof Effect.WriteSnapshot write) {
            add(sid, new Event.SnapshotPieceWritten(write.snapshotId()));
        } else if (effect instanceof Effect.FinishSnapshot finish) {
            add(sid, new Event.SnapshotFinished(finish.snapshotId(), finish.zxid()));
        } else if (effect instanceof Effect.Trace) {
            traces++;
        }
    }

    private void connect(End from, long leader) {
        if (!peers.containsKey(leader)) {
            add(from.sid, new Event.LinkDown(from.link, "refused"));
            return;
        }
        End accepted = new End(leader, new LinkId(++links));
        otherEnds.put(from, accepted);
        otherEnds.put(accepted, from);
        add(from.sid, new Event.LeaderLinkUp(from.link));
        add(leader, new Event.LearnerLinkUp(accepted.link, "127.0.0.1"));
    }
}
