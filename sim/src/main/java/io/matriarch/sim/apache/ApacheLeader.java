package io.matriarch.sim.apache;

import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.Capabilities;
import io.matriarch.wire.quorum.LeaderInfo;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Apache's Leader up to the moment it serves: discovery and synchronization (zab.md 7.2, 8.1, 8.2). */
final class ApacheLeader implements LearnerMaster {
    private static final long MILLI = 1_000_000;

    private enum Phase {
        STARTING,
        EPOCH,
        EPOCH_ACKS,
        NEWLEADER_ACKS,
        BROADCAST,
        OVER
    }

    private final ApacheServer server;
    private final ApacheSurroundings around;
    private final List<LearnerHandler> handlers = new ArrayList<>();
    private final Set<Integer> supporters = new TreeSet<>();

    private Phase phase = Phase.STARTING;
    private long phaseSinceNanos;
    private boolean isEpochStored;
    private boolean isHistoryFinal;
    private long epoch;
    private long historyEpoch;
    private Zxid historyEnd = Zxid.ZERO;
    private final ApacheSynchronization synchronization;
    private @Nullable ApacheBroadcast broadcast;

    ApacheLeader(ApacheServer server) {
        this.server = server;
        this.around = server.around();
        this.synchronization = new ApacheSynchronization(this, server);
    }

    boolean isListening() {
        return phase != Phase.STARTING && phase != Phase.OVER;
    }

    boolean isServing() {
        return broadcast != null && phase == Phase.BROADCAST;
    }

    @Override
    public String toString() {
        return "leader in " + phase + " of epoch " + epoch + " with " + supporters;
    }

    // --- life --------------------------------------------------------------------------------------------------------

    /** Data are loaded and a snapshot is written, whatever it holds (D21), and then the port opens: late (6.2). */
    void start() {
        long millis = around.chance().hits(0.9)
                ? around.chance().between(1, 25)
                : around.chance().between(25, 700);
        around.after(millis * MILLI, () -> {
            if (phase == Phase.STARTING) {
                lead();
            }
        });
    }

    private void lead() {
        server.disk().takeSnapshot(server.tree(), server.last());
        epoch = server.disk().acceptedEpoch() + 1;
        historyEpoch = server.disk().currentEpoch();
        historyEnd = server.last();
        supporters.add(server.sid());
        enter(Phase.EPOCH);
        watch();
        epochIfQuorum();
    }

    private void enter(Phase next) {
        phase = next;
        phaseSinceNanos = nowNanos();
    }

    private void watch() {
        around.after(server.setup().tickNanos() / 2, () -> {
            if (phase == Phase.OVER) {
                return;
            }
            boolean isLate = nowNanos() - phaseSinceNanos > server.setup().initNanos();
            if (phase != Phase.BROADCAST && isLate) {
                giveUp("no quorum in " + phase + " in time");
                return;
            }
            dropSilent();
            if (broadcast != null) {
                broadcast.halfTick();
            }
            if (phase != Phase.OVER) {
                watch();
            }
        });
    }

    private void dropSilent() {
        for (LearnerHandler handler : List.copyOf(handlers)) {
            boolean isSynced = handler.state == LearnerHandler.State.ACTIVE;
            long limitNanos = isSynced
                    ? server.setup().syncNanos()
                    : server.setup().initNanos() + server.setup().syncNanos();
            Long owedSince = handler.unackedSinceNanos.peekFirst();
            if (nowNanos() - handler.heardNanos > limitNanos) {
                drop(handler, "silent");
            } else if (isSynced
                    && owedSince != null
                    && nowNanos() - owedSince > server.setup().syncNanos()) {
                drop(handler, "acknowledges nothing");
            }
        }
    }

    void giveUp(String why) {
        if (phase == Phase.OVER) {
            return;
        }
        phase = Phase.OVER;
        List.copyOf(handlers).forEach(handler -> drop(handler, why));
        server.leave(why, false);
    }

    private long nowNanos() {
        return around.now().nanos();
    }

    // --- connections -------------------------------------------------------------------------------------------------

    StreamEnd accept(Stream stream) {
        LearnerHandler handler = new LearnerHandler(this, server, stream);
        handler.heardNanos = nowNanos();
        handlers.add(handler);
        return handler;
    }

    void drop(LearnerHandler handler, String why) {
        if (handler.state != LearnerHandler.State.GONE) {
            handler.link.close(why);
            gone(handler, why);
        }
    }

    @Override
    public void gone(LearnerHandler handler, String why) {
        around.trace(() -> "loses server " + handler.sid + ": " + why);
        around.checks().linkEnded(handler.link.id());
        handler.state = LearnerHandler.State.GONE;
        handlers.remove(handler);
        if (broadcast != null) {
            broadcast.gone(handler);
        }
    }

    @Override
    public void received(LearnerHandler handler, QuorumPacket packet) {
        handler.heardNanos = nowNanos();
        switch (handler.state) {
            case CONNECTED -> learnerInfo(handler, packet);
            case AWAITING_ACKEPOCH -> ackEpoch(handler, packet);
            case AWAITING_NEWLEADER_ACK -> newLeaderAck(handler, packet);
            case ACKED, ACTIVE -> {
                if (broadcast != null) {
                    broadcast.received(handler, packet);
                }
            }
            case AWAITING_EPOCH, AWAITING_HISTORY, GONE -> {}
        }
    }

    // --- discovery (zab.md 7.2) --------------------------------------------------------------------------------------

    private void learnerInfo(LearnerHandler handler, QuorumPacket packet) {
        if (packet.type() != PacketType.FOLLOWERINFO && packet.type() != PacketType.OBSERVERINFO) {
            drop(handler, "no FOLLOWERINFO");
            return;
        }
        LearnerInfo info = LearnerInfo.decode(packet.data());
        if (info.configVersion() > server.membership().version()) {
            drop(handler, "is ahead: it has a configuration that was agreed later");
            return;
        }
        handler.sid = (int) info.sid().value();
        handler.isObserver = packet.type() == PacketType.OBSERVERINFO;
        handler.state = LearnerHandler.State.AWAITING_EPOCH;
        if (phase == Phase.EPOCH) {
            epoch = Math.max(epoch, new Zxid(packet.zxid()).epoch() + 1);
            supports(handler);
            epochIfQuorum();
        } else if (isEpochStored) {
            sendLeaderInfo(handler);
        }
    }

    /** Whoever is no voter does not matter to a quorum. */
    private void supports(LearnerHandler handler) {
        if (!handler.isObserver) {
            supporters.add(handler.sid);
        }
    }

    private boolean isQuorum() {
        return server.membership().isQuorum(supporters::contains);
    }

    private void epochIfQuorum() {
        if (phase != Phase.EPOCH || !isQuorum()) {
            return;
        }
        enter(Phase.EPOCH_ACKS);
        supporters.clear();
        afterForce(() -> {
            server.disk().storeAcceptedEpoch(epoch);
            isEpochStored = true;
            server.membership().labelFirst(epoch);
            supporters.add(server.sid());
            for (LearnerHandler handler : List.copyOf(handlers)) {
                if (handler.state == LearnerHandler.State.AWAITING_EPOCH) {
                    sendLeaderInfo(handler);
                }
            }
            historyIfQuorum();
        });
    }

    private void afterForce(Runnable work) {
        around.after(around.forceNanos(), () -> {
            if (phase != Phase.OVER) {
                work.run();
            }
        });
    }

    private void sendLeaderInfo(LearnerHandler handler) {
        handler.state = LearnerHandler.State.AWAITING_ACKEPOCH;
        LeaderInfo info = new LeaderInfo(LearnerInfo.PROTOCOL_VERSION, Capabilities.NONE);
        handler.send(PacketType.LEADERINFO, Zxid.of(epoch, 0).value(), info.encode());
    }

    private void ackEpoch(LearnerHandler handler, QuorumPacket packet) {
        if (packet.type() != PacketType.ACKEPOCH) {
            drop(handler, "no ACKEPOCH");
            return;
        }
        long reported = AckEpoch.decode(packet.data()).epoch();
        handler.history = new Zxid(packet.zxid());
        handler.state = LearnerHandler.State.AWAITING_HISTORY;
        if (phase != Phase.EPOCH_ACKS) {
            beginIfFinal(handler);
            return;
        }
        if (reported != AckEpoch.DO_NOT_COUNT) {
            boolean isAhead =
                    reported > historyEpoch || (reported == historyEpoch && handler.history.isAfter(historyEnd));
            if (isAhead) {
                drop(handler, "has a newer history");
                return;
            }
            if (packet.zxid() != -1) {
                supports(handler);
            }
        }
        historyIfQuorum();
    }

    private void historyIfQuorum() {
        if (phase != Phase.EPOCH_ACKS || !isEpochStored || !isQuorum()) {
            return;
        }
        enter(Phase.NEWLEADER_ACKS);
        around.checks().historyFinal();
        supporters.clear();
        afterForce(() -> {
            server.disk().storeCurrentEpoch(epoch);
            isHistoryFinal = true;
            supporters.add(server.sid());
            List.copyOf(handlers).forEach(this::beginIfFinal);
            establishIfQuorum();
        });
    }

    private void beginIfFinal(LearnerHandler handler) {
        if (isHistoryFinal && handler.state == LearnerHandler.State.AWAITING_HISTORY) {
            synchronize(handler);
        }
    }

    // --- synchronization (zab.md 8.1, 8.2) ---------------------------------------------------------------------------

    private void synchronize(LearnerHandler handler) {
        handler.state = LearnerHandler.State.AWAITING_NEWLEADER_ACK;
        if (broadcast != null) {
            broadcast.forgetAcks(handler);
        }
        synchronization.begin(handler);
    }

    @Override
    public Zxid lastCommitted() {
        return broadcast == null ? server.last() : broadcast.lastCommitted();
    }

    @Override
    public boolean isOver() {
        return phase == Phase.OVER;
    }

    /** What is outstanding above {@code sent}, live traffic from now on, and NEWLEADER among it. */
    @Override
    public void forward(LearnerHandler handler, Zxid sent) {
        if (broadcast != null) {
            broadcast.catchUp(handler, sent);
        }
        handler.isForwarding = true;
        handler.send(
                PacketType.NEWLEADER,
                Zxid.of(epoch, 0).value(),
                Bytes.utf8(server.membership().lastSeen().text()));
    }

    /** Whether it serves and commits nothing any more, for it took acknowledgements for others (D5). */
    boolean isStuck() {
        return broadcast != null && broadcast.isStuck();
    }

    /** The first packet counts as the acknowledgement, whatever it acknowledges (D5). */
    private void newLeaderAck(LearnerHandler handler, QuorumPacket packet) {
        if (packet.type() != PacketType.ACK) {
            drop(handler, PacketType.name(packet.type()) + " instead of ACK");
            return;
        }
        handler.state = LearnerHandler.State.ACKED;
        if (packet.zxid() == Zxid.of(epoch, 0).value()) {
            supports(handler);
        }
        if (broadcast != null) {
            broadcast.mistook(handler, packet.zxid());
            activate(handler);
        } else {
            establishIfQuorum();
        }
    }

    private void establishIfQuorum() {
        if (phase != Phase.NEWLEADER_ACKS || !isHistoryFinal || !isQuorum()) {
            return;
        }
        enter(Phase.BROADCAST);
        server.tree().advanceTo(Zxid.of(epoch, 0));
        boolean mayCommit = complete();
        server.election().refreshEpoch(epoch);
        ApacheBroadcast begun = new ApacheBroadcast(server, this, handlers, epoch, mayCommit);
        broadcast = begun;
        for (LearnerHandler handler : List.copyOf(handlers)) {
            if (handler.state == LearnerHandler.State.ACKED) {
                activate(handler);
            }
        }
    }

    /** What was seen last went out with NEWLEADER, and is agreed now. Says whether this server leads in it (zab.md 14). */
    private boolean complete() {
        ApacheMembership membership = server.membership();
        if (!membership.mayChange()) {
            return true;
        }
        int designated = membership.designated(membership.lastSeen(), supporters, List.of());
        membership.commit(membership.lastSeen(), designated, Zxid.of(epoch, 0));
        return designated == server.sid();
    }

    private void activate(LearnerHandler handler) {
        handler.state = LearnerHandler.State.ACTIVE;
        handler.send(PacketType.UPTODATE, -1, null);
    }
}
