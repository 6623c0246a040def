package io.matriarch.cli.demo;

import io.matriarch.candidate.Candidacy;
import io.matriarch.cli.demo.Happenings.CandidateView;
import io.matriarch.cli.demo.Happenings.ServerView;
import io.matriarch.server.ServerStartException;
import io.matriarch.testkit.TestEnsemble;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The steps of the demo. Each waits for what it promises, within its bound, and throws if that does not come true; nothing
 * is taken from a clock or a guess.
 */
final class Demo implements AutoCloseable {
    private static final String ELECTION_PATH = "/candidates";
    private static final String NOTE_PATH = "/notes";
    private static final int SESSION_TIMEOUT_MILLIS = 10_000;
    private static final int NOTES = 20;
    private static final long CLOSING_SECONDS = 5;

    /** By how much the bounds of single calls may exceed that of the step. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final TestEnsemble ensemble;
    private final Happenings happenings;
    private final int servers;
    private final int candidateCount;
    private final Executor listeners;
    private final Map<String, Candidacy> candidates = new LinkedHashMap<>();

    /** The server that a candidate connected to first. */
    private final Map<String, Long> serverOf = new LinkedHashMap<>();

    private volatile int stepNumber;
    private volatile String stepTitle = "";
    private volatile long stepDeadlineNanos;

    Demo(TestEnsemble ensemble, Happenings happenings, int servers, int candidateCount, Executor listeners) {
        this.ensemble = ensemble;
        this.happenings = happenings;
        this.servers = servers;
        this.candidateCount = candidateCount;
        this.listeners = listeners;
    }

    /** Runs all steps, or up to the first that does not come true. */
    Summary run() throws StepFailedException, InterruptedException, IOException {
        try {
            return runSteps();
        } catch (KeeperException e) {
            throw broken("a client's request failed: " + e.getMessage());
        } catch (ServerStartException e) {
            throw broken("a server cannot start: " + e.getMessage());
        }
    }

    private Summary runSteps() throws StepFailedException, InterruptedException, IOException, KeeperException {
        long begunNanos = System.nanoTime();
        Summary.ServerElection first = electServer();
        electCandidate(first.leader());
        endCandidateInTheMiddle();
        Handover handover = endLeadingCandidate();
        Failover failover = loseServer(first.leader());
        return new Summary(
                first,
                failover.election,
                failover.firstWriteMillis,
                handover.from,
                handover.to,
                handover.millis,
                failover.sessionsKept,
                failover.znodes,
                millisSince(begunNanos));
    }

    /** Whether a step is stuck beyond its bound, in a call that should have returned or thrown. */
    boolean isOverdue() {
        return stepNumber > 0 && System.nanoTime() - stepDeadlineNanos > GRACE_NANOS;
    }

    /** What to say of the running step when it cannot say so itself. */
    StepFailedException broken(String what) {
        return new StepFailedException(stepNumber, stepTitle, what);
    }

    // --- 1: servers elect a leader -----------------------------------------------------------------------------------

    private Summary.ServerElection electServer() throws StepFailedException, InterruptedException {
        int quorum = servers / 2 + 1;
        step("Servers start one after another and elect a leader", 20_000);
        for (long sid = 1; sid < quorum; sid++) {
            long starting = sid;
            note("starts server " + sid);
            ensemble.server(sid).start();
            await("server " + sid + " looks for a leader", () -> happenings.server(starting).lookingSinceNanos != 0);
        }
        note("starts server " + quorum + ": with it a quorum of " + servers + " is up");
        ensemble.server(quorum).start();
        long leader = awaitLeader("server " + quorum + " leads", 0, quorum);
        ServerView view = happenings.server(leader);
        check("the one with the highest id leads, as all histories are empty", leader == quorum);
        double millis = millisBetween(happenings.server(quorum).lookingSinceNanos, view.establishedNanos);
        cameTrue("server " + leader + " leads epoch " + view.ledEpoch + ", " + roundMillis(millis)
                + " after it began to look");
        for (long sid = quorum + 1L; sid <= servers; sid++) {
            long joining = sid;
            note("starts server " + sid);
            ensemble.server(sid).start();
            await("server " + sid + " joins the leader", () -> isFollowing(joining, leader));
        }
        check("the leader is still the same", isSame(leader, happenings.leader()));
        cameTrue(range(quorum + 1, servers) + " joined without another election: a leader that stands is kept");
        return new Summary.ServerElection(leader, view.ledEpoch, millis);
    }

    // --- 2: candidates elect a leader --------------------------------------------------------------------------------

    private void electCandidate(long leader) throws StepFailedException, InterruptedException {
        step("Candidates elect a leader on the tree, over the Apache ZooKeeper client", 20_000);
        note("each creates an EPHEMERAL_SEQUENTIAL znode under " + ELECTION_PATH + "; the smallest leads");
        for (int i = 0; i < candidateCount; i++) {
            String name = candidateName(i);
            // The second will lead when the leading server stops: it shall be connected to just that one.
            long server = (leader - 2 + i + servers) % servers + 1;
            serverOf.put(name, server);
            candidates.put(name, startCandidate(name, server));
            // One after another, so that the order of their names is that of their znodes.
            await("candidate " + name + " has its znode", () -> happenings.candidate(name).path != null);
        }
        awaitOrder("each watches only the one before it");
        List<String> names = List.copyOf(candidates.keySet());
        cameTrue("candidate " + names.get(0) + " leads, and each of " + range(names, 1)
                + " watches only the one before it");
    }

    private Candidacy startCandidate(String name, long server) {
        return Candidacy.builder(ensemble.connectString(), ELECTION_PATH)
                .hosts(() -> HostsInOrder.from(ensemble, server))
                .sessionTimeout(Duration.ofMillis(SESSION_TIMEOUT_MILLIS))
                .content("candidate " + name)
                .executor(listeners)
                .listener(event -> happenings.tell(new DemoEvent.CandidateTold(name, event)))
                .start();
    }

    // --- 3: candidates leave -----------------------------------------------------------------------------------------

    private void endCandidateInTheMiddle() throws StepFailedException, InterruptedException {
        step("A candidate in the middle leaves, then the leading one", 20_000);
        List<String> names = List.copyOf(candidates.keySet());
        int middle = names.size() / 2;
        end(names.get(middle));
        awaitOrder("its successor watches the one before it");
        String before = names.get(middle - 1);
        cameTrue(
                middle + 1 < names.size()
                        ? "candidate " + names.get(middle + 1) + " now watches " + before + "; " + names.get(0)
                                + " leads on and was not woken"
                        : before + " is now the last");
    }

    private record Handover(String from, String to, double millis) {}

    private Handover endLeadingCandidate() throws StepFailedException, InterruptedException {
        String from = candidates.keySet().iterator().next();
        long endedNanos = System.nanoTime();
        end(from);
        String to = candidates.keySet().iterator().next();
        awaitOrder("candidate " + to + " leads");
        double millis = millisBetween(endedNanos, happenings.candidate(to).leadingSinceNanos);
        cameTrue("candidate " + to + " leads, " + roundMillis(millis) + " after " + from + " began to leave");
        return new Handover(from, to, millis);
    }

    private void end(String name) throws StepFailedException, InterruptedException {
        note("ends candidate " + name);
        Candidacy ended = candidates.remove(name);
        if (ended != null) {
            ended.close();
        }
        await("candidate " + name + " is closed", () -> happenings.candidate(name).isClosed);
    }

    // --- 4: the leading server stops and comes back ------------------------------------------------------------------

    private record Failover(Summary.ServerElection election, double firstWriteMillis, int sessionsKept, int znodes) {}

    private Failover loseServer(long oldLeader)
            throws StepFailedException, InterruptedException, IOException, KeeperException {
        step("The leading server stops without warning, and comes back", 60_000);
        long witness = oldLeader == 1 ? 2 : 1;
        try (Onlooker onlooker = new Onlooker(ensemble.server(witness).connectString(), SESSION_TIMEOUT_MILLIS)) {
            onlooker.createParent(NOTE_PATH);
            onlooker.create(NOTE_PATH + "/before-", NOTES);
            note("a client wrote " + NOTES + " znodes through server " + witness);

            long oldEpoch = happenings.server(oldLeader).ledEpoch;
            note("stops server " + oldLeader + ": its connections break, nothing is said or tidied up");
            long stoppedNanos = System.nanoTime();
            ensemble.kill(oldLeader);
            happenings.stopped(oldLeader);
            long leader = awaitLeader("another server leads", oldEpoch, servers / 2 + 1);
            onlooker.writeOnce(NOTE_PATH, stepDeadlineNanos);
            double firstWriteMillis = millisSince(stoppedNanos);
            ServerView view = happenings.server(leader);
            double millis = millisBetween(stoppedNanos, view.establishedNanos);
            cameTrue("server " + leader + " leads epoch " + view.ledEpoch + ", " + roundMillis(millis)
                    + " after the stop; the first write was done after " + roundMillis(firstWriteMillis));

            await("every candidate is connected again", () -> isEveryCandidateConnected(oldLeader));
            checkCandidatesUnmoved();
            String leading = candidates.keySet().iterator().next();
            cameTrue("no session was lost, and candidate " + leading
                    + ", whose server it was, still leads: it never stepped down");

            onlooker.create(NOTE_PATH + "/while-down-", NOTES);
            int znodes = bringBack(oldLeader, leader, onlooker);
            return new Failover(
                    new Summary.ServerElection(leader, view.ledEpoch, millis),
                    firstWriteMillis,
                    candidates.size() + 1,
                    znodes);
        }
    }

    /** Those that were connected to {@code lost} need a second connection, whether they noticed the loss yet or not. */
    private boolean isEveryCandidateConnected(long lost) {
        return candidates.keySet().stream().allMatch(name -> {
            CandidateView view = happenings.candidate(name);
            return view.isConnected && (!isSame(serverOf.get(name), lost) || view.timesConnected > 1);
        });
    }

    private void checkCandidatesUnmoved() throws StepFailedException {
        String leading = candidates.keySet().iterator().next();
        for (String name : candidates.keySet()) {
            CandidateView view = happenings.candidate(name);
            check("candidate " + name + " kept its session", view.sessionsLost == 0);
            check("candidate " + name + " stays what it was", view.isLeading == name.equals(leading));
        }
        check("candidate " + leading + " never stepped down", happenings.candidate(leading).timesSteppedDown == 0);
    }

    private int bringBack(long sid, long leader, Onlooker onlooker)
            throws StepFailedException, InterruptedException, IOException, KeeperException {
        note("wrote " + NOTES + " more znodes while server " + sid + " was down; starts it again");
        ensemble.server(sid).start();
        await("server " + sid + " follows server " + leader, () -> isFollowing(sid, leader));
        try (Onlooker returned = new Onlooker(ensemble.server(sid).connectString(), SESSION_TIMEOUT_MILLIS)) {
            returned.syncWith(NOTE_PATH);
            onlooker.syncWith(NOTE_PATH);
            Map<String, Stat> expected = onlooker.tree();
            Map<String, Stat> found = returned.tree();
            check(difference(expected, found), expected.equals(found));
            cameTrue("server " + sid + " follows, and has all " + found.size() + " znodes, equal to the last field");
            return found.size();
        }
    }

    private static String difference(Map<String, Stat> expected, Map<String, Stat> found) {
        List<String> wrong = new ArrayList<>();
        expected.forEach((path, stat) -> {
            if (!stat.equals(found.get(path))) {
                wrong.add(path);
            }
        });
        found.keySet().stream().filter(path -> !expected.containsKey(path)).forEach(wrong::add);
        return "the returned server has every znode; different are " + wrong;
    }

    // --- what the steps are made of ----------------------------------------------------------------------------------

    private void step(String title, long boundMillis) {
        int number = stepNumber + 1;
        stepTitle = title;
        stepDeadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(boundMillis);
        stepNumber = number;
        happenings.tell(new DemoEvent.StepBegun(number, title, boundMillis));
    }

    private void await(String what, BooleanSupplier condition) throws StepFailedException, InterruptedException {
        if (!happenings.await(stepDeadlineNanos, condition)) {
            throw broken("not within the bound: " + what);
        }
    }

    private void check(String what, boolean isTrue) throws StepFailedException {
        if (!isTrue) {
            throw broken("expected: " + what);
        }
    }

    private void note(String text) {
        happenings.tell(new DemoEvent.Noted(text));
    }

    private void cameTrue(String what) {
        happenings.tell(new DemoEvent.CameTrue(what));
    }

    /** Waits for an established leader of an epoch above {@code epoch} with at least {@code serving} servers serving. */
    private long awaitLeader(String what, long epoch, int serving) throws StepFailedException, InterruptedException {
        await(what, () -> {
            Long leader = happenings.leader();
            return leader != null && happenings.server(leader).ledEpoch > epoch && countServing(leader) >= serving;
        });
        Long leader = happenings.leader();
        check(what, leader != null);
        return leader == null ? 0 : leader;
    }

    private long countServing(long leader) {
        long count = 0;
        for (long sid = 1; sid <= servers; sid++) {
            if (sid == leader || isFollowing(sid, leader)) {
                count++;
            }
        }
        return count;
    }

    private boolean isFollowing(long sid, long leader) {
        ServerView view = happenings.server(sid);
        return view.isServing && view.leader == leader;
    }

    /** Waits until the first candidate leads and each other watches the one before it. */
    private void awaitOrder(String what) throws StepFailedException, InterruptedException {
        await(what, () -> {
            String before = null;
            for (String name : candidates.keySet()) {
                CandidateView view = happenings.candidate(name);
                boolean isInPlace = before == null
                        ? view.isLeading
                        : !view.isLeading && isSame(happenings.candidate(before).path, view.predecessor);
                if (!isInPlace) {
                    return false;
                }
                before = name;
            }
            return true;
        });
    }

    private static boolean isSame(@Nullable Object a, @Nullable Object b) {
        return a != null && a.equals(b);
    }

    /** A, B, ... Z, A1, ... */
    private static String candidateName(int index) {
        String letter = String.valueOf((char) ('A' + index % 26));
        return index < 26 ? letter : letter + index / 26;
    }

    private static String range(int from, int to) {
        return from == to ? "server " + from : "servers " + from + " to " + to;
    }

    private static String range(List<String> names, int from) {
        return names.get(from) + " to " + names.get(names.size() - 1);
    }

    private static double millisBetween(long fromNanos, long toNanos) {
        return (toNanos - fromNanos) / 1e6;
    }

    private static double millisSince(long fromNanos) {
        return millisBetween(fromNanos, System.nanoTime());
    }

    private static String roundMillis(double millis) {
        return Math.round(millis) + " ms";
    }

    /** Ends the candidates that still run. The ensemble is the caller's. */
    @Override
    public void close() {
        CompletableFuture<?>[] ended =
                candidates.values().stream().map(Candidacy::closeAsync).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ended)
                .completeOnTimeout(null, CLOSING_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
