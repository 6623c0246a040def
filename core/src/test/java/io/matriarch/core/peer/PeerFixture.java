package io.matriarch.core.peer;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.Now;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Member;
import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.core.quorum.ReconfigRules;
import io.matriarch.core.request.ZnodeConfig;
import io.matriarch.core.session.SessionRules;
import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.core.zab.ObserverConfig;
import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.core.zab.Standing;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.LongStream;

/**
 * One real server, its clock and its disk in the test's hands, and all that it asked its host for. The servers, clients
 * and disk around it are scripts: {@link ScriptedLearner}, {@link ScriptedLeader}, {@link ScriptedClient}.
 *
 * <p>The disk answers at once until {@link #holdStorage}; from then on only {@link #stored()} makes anything durable.
 */
public final class PeerFixture {
    public static final int TICK = 100;
    public static final int INIT_LIMIT = 10;
    public static final int SYNC_LIMIT = 4;
    final MemoryDisk disk;
    final long self;
    private final int members;
    private final ReconfigRules reconfig;
    private ReplicationConfig replication = ReplicationConfig.DEFAULT;
    private ZnodeConfig znodes = ZnodeConfig.DEFAULT;
    private HeartbeatConfig heartbeat = HeartbeatConfig.OFF;
    private Standing standing = Standing.DEFAULT;
    private int sessionGrainMillis = TICK;
    private int snapCount = 100_000;
    private final SessionRules sessionRules;
    private final boolean hasOracle;
    private final ObserverConfig observers;
    private final long seed;
    private final Deque<Effect> lane = new ArrayDeque<>();
    private final List<Effect> effects = new ArrayList<>();
    private Peer peer;
    private boolean isStorageHeld;
    private boolean isStoring;
    private long millis;
    private long links;

    /**
     * Server {@code self} of participants 1 to {@code members}, started on {@code disk}, looking; an observer if its id is
     * above theirs.
     */
    public PeerFixture(long self, int members, MemoryDisk disk) {
        this(self, members, disk, SessionRules.DEFAULT, ObserverConfig.DEFAULT, 1);
    }

    /** The same on an empty disk, granting these sessions. */
    public PeerFixture(long self, int members, SessionRules sessionRules) {
        this(self, members, new MemoryDisk(), sessionRules);
    }

    /** The same on this disk, granting these sessions. */
    public PeerFixture(long self, int members, MemoryDisk disk, SessionRules sessionRules) {
        this(self, members, disk, sessionRules, ObserverConfig.DEFAULT, 1);
    }

    /** The same, with observers served in another way. */
    public PeerFixture(long self, int members, MemoryDisk disk, ObserverConfig observers) {
        this(self, members, disk, observers, 1);
    }

    /** The same with chance of its own. */
    public PeerFixture(long self, int members, MemoryDisk disk, ObserverConfig observers, long seed) {
        this(self, members, disk, SessionRules.DEFAULT, observers, seed);
    }

    private PeerFixture(
            long self, int members, MemoryDisk disk, SessionRules sessionRules, ObserverConfig observers, long seed) {
        this(self, members, disk, sessionRules, ReconfigRules.DISABLED, observers, seed, false);
    }

    /** A server with an oracle, which the test answers for. */
    public static PeerFixture withOracle(long self, int members, MemoryDisk disk) {
        return new PeerFixture(
                self, members, disk, SessionRules.DEFAULT, ReconfigRules.DISABLED, ObserverConfig.DEFAULT, 1, true);
    }

    private PeerFixture(
            long self,
            int members,
            MemoryDisk disk,
            SessionRules sessionRules,
            ReconfigRules reconfig,
            ObserverConfig observers,
            long seed,
            boolean hasOracle) {
        this.reconfig = reconfig;
        this.hasOracle = hasOracle;
        this.observers = observers;
        this.seed = seed;
        this.self = self;
        this.members = members;
        this.disk = disk;
        this.sessionRules = sessionRules;
        start();
    }

    /** The same where the members may change; those that the disk holds, if it holds any. */
    public static PeerFixture reconfigurable(long self, int members, MemoryDisk disk) {
        return reconfigurable(self, members, disk, ObserverConfig.DEFAULT);
    }

    /** The same, with observers served in another way. */
    public static PeerFixture reconfigurable(long self, int members, MemoryDisk disk, ObserverConfig observers) {
        ReconfigRules rules = new ReconfigRules(true, false, 2);
        return new PeerFixture(self, members, disk, SessionRules.DEFAULT, rules, observers, 1, false);
    }

    /** The same on an empty disk. */
    public PeerFixture(long self, int members) {
        this(self, members, new MemoryDisk());
    }

    /** The same server, started anew, with another way to keep the history. */
    public PeerFixture with(ReplicationConfig config) {
        replication = config;
        return crashAndRestart();
    }

    /** The same server, started anew, with other rules for znodes. */
    public PeerFixture with(ZnodeConfig config) {
        znodes = config;
        return crashAndRestart();
    }

    /** The same server, started anew, leading more or less gladly. */
    public PeerFixture with(Standing value) {
        standing = value;
        return crashAndRestart();
    }

    /** The same server, started anew, with short heartbeats. */
    public PeerFixture with(HeartbeatConfig config) {
        heartbeat = config;
        return crashAndRestart();
    }

    /** The same server, started anew, whose sessions end at multiples of this. */
    public PeerFixture withSessionGrain(int millis) {
        sessionGrainMillis = millis;
        return crashAndRestart();
    }

    /** The same server, started anew, that takes a snapshot after so many transactions at most. */
    public PeerFixture withSnapCount(int transactions) {
        snapCount = transactions;
        return crashAndRestart();
    }

    /** Version 0: participants 1 to {@code participants}, observers from there to {@code members}, all at host h. */
    public static Configuration configuration(long participants, long members) {
        return Configuration.of(
                0,
                LongStream.rangeClosed(1, members)
                        .mapToObj(sid -> member(sid, sid <= participants))
                        .toList(),
                null);
    }

    public static Member member(long sid, boolean isParticipant) {
        int port = (int) (2 * sid);
        return Member.at(new ServerId(sid), isParticipant, new MemberAddress("h", port - 1, port));
    }

    private void start() {
        Configuration committed = disk.committed();
        Configuration lastSeen = disk.lastSeen();
        PeerConfig config = PeerConfig.builder()
                .self(new ServerId(self))
                .configuration(committed != null ? committed : configuration(members, Math.max(self, members)))
                .lastSeen(lastSeen != null ? lastSeen : configuration(members, Math.max(self, members)))
                .reconfig(reconfig)
                .tickMillis(TICK)
                .initLimit(INIT_LIMIT)
                .syncLimit(SYNC_LIMIT)
                .replication(replication)
                .znodes(znodes)
                .heartbeat(heartbeat)
                .standing(standing)
                .sessionGrainMillis(sessionGrainMillis)
                .snapCount(snapCount)
                .sessionRules(sessionRules)
                .observers(observers)
                .hasOracle(hasOracle)
                .build();
        peer = new Peer(config, disk.recovered(), seed, now());
        step(new Event.TimePassed());
    }

    /** The process dies: what was not durable is gone. It starts again. */
    public PeerFixture crashAndRestart() {
        lane.clear();
        effects.clear();
        isStorageHeld = false;
        start();
        return this;
    }

    public Peer peer() {
        return peer;
    }

    public PeerStatus status() {
        return peer.status();
    }

    public MemoryDisk disk() {
        return disk;
    }

    // --- steps, time, disk ---------------------------------------------------------------------------------------

    public PeerFixture step(Event event) {
        List<Effect> asked = List.copyOf(peer.step(now(), event));
        effects.addAll(asked);
        List<Event> answers = new ArrayList<>();
        for (Effect effect : asked) {
            if (effect instanceof Effect.StorageEffect || effect instanceof Effect.ReloadDatabase) {
                lane.addLast(effect);
            } else if (effect instanceof Effect.WriteSnapshot write) {
                disk.write(write);
                answers.add(new Event.SnapshotPieceWritten(write.snapshotId()));
            } else if (effect instanceof Effect.AbandonSnapshot abandon) {
                disk.abandon(abandon.snapshotId());
            } else if (effect instanceof Effect.ReadLog read) {
                answers.add(disk.read(read));
            } else if (effect instanceof Effect.EndLogRead end) {
                disk.endRead(end.readId());
            }
        }
        answers.forEach(this::step);
        if (!isStorageHeld) {
            stored();
        }
        return this;
    }

    /** From now on nothing becomes durable but by {@link #stored()}. */
    public PeerFixture holdStorage() {
        isStorageHeld = true;
        return this;
    }

    /** Everything asked of the disk so far, and what that leads to if the disk is not held, becomes durable. */
    public PeerFixture stored() {
        return isStoring ? this : stored(Integer.MAX_VALUE);
    }

    /** The next {@code count} writes become durable, as one group. */
    public PeerFixture stored(int count) {
        isStoring = true;
        int left = isStorageHeld ? Math.min(count, lane.size()) : Integer.MAX_VALUE;
        long ticket = 0;
        while (left > 0 && !lane.isEmpty()) {
            Effect next = lane.removeFirst();
            left--;
            if (next instanceof Effect.StorageEffect write) {
                disk.perform(write);
                ticket = write.ticket();
            }
            boolean isGroupOver = left == 0 || lane.isEmpty() || !(lane.peekFirst() instanceof Effect.StorageEffect);
            if (isGroupOver && ticket > 0) {
                long durable = ticket;
                ticket = 0;
                step(new Event.Stored(durable));
            }
            if (next instanceof Effect.ReloadDatabase) {
                step(new Event.Reloaded(disk.recovered()));
            }
        }
        isStoring = false;
        return this;
    }

    /** Writes asked for and not durable yet. */
    public List<Effect> unstored() {
        return List.copyOf(lane);
    }

    /** Lets time pass up to each deadline of the server in turn, as a host does. */
    public PeerFixture afterMillis(long passed) {
        long end = millis + passed;
        while (millis < end) {
            long deadlineMillis = peer.deadlineNanos() / 1_000_000;
            millis = Math.min(end, Math.max(millis + 1, deadlineMillis));
            step(new Event.TimePassed());
        }
        return this;
    }

    /** The process does not run for so long; then it finds out how late it is. */
    public PeerFixture isAwayFor(long passed) {
        return isUnawareFor(passed).step(new Event.TimePassed());
    }

    /** The same, but what it finds out first is for the test to say. */
    public PeerFixture isUnawareFor(long passed) {
        millis += passed;
        return this;
    }

    public long millis() {
        return millis;
    }

    Now now() {
        return new Now(millis * 1_000_000, Entries.WALL_MILLIS + millis);
    }

    // --- what it did ---------------------------------------------------------------------------------------------

    /** Everything asked for since {@link #forget}, in order. */
    public List<Effect> effects() {
        return List.copyOf(effects);
    }

    public <E extends Effect> List<E> effects(Class<E> kind) {
        return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    public PeerFixture forget() {
        effects.clear();
        return this;
    }

    /** What was sent on {@code link}, and whether it was closed, as {@link PacketText} puts it. */
    public List<String> sentTo(LinkId link) {
        return PacketText.to(link, effects);
    }

    /** What was said on the election port to server {@code sid}: "LOOKING (leader, zxid, epoch)". */
    public List<String> toldTo(long sid) {
        return effects(Effect.SendNotification.class).stream()
                .filter(send -> send.to().equals(new ServerId(sid)))
                .map(Effect.SendNotification::notification)
                .map(n -> n.state() + " (" + n.leader() + ", " + PacketText.of(n.zxid()) + ", " + n.peerEpoch() + ")")
                .toList();
    }

    /** Whether the transaction of {@link Entries#entry} with this zxid is applied. */
    public boolean hasApplied(Zxid zxid) {
        return peer.tree().find(Entries.path(zxid)) != null;
    }

    /** The transactions logged since {@link #forget}. */
    public List<Txn> logged() {
        return effects(Effect.Append.class).stream()
                .map(Effect.Append::entry)
                .map(LogEntry::payload)
                .map(Txn::decode)
                .toList();
    }

    // --- the election port ---------------------------------------------------------------------------------------

    /** Server {@code from} looks and votes for {@code leader} with this history, in our round. */
    public PeerFixture looks(long from, long leader, Zxid zxid, long peerEpoch) {
        return says(from, PeerState.LOOKING, leader, zxid, peerEpoch);
    }

    public PeerFixture says(long from, PeerState state, long leader, Zxid zxid, long peerEpoch) {
        Notification n = new Notification(
                state,
                new ServerId(leader),
                zxid,
                status().round(),
                peerEpoch,
                2,
                configuration(members, members).text());
        return step(new Event.NotificationReceived(new ServerId(from), n));
    }

    /** Server {@code from} looks, votes for nobody that counts, and has agreed on this configuration. */
    public PeerFixture tellsOf(long from, PeerState state, Configuration agreed) {
        Notification n = new Notification(state, new ServerId(from), Zxid.ZERO, status().round(), 0, 2, agreed.text());
        return step(new Event.NotificationReceived(new ServerId(from), n));
    }

    public PeerFixture refuses(long sid) {
        return step(new Event.PeerRefused(new ServerId(sid)));
    }

    /** Server {@code from} votes for us. */
    public PeerFixture votesForUs(long from) {
        return looks(from, self, disk.last(), disk.currentEpoch());
    }

    /** Everybody votes for us: we lead, in discovery. */
    public PeerFixture elected() {
        LongStream.rangeClosed(1, members).filter(sid -> sid != self).forEach(this::votesForUs);
        return this;
    }

    /** Everybody votes for {@code leader}, whose history is ours and whose id is higher: we turn to it. */
    public ScriptedLeader turnsTo(long leader) {
        Zxid zxid = status().lastLogged();
        long epoch = status().currentEpoch();
        LongStream.rangeClosed(1, members).filter(sid -> sid != self).forEach(sid -> looks(sid, leader, zxid, epoch));
        return dialed();
    }

    /** The leader that was dialled last. */
    public ScriptedLeader dialed() {
        List<Effect.ConnectToLeader> dials = effects(Effect.ConnectToLeader.class);
        return new ScriptedLeader(this, dials.get(dials.size() - 1).link());
    }

    /** The port for observers that was dialled last. */
    public ScriptedLeader dialedMaster() {
        List<Effect.ConnectToObserverMaster> dials = effects(Effect.ConnectToObserverMaster.class);
        return new ScriptedLeader(this, dials.get(dials.size() - 1).link());
    }

    /** Whose ports for observers were dialled, in order. */
    public List<Long> dialedMasters() {
        return effects(Effect.ConnectToObserverMaster.class).stream()
                .map(dial -> dial.master().value())
                .toList();
    }

    /** Follows server {@code leader} in {@code epoch}, with nothing to catch up with. */
    public ScriptedLeader follows(long leader, long epoch) {
        ScriptedLeader script = turnsTo(leader).accepts();
        script.leaderInfo(epoch).diff(status().lastLogged()).newLeader(epoch).upToDate();
        forget();
        return script;
    }

    /** We are an observer; server {@code leader} leads, and all other participants follow it: we turn to it. */
    public ScriptedLeader turnsToObserve(long leader, long epoch) {
        hearsOf(leader, epoch);
        return dialed();
    }

    /** Server {@code leader} says that it leads, and all other participants that they follow it. */
    public PeerFixture hearsOf(long leader, long epoch) {
        says(leader, PeerState.LEADING, leader, Zxid.ZERO, epoch);
        LongStream.rangeClosed(1, members)
                .filter(sid -> sid != leader)
                .forEach(sid -> says(sid, PeerState.FOLLOWING, leader, Zxid.ZERO, epoch));
        return this;
    }

    /** Observes server {@code leader} in {@code epoch}, with nothing to catch up with. */
    public ScriptedLeader observes(long leader, long epoch) {
        ScriptedLeader script = turnsToObserve(leader, epoch).accepts();
        script.leaderInfo(epoch).diff(status().lastLogged()).newLeader(epoch).upToDate();
        forget();
        return script;
    }

    /** Leads with these followers synchronized and up to date, all of ours. */
    public List<ScriptedLearner> leadsWith(long... followers) {
        elected();
        List<ScriptedLearner> scripts =
                LongStream.of(followers).mapToObj(sid -> learner(sid).ofOurs()).toList();
        scripts.forEach(learner -> learner.followerInfo(disk.acceptedEpoch()));
        long epoch = disk.currentEpoch();
        Zxid last = status().lastLogged();
        scripts.forEach(learner -> learner.ackEpoch(epoch, last));
        scripts.forEach(ScriptedLearner::ackNewLeader);
        forget();
        return scripts;
    }

    // --- who connects --------------------------------------------------------------------------------------------

    LinkId nextLink() {
        return new LinkId(++links);
    }

    /** Server {@code sid} connects to our quorum port. */
    public ScriptedLearner learner(long sid) {
        ScriptedLearner learner = new ScriptedLearner(this, sid, nextLink());
        step(new Event.LearnerLinkUp(learner.link(), "10.0.0." + sid));
        return learner;
    }

    /** A client connects to our client port. */
    public ScriptedClient client() {
        ScriptedClient client = new ScriptedClient(this, nextLink());
        step(new Event.ClientLinkUp(client.link(), "10.1.0.1"));
        return client;
    }
}
