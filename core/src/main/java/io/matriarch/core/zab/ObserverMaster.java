package io.matriarch.core.zab;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.LeaderInfo;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.Revalidation;
import io.matriarch.wire.quorum.SessionTouch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The observers of a follower (zab.md 15). They get from it what its leader would give them: its history up to what is
 * committed, then every transaction that is. What they ask goes to the leader, and the answers come back through here.
 *
 * <p>Nothing here decides: an observer is counted nowhere, and a follower tells it only what its leader told it to be
 * committed. It lives from the follower's UPTODATE until the follower leaves its leader, and all links end with it.
 */
public final class ObserverMaster {
    private static final int MAX_LINKS = 1_000;

    private final Zab zab;
    private final ServerId leader;
    private final long epoch;
    private final Forwarding forwarding;
    private final Synchronization synchronization;
    private final SessionPaths paths;
    private final Map<LinkId, LearnerLink> links = new TreeMap<>((a, b) -> Long.compare(a.value(), b.value()));
    private final Map<Long, Integer> touched = new LinkedHashMap<>();

    private long committedBytes;
    private long nextPingNanos;

    /** Serves observers in {@code epoch}, which this follower has entered. */
    ObserverMaster(Zab zab, ServerId leader, long epoch, Forwarding forwarding) {
        this.zab = zab;
        this.leader = leader;
        this.epoch = epoch;
        this.forwarding = forwarding;
        this.paths = new SessionPaths(zab.history());
        this.synchronization = new Synchronization(zab, epoch, links.values());
        synchronization.established();
        nextPingNanos = zab.now().plusMillis(zab.limits().tickMillis() / 2);
        zab.out().emit(new Effect.ListenForObservers());
    }

    /** Observers that get everything as it is committed. */
    public int syncedObservers() {
        return (int) links.values().stream().filter(LearnerLink::isActive).count();
    }

    // --- links ---------------------------------------------------------------------------------------------------

    public void linkUp(LinkId link, String address) {
        if (links.size() >= MAX_LINKS) {
            zab.close(link, "more than " + MAX_LINKS + " observers");
            return;
        }
        links.put(link, new LearnerLink(link, address, zab.now().nanos()));
    }

    public void linkDown(LinkId id, String reason) {
        LearnerLink link = links.remove(id);
        if (link != null) {
            dropped(link, reason);
        }
    }

    public void linkWritable(LinkId id) {
        LearnerLink link = links.get(id);
        if (link != null) {
            link.lastHeardNanos = zab.now().nanos(); // whoever takes a long snapshot is not silent
            synchronization.linkWritable(link);
            if (synchronization.isOverrun(link)) {
                drop(link, "the log moved on too far while " + link.who() + " took a snapshot");
            }
        }
    }

    /** A piece of the log that an observer's synchronization asked for. */
    void logRead(Event.LogRead read) {
        LearnerLink link = links.get(new LinkId(read.readId()));
        String why = link == null ? null : synchronization.logRead(link, read);
        if (link != null && why != null) {
            drop(link, why);
        }
    }

    public void received(LinkId id, QuorumPacket packet) {
        LearnerLink link = links.get(id);
        if (link == null) {
            return;
        }
        link.lastHeardNanos = zab.now().nanos();
        try {
            dispatch(link, packet);
        } catch (MalformedException e) {
            drop(link, link.who() + " sent what cannot be: " + e.getMessage());
        }
    }

    /** The follower leaves its leader: what it knows to be committed is not the newest any more. */
    void leave(String reason) {
        zab.out().emit(new Effect.StopListeningForObservers());
        for (LearnerLink link : List.copyOf(links.values())) {
            drop(link, reason);
        }
    }

    private void drop(LearnerLink link, String reason) {
        if (links.remove(link.id) != null) {
            zab.close(link.id, reason);
            dropped(link, reason);
        }
    }

    private void dropped(LearnerLink link, String reason) {
        zab.out().trace(new TraceEvent.LinkClosed(link.id, link.who(), reason));
        synchronization.release(link);
        paths.forget(link);
    }

    private void dispatch(LearnerLink link, QuorumPacket packet) {
        switch (link.state) {
            case CONNECTED -> observerInfo(link, packet);
            case AWAITING_ACKEPOCH -> ackEpoch(link, packet);
            case AWAITING_NEWLEADER_ACK -> newLeaderAck(link, packet);
            case ACTIVE -> served(link, packet);
            case AWAITING_EPOCH, AWAITING_HISTORY, READING_LOG, SENDING_SNAPSHOT, ACKED ->
                throw new MalformedException(PacketType.name(packet.type()) + " while nothing was asked");
        }
    }

    // --- from OBSERVERINFO to UPTODATE ---------------------------------------------------------------------------

    /** Our own epoch, and without waiting: the quorum that it takes has been found (zab.md 15). */
    private void observerInfo(LearnerLink link, QuorumPacket packet) {
        if (packet.type() != PacketType.OBSERVERINFO) {
            throw new MalformedException(PacketType.name(packet.type()) + " on the port for observers");
        }
        link.introduce(packet, zab.membership().committed().version());
        for (LearnerLink other : List.copyOf(links.values())) {
            if (other != link && other.sid.equals(link.sid)) {
                drop(other, link.who() + " connected anew");
            }
        }
        link.state = LearnerLink.State.AWAITING_ACKEPOCH;
        LeaderInfo info = new LeaderInfo(LearnerInfo.PROTOCOL_VERSION, link.capabilities & Zab.OUR_CAPABILITIES);
        zab.send(link.id, PacketType.LEADERINFO, Zxid.of(epoch, 0).value(), info.encode());
    }

    private void ackEpoch(LearnerLink link, QuorumPacket packet) {
        if (packet.type() != PacketType.ACKEPOCH) {
            throw new MalformedException(PacketType.name(packet.type()) + " instead of ACKEPOCH");
        }
        AckEpoch.decode(packet.data());
        link.history = new Zxid(packet.zxid());
        link.state = LearnerLink.State.AWAITING_HISTORY;
        beginIfReached(link);
    }

    /**
     * An observer that was elsewhere may know what we have not heard of yet. What it has of this epoch is committed or
     * will be, if our leader lives; we wait for it, rather than have its clients go back in time.
     */
    private void beginIfReached(LearnerLink link) {
        boolean isOfThisEpoch = link.history.epoch() == epoch && link.history.counter() > 0;
        if (isOfThisEpoch && link.history.isAfter(zab.history().lastCommitted())) {
            return;
        }
        link.committedBytes = committedBytes;
        if (!synchronization.begin(link)) {
            drop(link, "too many observers are synchronized; " + link.who() + " must come again");
        }
    }

    private void newLeaderAck(LearnerLink link, QuorumPacket packet) {
        if (packet.type() != PacketType.ACK) {
            throw new MalformedException(PacketType.name(packet.type()) + " instead of the ACK of NEWLEADER");
        }
        if (packet.zxid() != Zxid.of(epoch, 0).value()) {
            return; // R5: an older Apache learner acknowledges proposals first
        }
        if (synchronization.hasLost(link)) {
            drop(link, "the log moved on too far while " + link.who() + " was synchronized");
            return;
        }
        synchronization.end(link, new HeldBack(zab, leader, null));
    }

    // --- what the leader commits ---------------------------------------------------------------------------------

    /**
     * Everything logged up to {@code upTo} is committed now. Called right before it is applied.
     *
     * @param designated who leads from now on, if {@code upTo} is a reconfiguration
     */
    void inform(Zxid upTo, @Nullable ServerId designated) {
        for (Proposal proposal : zab.history().pending()) {
            if (proposal.zxid().isAfter(upTo)) {
                return;
            }
            committedBytes += proposal.entry().payload().length();
            if (proposal.txn().header().type() == OpCode.CLOSE_SESSION) {
                paths.end(proposal.txn().header().clientId());
            }
            boolean isActivation = designated != null && proposal.zxid().equals(upTo);
            QuorumPacket packet =
                    isActivation ? Activation.inform(proposal, designated) : Proposal.inform(proposal.entry());
            for (LearnerLink link : links.values()) {
                if (link.isActive()) {
                    link.order.committed(zab, proposal.zxid(), packet);
                }
            }
        }
    }

    /** What {@link #inform} told of is applied. */
    void committed() {
        for (LearnerLink link : List.copyOf(links.values())) {
            if (link.state == LearnerLink.State.AWAITING_HISTORY) {
                beginIfReached(link);
            }
            long heldBack = committedBytes - link.committedBytes;
            if (link.isTakingHistory() && heldBack > zab.observers().heldBackBytes()) {
                drop(link, heldBack + " bytes were committed while " + link.who() + " was synchronized");
            }
        }
    }

    // --- what observers ask --------------------------------------------------------------------------------------

    private void served(LearnerLink link, QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.REQUEST -> requested(link, packet);
            case PacketType.REVALIDATE -> revalidate(link, packet);
            case PacketType.PING -> touched(packet);
            case PacketType.ACK -> {
                if (new Zxid(packet.zxid()).counter() != 0) {
                    throw new MalformedException("ACK of " + new Zxid(packet.zxid()) + " by an observer");
                }
            }
            default -> {} // Compat: unknown types are ignored (zab.md 3)
        }
    }

    private void requested(LearnerLink link, QuorumPacket packet) {
        ForwardedRequest request = ForwardedRequest.decode(packet.data());
        if (request.opcode() == OpCode.SYNC) {
            if (hasRoomFor(link)) {
                relaySync(link, packet);
            }
            return;
        }
        if (request.opcode() == OpCode.CREATE_SESSION) {
            paths.lead(request.sessionId(), link);
        } else if (!paths.mayPass(request.sessionId(), link)) {
            // The leader sees one link for all of us, so it cannot refuse what comes too late (client.md 3.2); and no
            // answer
            // at all would have the client wait for ever. Rare: the client has left that observer.
            drop(
                    link,
                    link.who() + " writes for session 0x" + Long.toHexString(request.sessionId())
                            + ", which has moved");
            return;
        }
        forwarding.relay(packet);
    }

    /** A leader of ours says what its SYNC follows; one of Apache's sends it right there. */
    private void relaySync(LearnerLink link, QuorumPacket packet) {
        if (!zab.keepsOrderOfSyncs(link)) {
            forwarding.relaySync(packet, answer -> answer(link, answer));
            return;
        }
        SyncOrder.Sync sync = link.order.asked(null);
        forwarding.relaySync(packet, answer -> {
            Zxid after = answer.zxid() == 0 ? zab.history().lastCommitted() : new Zxid(answer.zxid());
            if (links.get(link.id) == link) {
                sync.answered(zab, after, new QuorumPacket(PacketType.SYNC, 0, null, null));
            }
        });
    }

    private void revalidate(LearnerLink link, QuorumPacket packet) {
        Revalidation question = Revalidation.decode(packet.data());
        if (hasRoomFor(link)) {
            // From here on: whatever is behind it on our link to the leader belongs to the session's new place.
            paths.lead(question.sessionId(), link);
            zab.desk().moved(question.sessionId());
            forwarding.relayRevalidation(question, packet, answer -> answer(link, answer));
        }
    }

    /** A client came to this server itself, with a session that may have been an observer's. */
    void revalidatedHere(long sessionId) {
        paths.lead(sessionId, null);
    }

    private boolean hasRoomFor(LearnerLink link) {
        if (forwarding.isFull()) {
            drop(link, "more than " + Forwarding.MAX_QUESTIONS + " questions of observers wait for the leader");
            return false;
        }
        return true;
    }

    private void answer(LearnerLink link, QuorumPacket answer) {
        if (links.get(link.id) == link) {
            zab.send(link.id, answer);
        }
    }

    private void touched(QuorumPacket packet) {
        for (SessionTouch touch : SessionTouch.decodeAll(packet.data())) {
            if (zab.history().tree().hasSession(touch.sessionId())) {
                touched.put(touch.sessionId(), touch.timeoutMillis());
            }
        }
    }

    /** The sessions that observers heard of since the last call: the leader must hear of them too. */
    List<SessionTouch> touches() {
        List<SessionTouch> touches = new ArrayList<>(touched.size());
        touched.forEach((sessionId, timeoutMillis) -> touches.add(new SessionTouch(sessionId, timeoutMillis)));
        touched.clear();
        return touches;
    }

    // --- time ----------------------------------------------------------------------------------------------------

    public void timePassed(Now now) {
        if (!now.isAtOrAfter(nextPingNanos)) {
            return;
        }
        nextPingNanos = now.plusMillis(zab.limits().tickMillis() / 2);
        for (LearnerLink link : List.copyOf(links.values())) {
            int limitMillis = zab.limits().syncMillis()
                    + (link.isActive() ? 0 : zab.limits().initMillis());
            long silentMillis = now.millisSince(link.lastHeardNanos);
            if (silentMillis > limitMillis) {
                drop(link, link.who() + " was silent for " + silentMillis + " ms");
            } else if (link.isPinged()) {
                zab.send(link.id, PacketType.PING, zab.history().lastLogged().value(), null);
            }
        }
    }

    public long deadlineNanos() {
        return links.isEmpty() ? Long.MAX_VALUE : nextPingNanos;
    }
}
