package io.matriarch.core.peer;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.Revalidation;
import java.util.List;

/** A server on our quorum port; the test says each of its packets. One of Apache's unless {@link #ofOurs}. */
public final class ScriptedLearner {
    /** Both capabilities that our servers announce. */
    public static final int OURS = 3;

    private final PeerFixture leader;
    private final long sid;
    private final LinkId link;
    private int capabilities;
    private int infoType = PacketType.FOLLOWERINFO;

    ScriptedLearner(PeerFixture leader, long sid, LinkId link) {
        this.leader = leader;
        this.sid = sid;
        this.link = link;
    }

    public LinkId link() {
        return link;
    }

    public ScriptedLearner ofOurs() {
        capabilities = OURS;
        return this;
    }

    /** One of ours that can follow into the next epoch. */
    public ScriptedLearner ofOursThatRollsOver() {
        capabilities = OURS | 4;
        return this;
    }

    /** One of ours that knows short heartbeats. */
    public ScriptedLearner ofOursWithHeartbeats() {
        capabilities = OURS | 8;
        return this;
    }

    /** One of ours that turns to whom its leader names. */
    public ScriptedLearner ofOursThatTransfers() {
        capabilities = OURS | 16;
        return this;
    }

    /** One of those, which says of itself how gladly it leads: priority from bit 16 on, bit 24 if it does not stand. */
    public ScriptedLearner ofOursThatTransfers(int priority, boolean stands) {
        capabilities = OURS | 16 | priority << 16 | (stands ? 0 : 1 << 24);
        return this;
    }

    /** Introduces itself as an observer. */
    public ScriptedLearner ofObservers() {
        infoType = PacketType.OBSERVERINFO;
        return this;
    }

    public ScriptedLearner followerInfo(long acceptedEpoch) {
        return followerInfo(acceptedEpoch, 0);
    }

    public ScriptedLearner followerInfo(long acceptedEpoch, long configVersion) {
        LearnerInfo info =
                new LearnerInfo(new ServerId(sid), LearnerInfo.PROTOCOL_VERSION, configVersion, capabilities);
        return sends(infoType, Zxid.of(acceptedEpoch, 0), info.encode());
    }

    public ScriptedLearner ackEpoch(long currentEpoch, Zxid last) {
        return sends(PacketType.ACKEPOCH, last, new AckEpoch((int) currentEpoch).encode());
    }

    /** Takes the stream of a snapshot, if one is coming, and acknowledges NEWLEADER. */
    public ScriptedLearner ackNewLeader() {
        return takesSnapshot().ack(Zxid.of(leader.status().acceptedEpoch(), 0));
    }

    /** Takes piece after piece until none follows. */
    public ScriptedLearner takesSnapshot() {
        int pieces = -1;
        while (pieces < piecesSent()) {
            pieces = piecesSent();
            leader.step(new Event.LinkWritable(link));
        }
        return this;
    }

    private int piecesSent() {
        return (int) leader.effects(Effect.SendSnapshotPiece.class).stream()
                .filter(send -> send.link().equals(link))
                .count();
    }

    /** The whole way from FOLLOWERINFO to the ACK of NEWLEADER, with this last promise and history. */
    public ScriptedLearner synchronizes(long acceptedEpoch, long currentEpoch, Zxid last) {
        return followerInfo(acceptedEpoch).ackEpoch(currentEpoch, last).ackNewLeader();
    }

    public ScriptedLearner ack(Zxid zxid) {
        return sends(PacketType.ACK, zxid, null);
    }

    public ScriptedLearner echoes(long ping) {
        return sends(PacketType.PING, new Zxid(ping), Bytes.EMPTY);
    }

    /** Answers the newest PING. */
    public ScriptedLearner echoesLast() {
        List<QuorumPacket> pings = leader.effects(Effect.SendPacket.class).stream()
                .filter(send -> send.link().equals(link))
                .map(Effect.SendPacket::packet)
                .filter(packet -> packet.type() == PacketType.PING)
                .toList();
        return echoes(pings.get(pings.size() - 1).zxid());
    }

    public ScriptedLearner forwards(long sessionId, int cxid, Request request) {
        Bytes data = new ForwardedRequest(sessionId, cxid, request.opcode(), request.encode()).encode();
        return sends(new QuorumPacket(PacketType.REQUEST, -1, data, List.of(new Id("ip", "10.1.0.1"))));
    }

    public ScriptedLearner revalidates(long sessionId, int timeoutMillis) {
        return sends(PacketType.REVALIDATE, Zxid.NONE, new Revalidation(sessionId, timeoutMillis).encode());
    }

    public ScriptedLearner sends(int type, Zxid zxid, Bytes data) {
        return sends(new QuorumPacket(type, zxid.value(), data, null));
    }

    public ScriptedLearner sends(QuorumPacket packet) {
        leader.step(new Event.PacketReceived(link, packet));
        return this;
    }

    public void disconnects() {
        leader.step(new Event.LinkDown(link, "reset"));
    }

    /** What the leader sent here since the fixture forgot. */
    public List<String> got() {
        return leader.sentTo(link);
    }
}
