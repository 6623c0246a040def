package io.matriarch.core.peer;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.Heartbeat;
import io.matriarch.wire.quorum.LeaderInfo;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.List;

/** The leader that our server dialled; the test says each of its packets. One of Apache's unless {@link #ofOurs}. */
public final class ScriptedLeader {
    private final PeerFixture follower;
    private final LinkId link;
    private int capabilities;

    ScriptedLeader(PeerFixture follower, LinkId link) {
        this.follower = follower;
        this.link = link;
    }

    public LinkId link() {
        return link;
    }

    public ScriptedLeader ofOurs() {
        capabilities = ScriptedLearner.OURS;
        return this;
    }

    /** One of ours that goes into the next epoch with its learners. */
    public ScriptedLeader ofOursThatRollsOver() {
        capabilities = ScriptedLearner.OURS | 4;
        return this;
    }

    /** One of ours that names another leader. */
    public ScriptedLeader ofOursThatTransfers() {
        capabilities = ScriptedLearner.OURS | 16;
        return this;
    }

    public ScriptedLeader accepts() {
        follower.step(new Event.LeaderLinkUp(link));
        return this;
    }

    public ScriptedLeader leaderInfo(long epoch) {
        LeaderInfo info = new LeaderInfo(LearnerInfo.PROTOCOL_VERSION, capabilities);
        return sends(PacketType.LEADERINFO, Zxid.of(epoch, 0), info.encode());
    }

    public ScriptedLeader leaderInfoOfOurs(long epoch) {
        return ofOurs().leaderInfo(epoch);
    }

    public ScriptedLeader diff(Zxid last) {
        return sends(PacketType.DIFF, last, null);
    }

    public ScriptedLeader trunc(Zxid to) {
        return sends(PacketType.TRUNC, to, null);
    }

    public ScriptedLeader snap(Zxid label, DataTree tree) {
        sends(PacketType.SNAP, label, null);
        MemoryDisk.pieces(tree).forEach(this::piece);
        return this;
    }

    public ScriptedLeader piece(SnapshotPiece piece) {
        follower.step(new Event.SnapshotPieceReceived(link, piece));
        return this;
    }

    public ScriptedLeader proposes(LogEntry entry) {
        return sends(PacketType.PROPOSAL, entry.zxid(), entry.payload());
    }

    public ScriptedLeader commits(Zxid zxid) {
        return sends(PacketType.COMMIT, zxid, null);
    }

    public ScriptedLeader informs(LogEntry entry) {
        return sends(PacketType.INFORM, entry.zxid(), entry.payload());
    }

    /** PROPOSAL and COMMIT of each. */
    public ScriptedLeader sendsCommitted(List<LogEntry> entries) {
        entries.forEach(entry -> proposes(entry).commits(entry.zxid()));
        return this;
    }

    public ScriptedLeader newLeader(long epoch) {
        return sends(PacketType.NEWLEADER, Zxid.of(epoch, 0), Bytes.utf8("server.9=elsewhere:1:2\nversion=0"));
    }

    /** NEWLEADER that offers this configuration. */
    public ScriptedLeader newLeader(long epoch, Configuration offered) {
        return sends(PacketType.NEWLEADER, Zxid.of(epoch, 0), Bytes.utf8(offered.text()));
    }

    public ScriptedLeader upToDate() {
        return sends(PacketType.UPTODATE, Zxid.NONE, null);
    }

    /** A short heartbeat: another comes within so long, or the leader is lost. */
    public ScriptedLeader beats(long number, int patienceMillis) {
        return sends(PacketType.PING, new Zxid(Heartbeat.zxidOf(number)), new Heartbeat(patienceMillis).encode());
    }

    public ScriptedLeader pings(long number) {
        return sends(PacketType.PING, new Zxid(number), null);
    }

    public ScriptedLeader sends(int type, Zxid zxid, Bytes data) {
        follower.step(new Event.PacketReceived(link, new QuorumPacket(type, zxid.value(), data, null)));
        return this;
    }

    /** The requests that our server passed on since the fixture forgot, oldest first. */
    public List<ForwardedRequest> forwarded() {
        return packets().stream()
                .filter(packet -> packet.type() == PacketType.REQUEST)
                .map(packet -> ForwardedRequest.decode(packet.data()))
                .toList();
    }

    /** The newest of them. */
    public ForwardedRequest lastForwarded() {
        List<ForwardedRequest> requests = forwarded();
        return requests.get(requests.size() - 1);
    }

    /** Gives a client that connects to our server its session, by the transaction {@code zxid}. */
    public long opensSession(ScriptedClient client, int timeoutMillis, Zxid zxid) {
        client.connects(timeoutMillis);
        long sessionId = lastForwarded().sessionId();
        proposes(Entries.opens(sessionId, timeoutMillis, zxid)).commits(zxid);
        return sessionId;
    }

    public void disconnects() {
        follower.step(new Event.LinkDown(link, "reset"));
    }

    /** The packets that our server sent to this leader since the fixture forgot. */
    public List<QuorumPacket> packets() {
        return follower.effects(Effect.SendPacket.class).stream()
                .filter(send -> send.link().equals(link))
                .map(Effect.SendPacket::packet)
                .toList();
    }

    /** What our server sent to this leader since the fixture forgot. */
    public List<String> got() {
        return follower.sentTo(link);
    }
}
