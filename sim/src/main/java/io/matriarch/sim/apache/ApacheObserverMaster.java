package io.matriarch.sim.apache;

import io.matriarch.core.port.LogEntry;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.quorum.Capabilities;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.LeaderInfo;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.Revalidation;
import io.matriarch.wire.quorum.RevalidationAnswer;
import io.matriarch.wire.quorum.SessionTouch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Apache's ObserverMaster: the observers of a follower, from its UPTODATE until it leaves its leader (zab.md 15). It waits for
 * no quorum, and gives what its follower commits.
 */
final class ApacheObserverMaster implements LearnerMaster {
    private final ApacheServer server;
    private final ApacheSurroundings around;
    private final long epoch;
    private final Consumer<QuorumPacket> toLeader;
    private final ApacheSynchronization synchronization;
    private final List<LearnerHandler> handlers = new ArrayList<>();
    /** Whose syncs the leader has not answered, in order; empty for one of the follower's own clients. */
    private final ArrayDeque<Optional<LearnerHandler>> syncs = new ArrayDeque<>();

    /** A session that an observer asked for, and the leader has not said anything about. */
    private record Asked(Revalidation question, LearnerHandler by) {}

    private final ArrayDeque<Asked> revalidations = new ArrayDeque<>();
    private final Map<Long, Integer> touched = new TreeMap<>();
    /** What was proposed before this began is committed and never told of; an observer of Apache's would not see the hole. */
    private final Zxid blindUpTo;

    private boolean isOver;

    /**
     * Serves observers from now on.
     *
     * @param epoch which the follower has entered
     * @param toLeader sends what observers ask
     */
    ApacheObserverMaster(ApacheServer server, long epoch, Consumer<QuorumPacket> toLeader) {
        this.server = server;
        this.around = server.around();
        this.epoch = epoch;
        this.toLeader = toLeader;
        this.synchronization = new ApacheSynchronization(this, server);
        this.blindUpTo = server.last();
        watch();
    }

    // --- connections -------------------------------------------------------------------------------------------------

    StreamEnd accept(Stream stream) {
        LearnerHandler handler = new LearnerHandler(this, server, stream);
        handler.heardNanos = around.now().nanos();
        handlers.add(handler);
        return handler;
    }

    /** The follower leaves its leader. */
    void stop(String why) {
        isOver = true;
        List.copyOf(handlers).forEach(handler -> drop(handler, why));
    }

    private void drop(LearnerHandler handler, String why) {
        if (handler.state != LearnerHandler.State.GONE) {
            handler.link.close(why);
            gone(handler, why);
        }
    }

    @Override
    public void gone(LearnerHandler handler, String why) {
        around.trace(() -> "loses observer " + handler.sid + ": " + why);
        around.checks().linkEnded(handler.link.id());
        handler.state = LearnerHandler.State.GONE;
        handlers.remove(handler);
    }

    @Override
    public boolean isOver() {
        return isOver;
    }

    /** The first limit is for all that comes before the acknowledgement of NEWLEADER. */
    private void watch() {
        around.after(server.setup().tickNanos() / 2, () -> {
            if (isOver) {
                return;
            }
            for (LearnerHandler handler : List.copyOf(handlers)) {
                boolean isSynced = handler.state == LearnerHandler.State.ACTIVE;
                long limitNanos =
                        isSynced ? server.setup().syncNanos() : server.setup().initNanos();
                if (around.now().nanos() - handler.heardNanos > limitNanos) {
                    drop(handler, "silent");
                } else if (handler.isPinged()) {
                    handler.send(PacketType.PING, server.last().value(), null);
                }
            }
            watch();
        });
    }

    // --- from OBSERVERINFO to UPTODATE -------------------------------------------------------------------------------

    @Override
    public void received(LearnerHandler handler, QuorumPacket packet) {
        handler.heardNanos = around.now().nanos();
        switch (handler.state) {
            case CONNECTED -> observerInfo(handler, packet);
            case AWAITING_ACKEPOCH -> ackEpoch(handler, packet);
            case AWAITING_NEWLEADER_ACK -> newLeaderAck(handler, packet);
            case ACTIVE -> served(handler, packet);
            case AWAITING_EPOCH, AWAITING_HISTORY, ACKED, GONE -> {}
        }
    }

    private void observerInfo(LearnerHandler handler, QuorumPacket packet) {
        if (packet.type() != PacketType.OBSERVERINFO) {
            drop(handler, PacketType.name(packet.type()) + " instead of OBSERVERINFO");
            return;
        }
        LearnerInfo info = LearnerInfo.decode(packet.data());
        if (info.configVersion() > server.membership().version()) {
            drop(handler, "is ahead: it has a configuration that was agreed later");
            return;
        }
        handler.sid = (int) info.sid().value();
        handler.isObserver = true;
        handler.state = LearnerHandler.State.AWAITING_ACKEPOCH;
        LeaderInfo ours = new LeaderInfo(LearnerInfo.PROTOCOL_VERSION, Capabilities.NONE);
        handler.send(PacketType.LEADERINFO, Zxid.of(epoch, 0).value(), ours.encode());
    }

    private void ackEpoch(LearnerHandler handler, QuorumPacket packet) {
        if (packet.type() != PacketType.ACKEPOCH) {
            drop(handler, PacketType.name(packet.type()) + " instead of ACKEPOCH");
            return;
        }
        handler.history = new Zxid(packet.zxid());
        handler.state = LearnerHandler.State.AWAITING_NEWLEADER_ACK;
        synchronization.begin(handler);
    }

    @Override
    public Zxid lastCommitted() {
        return server.tree().lastApplied();
    }

    @Override
    public void forward(LearnerHandler handler, Zxid sent) {
        handler.isForwarding = true;
        handler.send(
                PacketType.NEWLEADER,
                Zxid.of(epoch, 0).value(),
                Bytes.utf8(server.membership().lastSeen().text()));
    }

    private void newLeaderAck(LearnerHandler handler, QuorumPacket packet) {
        if (packet.type() != PacketType.ACK) {
            drop(handler, PacketType.name(packet.type()) + " instead of ACK");
            return;
        }
        handler.state = LearnerHandler.State.ACTIVE;
        handler.send(PacketType.UPTODATE, -1, null);
    }

    // --- what the leader says ----------------------------------------------------------------------------------------

    /**
     * The follower commits {@code entry}.
     *
     * @param designated who leads from now on; null if that is no reconfiguration
     */
    void committed(LogEntry entry, @Nullable Integer designated) {
        QuorumPacket inform = designated == null
                ? QuorumPacket.of(PacketType.INFORM, entry.zxid().value(), entry.payload())
                : QuorumPacket.of(
                        PacketType.INFORMANDACTIVATE,
                        entry.zxid().value(),
                        Activation.data(designated, entry.payload()));
        for (LearnerHandler handler : List.copyOf(handlers)) {
            boolean isForgotten = !entry.zxid().isAfter(blindUpTo) && around.isOurs(handler.sid);
            if (handler.isForwarding && !isForgotten) {
                handler.send(inform);
            }
        }
    }

    /** The follower asks for a sync of its own. */
    void ownSync() {
        syncs.addLast(Optional.empty());
    }

    /** SYNC came. Says whether it was for an observer. */
    boolean synced() {
        Optional<LearnerHandler> head = syncs.isEmpty() ? Optional.empty() : syncs.removeFirst();
        head.filter(handler -> handler.state != LearnerHandler.State.GONE)
                .ifPresent(handler -> handler.send(PacketType.SYNC, 0, null));
        return head.isPresent();
    }

    /** An answer belongs to the oldest question, or to none. */
    void revalidated(QuorumPacket packet) {
        RevalidationAnswer answer = RevalidationAnswer.decode(packet.data());
        Asked head = revalidations.peekFirst();
        if (head == null || head.question.sessionId() != answer.sessionId()) {
            return;
        }
        revalidations.removeFirst();
        if (head.by.state != LearnerHandler.State.GONE) {
            head.by.send(packet);
        }
        if (answer.valid()) {
            touched.put(answer.sessionId(), head.question.timeoutMillis());
        }
    }

    /** The sessions that observers heard of since the last call. */
    List<SessionTouch> touches() {
        List<SessionTouch> touches = new ArrayList<>();
        touched.forEach((sessionId, timeoutMillis) -> touches.add(new SessionTouch(sessionId, timeoutMillis)));
        touched.clear();
        return touches;
    }

    // --- what observers ask ------------------------------------------------------------------------------------------

    private void served(LearnerHandler handler, QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.REQUEST -> {
                if (ForwardedRequest.decode(packet.data()).opcode() == OpCode.SYNC) {
                    syncs.addLast(Optional.of(handler));
                }
                toLeader.accept(packet);
            }
            case PacketType.REVALIDATE -> {
                revalidations.addLast(new Asked(Revalidation.decode(packet.data()), handler));
                toLeader.accept(packet);
            }
            case PacketType.PING -> {
                for (SessionTouch touch : SessionTouch.decodeAll(packet.data())) {
                    touched.put(touch.sessionId(), touch.timeoutMillis());
                }
            }
            case PacketType.ACK -> {
                if (new Zxid(packet.zxid()).counter() != 0) {
                    drop(handler, "an observer acknowledges " + new Zxid(packet.zxid()));
                }
            }
            default -> {}
        }
    }
}
