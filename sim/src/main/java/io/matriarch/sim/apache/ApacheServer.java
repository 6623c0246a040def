package io.matriarch.sim.apache;

import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.session.SessionRules;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.sim.check.Quorums;
import io.matriarch.sim.check.ServerLog;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One life of an Apache server: what it looks like from its peers' side. It serves no clients of its own but readers without a quorum.
 *
 * <p>What an old release breaks without our doing is left out by construction, since no peer could help it:
 *
 * <ul>
 *   <li>a crash between the acknowledgement of NEWLEADER and the force of what it acknowledged, in releases before 3.8.5
 *       (4646, 4785): whoever would hurt the machine then waits until the log thread is done;
 *   <li>the faults of TRUNC (zab.md R12) under a leader that is an Apache server itself; under one of ours they are there;
 *   <li>currentEpoch raised after the first NEWLEADER left (zab.md R2), and a crash between a snapshot and currentEpoch
 *       (zab.md 16);
 *   <li>a deposed leader that answers sync: this one waits for a round of pings, as R27 asks;
 *   <li>an acknowledgement that still counts although the follower, one of Apache's, came back and was told to cut what it
 *       acknowledged; one of ours keeps that, and so it counts;
 *   <li>a tail of this epoch that stays in the log under a snapshot of the same epoch, is sent and logged once more, and is
 *       replayed twice, half of it perhaps after a crash;
 *   <li>what a killed process had written and not forced, taken for durable at the next start and lost with the power then;
 *   <li>DIFF from a log with a hole (2846): as leader it reads back to its newest snapshot from a leader and no further;
 *   <li>memory kept after an interrupted synchronization (5094): the database is read from disk again;
 *   <li>a learner that comes while a reconfiguration is proposed takes it for agreed at UPTODATE (zab.md 8.3, 14): this one does
 *       not, so that no two configurations are active that have disjoint quorums;
 *   <li>a start deletes {@code zoo.cfg.dynamic.next} once it is read, so that the start after it has forgotten a configuration that
 *       this server acknowledged (seen on 3.9.5): this one keeps it;
 *   <li>promises of a quorum of the committed configuration alone while another is pending (zab.md 7.2): of both;
 *   <li>an election that ends in the moment in which the server learned of other members, after which it hears nobody until it
 *       looks again (election.md 3.11): it begins anew;
 *   <li>an observer master that never tells of what was proposed before it began, under observers of Apache's, which do not see
 *       the hole; those of ours are not spared; and one that leaves handlers behind that still synchronize when it ends;
 *   <li>committed transactions in memory that service without a quorum mistakes (3526), a session taken for expired there, or
 *       kept, because this server has not heard of its end or beginning, and refusals there that overtake other answers;
 *   <li>a session that has just ended taken for a local one, if a request of it was on its way (zab.md 18.31).
 * </ul>
 *
 */
public final class ApacheServer {
    private static final long MILLI = 1_000_000;

    /**
     * What its configuration says.
     *
     * @param electorate who decides, as long as the members do not change
     * @param configuration the members at the start
     * @param isReconfigurable whether they may change
     * @param commitLogCount how many committed transactions are in memory for DIFF
     * @param hasObserverPort {@code observerMasterPort} is set: as follower it serves observers, as observer it goes to followers
     * @param hasClient whether it passes on requests ({@link PassedOn}) to leaders of ours
     * @param sessionRules as at every server of the ensemble
     * @param sessionTimeoutMillis of those clients
     */
    public record Setup(
            int sid,
            ApacheRelease release,
            Quorums electorate,
            Configuration configuration,
            boolean isReconfigurable,
            int tickMillis,
            int initLimit,
            int syncLimit,
            int commitLogCount,
            boolean hasObserverPort,
            boolean hasClient,
            SessionRules sessionRules,
            int sessionTimeoutMillis) {
        long initNanos() {
            return (long) tickMillis * initLimit * MILLI;
        }

        long syncNanos() {
            return (long) tickMillis * syncLimit * MILLI;
        }

        long tickNanos() {
            return tickMillis * MILLI;
        }
    }

    private final Setup setup;
    private final ApacheDisk disk;
    private final ApacheSurroundings around;
    private final ApacheLogThread log;
    private final ApacheMembership membership;
    private final ApacheElection election;
    private final ObserverMasters masters;
    private final ArrayDeque<LogEntry> committed = new ArrayDeque<>();

    private DataTree tree;
    private Zxid last;
    private PeerState state = PeerState.LOOKING;
    private @Nullable ApacheLearner learner;
    private @Nullable ApacheLeader leader;
    private @Nullable ApacheReaders readers;
    private int links;

    /** Reads what is on {@code disk}. */
    public ApacheServer(Setup setup, ApacheDisk disk, ApacheSurroundings around) {
        this.setup = setup;
        this.disk = disk;
        this.around = around;
        this.log = new ApacheLogThread(disk, around);
        disk.force();
        ApacheDisk.Loaded loaded = disk.load();
        this.tree = loaded.tree();
        this.last = loaded.last();
        remember(loaded.replayed());
        this.membership = new ApacheMembership(this, disk);
        this.masters = new ObserverMasters(membership, around.chance().fork("observer masters"));
        this.election = new ApacheElection(this, membership, ownVote());
        ServerLog.Found found = new ServerLog.Found();
        found.snapshot(loaded.snapshotZxid());
        loaded.replayed().forEach(found::entry);
        around.checks()
                .recovered(
                        found,
                        new Recovered(
                                tree,
                                loaded.snapshotZxid(),
                                last,
                                0,
                                0,
                                loaded.replayed(),
                                loaded.snapshotZxid(),
                                disk.acceptedEpoch(),
                                disk.currentEpoch(),
                                true));
    }

    /** Begins to look for a leader. */
    public void start() {
        look();
    }

    // --- for the world -----------------------------------------------------------------------------------------------

    public void heard(int from, Notification notification) {
        election.heard(from, notification);
    }

    /** The election connection to this peer ended. */
    public void forgetWords(int peer) {
        election.forgetWords(peer);
    }

    /** Whether the quorum port is open. */
    public boolean isListening() {
        return leader != null && leader.isListening();
    }

    public StreamEnd accept(Stream stream) {
        if (leader == null) {
            throw new IllegalStateException("not listening");
        }
        return leader.accept(stream);
    }

    /** Whether the port for observers is open. */
    public boolean isListeningForObservers() {
        return learner != null && learner.isListening();
    }

    public StreamEnd acceptObserver(Stream stream) {
        if (learner == null) {
            throw new IllegalStateException("not listening");
        }
        return learner.accept(stream);
    }

    /** Whether it looks for a leader and serves clients that only read meanwhile. */
    public boolean isListeningForReaders() {
        return readers != null && readers.isOpen();
    }

    public StreamEnd acceptReader(Stream stream) {
        if (readers == null) {
            throw new IllegalStateException("not listening");
        }
        return readers.accept(stream);
    }

    public boolean isServing() {
        return leader != null ? leader.isServing() : learner != null && learner.isServing();
    }

    /** Whether it serves as leader. */
    public boolean isEstablished() {
        return leader != null && leader.isServing();
    }

    public DataTree tree() {
        return tree;
    }

    /** The members, as far as it knows. */
    public Configuration configuration() {
        return membership.committed();
    }

    /** What it says in notifications. */
    public PeerState state() {
        return state;
    }

    /** What it is; between two roles, when it still says that it is the former, it looks. */
    public PeerState role() {
        return learner == null && leader == null ? PeerState.LOOKING : state;
    }

    /**
     * The version of a configuration that keeps it from joining whoever leads without it, if nobody agreed to that one: 0 if
     * none does. It does not count itself among those who say whom they follow, and wants a quorum of both configurations
     * (election.md 3.5, 3.8).
     */
    public long lockedOutBy() {
        boolean isLockedOut = state == PeerState.LOOKING && membership.isNeeded();
        return isLockedOut ? membership.lastSeen().version() : 0;
    }

    /** Whether it leads, and commits nothing any more because it took acknowledgements for others (D5, ZOOKEEPER-4685). */
    public boolean isStuckLeader() {
        return leader != null && leader.isStuck();
    }

    /** Whether a crash now would break what only this release breaks. */
    public boolean mayNotCrash() {
        return log.owesPromise();
    }

    @Override
    public String toString() {
        return "Apache " + setup.release + " " + state + " in round " + election.round() + " at " + last
                + (leader != null ? ", " + leader : "") + (learner != null ? ", " + learner : "");
    }

    // --- roles -------------------------------------------------------------------------------------------------------

    void decided(PeerState as, int whom) {
        state = as;
        endReaders();
        around.trace(() -> "decides: " + as + " " + whom + " in round " + election.round());
        if (as == PeerState.LEADING) {
            leader = new ApacheLeader(this);
            leader.start();
        } else {
            learner = new ApacheLearner(this, masterUnder(whom));
            learner.start();
        }
    }

    /** Where an observer goes that has a port of its own for them: to the voters, one after the other, of whom one leads. */
    private int masterUnder(int elected) {
        return usesObserverMasters() ? masters.next() : elected;
    }

    /** The role is over; the threads take a moment to end, and until then peers hear of the old role. */
    void leave(String why, boolean isSpoiled) {
        around.trace(() -> "looks again: " + why);
        learner = null;
        leader = null;
        log.flush();
        if (isSpoiled) {
            reload();
        } else {
            rollForward();
        }
        around.checks().roleEnded();
        around.after(around.chance().between(5, 35) * MILLI, this::next);
    }

    /** Looks for a leader, unless a new configuration named one, or made this server another thing (QuorumPeer.updateServerState). */
    private void next() {
        if (membership.takeSettled()) {
            boolean isNamed = election.leader() == setup.sid;
            PeerState joining = membership.isObserver() ? PeerState.OBSERVING : PeerState.FOLLOWING;
            decided(isNamed ? PeerState.LEADING : joining, election.leader());
        } else {
            look();
        }
    }

    void look() {
        state = PeerState.LOOKING;
        membership.takeSettled();
        endReaders();
        if (setup.sessionRules.hasReadOnly()) {
            readers = new ApacheReaders(this);
        }
        election.look(ownVote());
    }

    private void endReaders() {
        if (readers != null) {
            readers.end();
            readers = null;
        }
    }

    private Word ownVote() {
        if (membership.isObserver()) {
            return new Word(PeerState.LOOKING, Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, 0, 2);
        }
        long candidate = membership.isCandidate() ? setup.sid : Long.MIN_VALUE;
        return new Word(PeerState.LOOKING, candidate, last.value(), disk.currentEpoch(), 0, 2);
    }

    // --- the database ------------------------------------------------------------------------------------------------

    /** Everything on disk is in memory when an election begins, committed or not. */
    private void rollForward() {
        disk.entriesAbove(tree.lastApplied()).forEach(this::apply);
    }

    /** Reads everything from disk again. */
    void reload() {
        ApacheDisk.Loaded loaded = disk.load();
        tree = loaded.tree();
        last = loaded.last();
        remember(loaded.replayed());
    }

    /** A snapshot from a leader is the database now. */
    void replaceTree(DataTree received, Zxid label) {
        tree = received;
        last = label;
        committed.clear();
    }

    /** After TRUNC, whatever was read from disk. */
    void relabel(Zxid zxid) {
        last = zxid;
    }

    private void remember(List<LogEntry> entries) {
        committed.clear();
        entries.forEach(this::addCommitted);
    }

    private void addCommitted(LogEntry entry) {
        committed.addLast(entry);
        if (committed.size() > setup.commitLogCount) {
            committed.removeFirst();
        }
    }

    void apply(LogEntry entry) {
        if (entry.zxid().isAfter(tree.lastApplied())) {
            tree.apply(Txn.decode(entry.payload()), TreeListener.NONE);
            addCommitted(entry);
        }
        if (entry.zxid().isAfter(last)) {
            last = entry.zxid();
        }
    }

    /** What follows a snapshot in a synchronization is applied whatever its label says, once more if need be (zab.md 8.3). */
    void applyAfterSnapshot(LogEntry entry) {
        if (entry.zxid().isAfter(tree.lastApplied())) {
            apply(entry);
        } else {
            tree.apply(Txn.decode(entry.payload()), TreeListener.NONE);
        }
    }

    ArrayDeque<LogEntry> committed() {
        return committed;
    }

    /** The last zxid logged, or the label of what was loaded. */
    Zxid last() {
        return last;
    }

    void logged(Zxid zxid) {
        last = zxid;
    }

    ApacheLogThread log() {
        return log;
    }

    ApacheDisk disk() {
        return disk;
    }

    ApacheElection election() {
        return election;
    }

    ApacheSurroundings around() {
        return around;
    }

    Setup setup() {
        return setup;
    }

    int sid() {
        return setup.sid;
    }

    ApacheRelease release() {
        return setup.release;
    }

    ApacheMembership membership() {
        return membership;
    }

    /** Whether it learns from followers, and never from a leader. */
    boolean usesObserverMasters() {
        return setup.hasObserverPort && isObserver();
    }

    boolean isObserver() {
        return membership.isObserver();
    }

    int nextLink() {
        return ++links;
    }
}
