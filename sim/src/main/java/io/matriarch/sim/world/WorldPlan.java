package io.matriarch.sim.world;

import io.matriarch.core.peer.PeerConfig;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Member;
import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.core.quorum.QuorumGroups;
import io.matriarch.core.quorum.ReconfigRules;
import io.matriarch.core.request.ZnodeConfig;
import io.matriarch.core.session.SessionRules;
import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.core.zab.ObserverConfig;
import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.core.zab.Standing;
import io.matriarch.sim.apache.ApacheRelease;
import io.matriarch.sim.apache.ApacheServer;
import io.matriarch.sim.check.Quorums;
import io.matriarch.sim.check.TxnBounds;
import io.matriarch.sim.time.Chance;
import io.matriarch.storage.SnapshotCompression;
import io.matriarch.storage.StorageOptions;
import io.matriarch.wire.ServerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one seed draws before anything happens.
 *
 * @param voters servers 1, 2, … of this number are participants
 * @param hasOracle whether they are two, of which an oracle names one
 * @param weights of the voters, in the order of their ids, where groups decide: servers 1 and 4, 2 and 5, 3; empty for a
 *     majority
 * @param observers the servers behind them, which only observe
 * @param observing where those connect, and how long they wait before
 * @param isReconfigurable whether an operator changes the members from time to time
 * @param apache which servers are Apache's, and of what release; the others are ours, server 1 or another voter at least
 * @param sessionRules the same for all servers of ours
 * @param sessionGrainMillis to a multiple of what sessions last longer than their timeout
 * @param course what goes wrong, and what is demanded therefore
 * @param isUnlike whether only servers of even id give learners what is in their log; memory holds little then
 */
record WorldPlan(
        int voters,
        int observers,
        boolean hasOracle,
        List<Long> weights,
        boolean isReconfigurable,
        ObserverConfig observing,
        int clients,
        int tickMillis,
        int initLimit,
        int syncLimit,
        int snapCount,
        long snapSizeBytes,
        StorageOptions storageOptions,
        int sessionTimeoutMillis,
        int sessionGrainMillis,
        SessionRules sessionRules,
        boolean isCoded,
        long forceNanos,
        long meanFaultNanos,
        SortedMap<Integer, ApacheRelease> apache,
        Set<Fault> faults,
        ReplicationConfig replication,
        HeartbeatConfig heartbeat,
        List<Standing> standings,
        ZnodeConfig znodes,
        boolean isUnlike,
        Course course) {
    /** What goes wrong. */
    enum Course {
        /** Faults as they are drawn. */
        USUAL,
        /** Nothing, but everybody is slow at times ({@link QuietPlan}). */
        QUIET,
        /** Nothing, but that leaders' disks hang ({@link HangingPlan}). */
        HANGING
    }

    /** As our servers are told; Apache's know ticks only. */
    private static final int FINE_GRAIN_MILLIS = 10;

    private static final long MILLI = 1_000_000;
    private static final int MIXED_TICK_MILLIS = 80;
    private static final int SLOW_DIAL_MILLIS = 1_500;
    /** Who draws special worlds and allows so few faults wants to see all of them. */
    private static final int DIRECTED_FAULTS = 5;

    private static final int UNLIKE_WINDOW = 3;
    private static final Set<WorldParts.Bias> MIXED_BIASES = EnumSet.of(
            WorldParts.Bias.MIXED,
            WorldParts.Bias.MIXED_RECONFIGURED,
            WorldParts.Bias.MIXED_OBSERVED,
            WorldParts.Bias.MIXED_SESSIONS);

    private static final int[] SIZES = {1, 3, 5};

    static WorldPlan draw(Chance chance, Set<Fault> allowed, WorldParts.Bias bias) {
        int tickMillis = (int) chance.between(4, 20) * 10;
        int drawn = SIZES[chance.weighted(bias == WorldParts.Bias.NONE ? 1 : 0, 6, 3)];
        boolean hasOracle = bias == WorldParts.Bias.NONE
                && drawn == 3
                && chance.fork("oracle").hits(0.15);
        int voters = hasOracle ? 2 : drawn;
        int observers = voters > 1 ? drawObservers(chance.fork("observers"), bias) : 0;
        SortedMap<Integer, ApacheRelease> apache =
                hasOracle ? new TreeMap<>() : drawApache(chance.fork("apache"), voters, observers, bias);
        if (!apache.isEmpty()) {
            tickMillis = 2 * tickMillis + MIXED_TICK_MILLIS; // Apache's waits are constants of 100 to 1000 ms
        }
        List<Long> weights = hasOracle || bias == WorldParts.Bias.MIXED_RECONFIGURED
                ? List.of()
                : drawWeights(chance.fork("weights"), voters, bias);
        boolean isReconfigurable =
                voters > 2 && weights.isEmpty() && drawReconfigurable(chance, !apache.isEmpty(), bias);
        ReplicationConfig replication = drawReplication(
                        chance.fork("replication"), !apache.isEmpty(), mayEndEpochs(apache.keySet(), weights))
                .withMaxTxnBytes(drawMaxTxnBytes(chance.fork("limit"), isReconfigurable));
        WorldPlan plan = new WorldPlan(
                voters,
                observers,
                hasOracle,
                weights,
                isReconfigurable,
                drawObserving(chance.fork("observing"), isReconfigurable, replication, bias),
                (int) chance.between(1, 5),
                tickMillis,
                Math.max((int) chance.between(5, 10), leastInitLimit(apache, tickMillis)),
                (int) chance.between(3, 6),
                chance.hits(0.5) ? 100_000 : (int) chance.between(10, 300),
                chance.fork("size").hits(0.3) ? chance.fork("bytes").between(2, 64) * 1024 : 0,
                drawFiles(chance.pick(List.of(0L, 4096L, 16384L)), chance.fork("files")),
                (int) chance.between(4, 20) * tickMillis,
                chance.fork("grain").hits(0.5) ? FINE_GRAIN_MILLIS : tickMillis,
                voters > 1 ? drawSessionRules(chance.fork("sessions"), !apache.isEmpty(), bias) : SessionRules.DEFAULT,
                chance.hits(0.3),
                chance.pick(List.of(MILLI / 10, MILLI, 3 * MILLI, 10 * MILLI)),
                chance.between(100, 2500) * MILLI,
                apache,
                drawFaults(chance, allowed, bias),
                replication,
                hasOracle ? HeartbeatConfig.OFF : drawHeartbeat(chance.fork("heartbeat")),
                drawStandings(chance.fork("standings"), voters + observers),
                drawZnodes(chance.fork("times to live"), !apache.isEmpty()),
                bias == WorldParts.Bias.UNLIKE || chance.fork("unlike").hits(0.06),
                Course.USUAL);
        Chance quiet = chance.fork("quiet");
        boolean isQuiet = bias == WorldParts.Bias.QUIET || (bias == WorldParts.Bias.NONE && quiet.hits(0.04));
        if (isQuiet && voters > 1) {
            return QuietPlan.of(plan, quiet);
        }
        Chance hanging = chance.fork("hanging");
        boolean mayHang = bias == WorldParts.Bias.NONE && !allowed.isEmpty();
        boolean isHanging = bias == WorldParts.Bias.HANGING || (mayHang && hanging.hits(0.04));
        return isHanging && voters > 2 ? HangingPlan.of(plan, hanging) : plan;
    }

    /** In two of five ensembles that decide by majority; mixed ones draw from a stream of their own, and in plain worlds only. */
    private static boolean drawReconfigurable(Chance chance, boolean isMixed, WorldParts.Bias bias) {
        return switch (bias) {
            case RECONFIGURED -> !isMixed;
            case MIXED_RECONFIGURED -> true;
            case NONE, MIXED_OBSERVED, MIXED_SESSIONS ->
                chance.fork(isMixed ? "reconfigurable too" : "reconfigurable").hits(0.4);
            default -> !isMixed && chance.fork("reconfigurable").hits(0.4);
        };
    }

    /** A follower of 3.5.10 waits a second before it dials its leader again, which must still be there (seed 12004345). */
    private static int leastInitLimit(SortedMap<Integer, ApacheRelease> apache, int tickMillis) {
        boolean hasSlowDiallers = apache.containsValue(ApacheRelease.R3_5_10);
        return hasSlowDiallers ? SLOW_DIAL_MILLIS / tickMillis + 1 : 0;
    }

    /**
     * Seed 20014683: an Apache server without weight that looks for a leader speaks only after a silence, and another that
     * looks again at the end of each epoch never lets it have one; no vote of theirs betters the other's (election.md 3.3).
     */
    private static boolean mayEndEpochs(Set<Integer> apache, List<Long> weights) {
        return apache.stream()
                        .filter(sid -> sid <= weights.size() && weights.get(sid - 1) == 0)
                        .count()
                < 2;
    }

    /** In every fourth world of ours znodes may have a time to live; the model of Apache's servers knows none. */
    private static ZnodeConfig drawZnodes(Chance chance, boolean isMixed) {
        if (isMixed || !chance.hits(0.25)) {
            return ZnodeConfig.DEFAULT;
        }
        int perMinute = chance.pick(List.of(600, 10_000, 100_000));
        return ZnodeConfig.DEFAULT
                .withTtl(true)
                .withRemoval(new ZnodeConfig.Removal(chance.between(50, 500), perMinute, 0));
    }

    /** In every third world some servers are to lead rather than others. */
    private static List<Standing> drawStandings(Chance chance, int servers) {
        boolean isDrawn = chance.hits(0.3);
        return IntStream.range(0, servers)
                .mapToObj(i -> isDrawn ? new Standing(chance.below(3), chance.hits(0.7)) : Standing.DEFAULT)
                .toList();
    }

    /** Whether of all servers that may lead this one, or its equal, is to; only where all of them can follow it. */
    boolean isPreferred(int sid) {
        boolean isDecided = apache.isEmpty() && !isReconfigurable && weights.isEmpty();
        return !isDecided || IntStream.rangeClosed(1, voters).allMatch(other -> rankOf(other) <= rankOf(sid));
    }

    private int rankOf(int sid) {
        Standing standing = standings.get(sid - 1);
        return standing.stands() ? standing.priority() : -1;
    }

    /**
     * The default, none, or bounds so low that pauses and slow disks go beyond them. With an oracle a server does without,
     * whatever it is told: which of the two may lead is the oracle's word, of which a leader that both elected hears nothing.
     */
    private static HeartbeatConfig drawHeartbeat(Chance chance) {
        if (chance.hits(0.4)) {
            return chance.hits(0.5) ? HeartbeatConfig.DEFAULT : HeartbeatConfig.OFF;
        }
        int minMillis = (int) chance.between(20, 200);
        return new HeartbeatConfig(minMillis, minMillis + (int) chance.between(0, 400));
    }

    /**
     * Short windows, so that learners are given what is on disk; sometimes never that, sometimes only if it is short. Epochs that a leader leaves
     * over the links it has, or, where few of its followers can follow it there, by an election. Snapshots in one piece, or in many.
     */
    private static ReplicationConfig drawReplication(Chance chance, boolean isMixed, boolean mayEndEpochs) {
        // Every fifth ensemble forgets: whoever missed more than a few transactions gets a snapshot.
        boolean isForgetful = chance.hits(0.2);
        int most = isForgetful ? 3 : 40;
        int windowEntries = !isForgetful && chance.hits(0.3)
                ? ReplicationConfig.DEFAULT.windowEntries()
                : (int) chance.between(1, most);
        // Apache's learners lose their link at the end of an epoch: it is to last for more than their election.
        long leastIds = isMixed ? 200 : 10;
        long drawnEnd = chance.hits(0.5) ? ReplicationConfig.DEFAULT.rollOverAt() : chance.between(leastIds, 400);
        long rollOverAt = mayEndEpochs ? drawnEnd : ReplicationConfig.DEFAULT.rollOverAt();
        double sizeFactor = isForgetful ? -1.0 : chance.pick(List.of(0.0, 0.0, 0.33, -1.0));
        long usualEnd = ReplicationConfig.DEFAULT.lastCounter();
        boolean isEndNear = rollOverAt != ReplicationConfig.DEFAULT.rollOverAt() && chance.hits(0.5);
        long lastCounter = isEndNear ? rollOverAt + chance.between(20, 200) : usualEnd;
        int maxTxnBytes = ReplicationConfig.DEFAULT.maxTxnBytes();
        int drawnBytes = chance.hits(0.5) ? ReplicationConfig.DEFAULT.pieceBytes() : (int) chance.between(1, 800);
        // Who is given a snapshot loses its link at the end of an epoch, or soon after: it is to last for longer.
        boolean hasShortEpochs = rollOverAt != ReplicationConfig.DEFAULT.rollOverAt();
        int pieceBytes = hasShortEpochs ? ReplicationConfig.DEFAULT.pieceBytes() : drawnBytes;
        return new ReplicationConfig(true, windowEntries, sizeFactor, maxTxnBytes, pieceBytes, rollOverAt, lastCounter);
    }

    /** Sometimes so few that long values and multis are refused, and sessions end unnamed; a configuration always fits. */
    private static int drawMaxTxnBytes(Chance chance, boolean isReconfigurable) {
        int least = isReconfigurable ? 1_000 : 128;
        return chance.hits(0.3) ? (int) chance.between(least, least + 400) : ReplicationConfig.DEFAULT.maxTxnBytes();
    }

    private static int drawObservers(Chance chance, WorldParts.Bias bias) {
        boolean isObserved = bias == WorldParts.Bias.OBSERVED || bias == WorldParts.Bias.MIXED_OBSERVED;
        return isObserved ? chance.weighted(0, 3, 1) : chance.weighted(6, 3, 1);
    }

    /** Every third ensemble is mixed, of one release or of several, with at least one voter of ours, which clients use. */
    private static SortedMap<Integer, ApacheRelease> drawApache(
            Chance chance, int voters, int observers, WorldParts.Bias bias) {
        SortedMap<Integer, ApacheRelease> apache = new TreeMap<>();
        boolean isMixed = MIXED_BIASES.contains(bias);
        if (voters == 1 || bias == WorldParts.Bias.SESSIONS || !chance.hits(isMixed ? 1 : 0.33)) {
            return apache;
        }
        List<Integer> sids = new ArrayList<>();
        for (int sid = 1; sid <= voters + observers; sid++) {
            sids.add(sid);
        }
        sids.remove(chance.below(voters));
        ApacheRelease release = chance.pick(List.of(ApacheRelease.values()));
        boolean isOfOne = chance.hits(0.5);
        double share = isMixed ? 0.9 : chance.pick(List.of(0.3, 0.6, 1.0));
        for (int sid : sids) {
            if (chance.hits(share)) {
                apache.put(sid, isOfOne ? release : chance.pick(List.of(ApacheRelease.values())));
            }
        }
        return apache;
    }

    /** Whether this is an observer of ours that does not log what it is told, once it is up to date. */
    boolean keepsInMemory(int sid) {
        return sid > voters && releaseOf(sid) == null && !observing.isLogging();
    }

    /** The release of a server; null for ours. */
    @Nullable
    ApacheRelease releaseOf(int sid) {
        return apache.get(sid);
    }

    /** What a server is, in a word. */
    String kindOf(int sid) {
        ApacheRelease release = releaseOf(sid);
        return release == null ? "ours" : release.name();
    }

    /** What a server of Apache's is told. */
    ApacheServer.Setup apacheSetup(int sid, ApacheRelease release) {
        int commitLogCount = snapCount > 300 ? 500 : snapCount;
        boolean hasClient =
                clients > 0 && clients % 2 == 0; // not everywhere: what it writes keeps other things from happening
        return new ApacheServer.Setup(
                sid,
                release,
                quorums(),
                configuration(),
                isReconfigurable,
                tickMillis,
                initLimit,
                syncLimit,
                commitLogCount,
                hasObserverPort(release),
                hasClient,
                sessionRules,
                sessionTimeoutMillis);
    }

    /**
     * Whether a server of Apache's knows {@code observerMasterPort}. Its observers go to followers then and to nobody else, so
     * not where there may be no follower that serves them, whoever leads: two voters that do must be left at all times.
     */
    private boolean hasObserverPort(ApacheRelease release) {
        if (!observing.isServed() || !release.servesObservers()) {
            return false;
        }
        Set<Integer> serving = new TreeSet<>();
        for (int sid = 1; sid <= servers(); sid++) {
            ApacheRelease other = releaseOf(sid);
            if (other == null || other.servesObservers()) {
                serving.add(sid);
            }
        }
        return isReconfigurable
                ? serving.size() == servers()
                : serving.stream().filter(sid -> sid <= voters).count() >= 2;
    }

    /** Two of five ensembles of ours have local sessions; of mixed ones every tenth, from a stream of their own. */
    private static SessionRules drawSessionRules(Chance chance, boolean isMixed, WorldParts.Bias bias) {
        if (bias == WorldParts.Bias.SESSIONS || bias == WorldParts.Bias.MIXED_SESSIONS) {
            return new SessionRules(true, true, true);
        }
        boolean hasLocal = chance.hits(0.4) && (!isMixed || chance.fork("mixed").hits(0.25));
        return new SessionRules(hasLocal, chance.hits(0.75), chance.hits(0.4));
    }

    /** Apache's leaders know no limit (D16). */
    TxnBounds txnBounds() {
        int ours = replication.maxTxnBytes();
        return new TxnBounds(ours, apache.isEmpty() ? ours : Integer.MAX_VALUE);
    }

    /** How long a link takes over a piece of a snapshot at most: the smaller the pieces, the slower are all links. */
    long takingNanos() {
        return replication.pieceBytes() < ReplicationConfig.DEFAULT.pieceBytes() ? 4 * MILLI : MILLI / 50;
    }

    /** Every fourth ensemble decides by groups; server 1 weighs something, so that all can be decided. */
    private static List<Long> drawWeights(Chance chance, int voters, WorldParts.Bias bias) {
        List<Long> weights = new ArrayList<>();
        if (voters > 1 && chance.hits(bias == WorldParts.Bias.WEIGHTED ? 1 : 0.25)) {
            for (int sid = 1; sid <= voters; sid++) {
                weights.add(sid == 1 ? 1 : chance.between(0, 2));
            }
        }
        return weights;
    }

    /** How a server's files are written: log files often small, a third of the snapshots compressed in either way. */
    private static StorageOptions drawFiles(long preAllocBytes, Chance chance) {
        return StorageOptions.in(HostStorage.DATA_DIRECTORY)
                .withPreAllocBytes(preAllocBytes)
                .withCreatesDatabase(chance.hits(0.5))
                .withMaxLogFileBytes(chance.hits(0.3) ? chance.between(1, 64) * 1024 : 0)
                .withCompression(chance.pick(List.of(SnapshotCompression.values())));
    }

    /**
     * Half of the observers go to followers; a follower may hold back so little that they have to try again, unless snapshots
     * take so long that they would for ever. Some keep what they are told in memory only, where none can become a participant.
     */
    private static ObserverConfig drawObserving(
            Chance chance, boolean isReconfigurable, ReplicationConfig replication, WorldParts.Bias bias) {
        ObserverConfig usual = ObserverConfig.DEFAULT;
        boolean areSnapshotsSlow = replication.pieceBytes() < ReplicationConfig.DEFAULT.pieceBytes();
        return new ObserverConfig(
                chance.hits(bias == WorldParts.Bias.MIXED_OBSERVED ? 1 : 0.5),
                chance.hits(0.3) && !areSnapshotsSlow ? 10_000 : usual.heldBackBytes(),
                chance.hits(0.3) ? 1 : usual.maxSnapSyncs(),
                chance.hits(0.3) ? 1 : usual.maxDiffSyncs(),
                chance.hits(0.3) ? 50 : 0,
                chance.hits(0.3) ? 200 : 0,
                isReconfigurable || !chance.hits(0.4));
    }

    /** The group of a server: 1, 2 or 3, which is also the id of its first member. */
    private static int groupOf(int sid) {
        return (sid - 1) % 3 + 1;
    }

    /** What the core is told; null for a majority. */
    private @Nullable QuorumGroups groups() {
        if (weights.isEmpty()) {
            return null;
        }
        SortedMap<Long, Set<ServerId>> groups = new TreeMap<>();
        SortedMap<ServerId, Long> bySid = new TreeMap<>();
        for (int sid = 1; sid <= voters; sid++) {
            groups.computeIfAbsent((long) groupOf(sid), group -> new TreeSet<>())
                    .add(new ServerId(sid));
            bySid.put(new ServerId(sid), weights.get(sid - 1));
        }
        return new QuorumGroups(groups, bySid);
    }

    /** What the checks are told, in their own terms. */
    Quorums quorums() {
        if (weights.isEmpty()) {
            return Quorums.majorityOf(voters);
        }
        Map<Integer, List<Integer>> groups = new TreeMap<>();
        for (int sid = 1; sid <= voters; sid++) {
            List<Integer> group = groups.computeIfAbsent(groupOf(sid), number -> new ArrayList<>());
            group.addAll(Collections.nCopies(weights.get(sid - 1).intValue(), sid));
        }
        return new Quorums(
                IntStream.rangeClosed(1, voters).boxed().toList(),
                groups.values().stream().filter(group -> !group.isEmpty()).toList(),
                sid -> false);
    }

    /** Some are rare, and drawn from streams of their own: worlds without them stay what they were. */
    private static @Nullable String streamOfRare(Fault fault) {
        return switch (fault) {
            case CUT_SNAPSHOT -> "cut";
            case CUT_TRUNCATION -> "cut truncation";
            case STRANGERS -> "strangers";
            case FORSAKEN_LEADER -> "forsaken";
            default -> null;
        };
    }

    private static Set<Fault> drawFaults(Chance chance, Set<Fault> allowed, WorldParts.Bias bias) {
        boolean isDirected = bias != WorldParts.Bias.NONE && allowed.size() <= DIRECTED_FAULTS;
        double share = isDirected ? 1 : chance.pick(List.of(0.15, 0.4, 0.7));
        Set<Fault> drawn = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            String rare = streamOfRare(fault);
            boolean isDrawn =
                    rare == null ? chance.hits(share) : chance.fork(rare).hits(isDirected ? 1 : 0.1);
            if (isDrawn && allowed.contains(fault)) {
                drawn.add(fault);
            }
        }
        return drawn;
    }

    int servers() {
        return voters + observers;
    }

    /** The members at the start. */
    Configuration configuration() {
        if (servers() == 1) {
            return Configuration.standalone(new ServerId(1));
        }
        List<Member> members = new ArrayList<>();
        for (int sid = 1; sid <= servers(); sid++) {
            MemberAddress address = new MemberAddress("10.0.0." + sid, 2888, 3888);
            members.add(Member.at(new ServerId(sid), sid <= voters, address));
        }
        return Configuration.of(0, members, groups());
    }

    /**
     * Whether this server may lose its disk without a promise being broken: no server, all being ours, takes the empty
     * one for a history.
     */
    boolean maySpareDiskOf(int sid) {
        return apache.isEmpty()
                && !isReconfigurable
                && !storageOptions.createsDatabase()
                && quorums().isQuorum(voter -> voter != sid);
    }

    private ReplicationConfig replicationOf(int sid) {
        return isUnlike ? replication.withWindow(UNLIKE_WINDOW, sid % 2 == 0 ? 0 : -1) : replication;
    }

    /** What every server shows under /zookeeper/config. */
    String configText() {
        return configuration().text();
    }

    /** Server {@code sid} as it starts with these configurations. */
    PeerConfig configOf(int sid, Configuration committed, Configuration lastSeen, PeerConfig.Tuning tuning) {
        return PeerConfig.builder()
                .self(new ServerId(sid))
                .configuration(committed)
                .lastSeen(lastSeen)
                .reconfig(new ReconfigRules(isReconfigurable, servers() == 1, 2))
                .superDigest(isReconfigurable ? Operator.DIGEST : null)
                .standalone(servers() == 1)
                .tickMillis(tickMillis)
                .initLimit(initLimit)
                .syncLimit(syncLimit)
                .sessionRules(sessionRules)
                .sessionGrainMillis(sessionGrainMillis)
                .snapCount(snapCount)
                .snapSizeBytes(snapSizeBytes)
                .hasOracle(hasOracle)
                .observers(observing)
                .replication(replicationOf(sid))
                .heartbeat(heartbeat)
                .standing(standings.get(sid - 1))
                .znodes(znodes)
                .tuning(tuning)
                .build();
    }
}
