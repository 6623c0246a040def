package io.matriarch.bench.soak;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.ServerProcess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Strikes servers and candidates, with a seed, and heals them again. Several faults may last at once, but at most one of the
 * servers', so that a quorum is soon there again; sometimes nothing happens for so long that somebody must lead.
 */
final class Faults {
    private static final int QUIET_ONE_IN = 5;
    private static final int SHORTEST_PAUSE_MILLIS = 300;
    private static final int LONGEST_PAUSE_MILLIS = 2500;
    private static final int SHORTEST_FAULT_MILLIS = 100;
    private static final int SERVER_FAULT_MILLIS = 4000;

    private record Healing(long atNanos, String what, Object struck, Runnable healing) {}

    private final SoakSettings settings;
    private final Random chance;
    private final EnsembleProcess ensemble;
    private final List<Crew> crews;
    private final Witness witness;
    private final Consumer<String> story;
    private final Set<Object> ill = new HashSet<>();
    private final PriorityQueue<Healing> healings = new PriorityQueue<>(Comparator.comparingLong(Healing::atNanos));
    private final Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
    private final List<Long> moments = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();

    /** @param crews of which the first is never killed */
    Faults(SoakSettings settings, EnsembleProcess ensemble, List<Crew> crews, Witness witness, Consumer<String> story) {
        this.settings = settings;
        this.chance = new Random(settings.seed());
        this.ensemble = ensemble;
        this.crews = crews;
        this.witness = witness;
        this.story = story;
    }

    /** How many struck, by kind. */
    Map<FaultKind, Integer> counts() {
        return counts;
    }

    /** When one struck or ended, ascending. */
    List<Long> moments() {
        return moments;
    }

    /** Servers that ended though nobody ended them, with the ends of their logs. */
    List<String> ended() {
        return ended;
    }

    /** Strikes and heals until {@code endNanos}, then heals what is left. */
    void strikeUntil(long endNanos) throws InterruptedException {
        long next = System.nanoTime();
        while (System.nanoTime() - endNanos < 0) {
            Healing healing = healings.peek();
            if (healing != null && healing.atNanos() - next < 0) {
                sleepUntil(Math.min(healing.atNanos(), endNanos));
                if (System.nanoTime() - healing.atNanos() >= 0) {
                    heal(healings.remove());
                }
            } else {
                sleepUntil(Math.min(next, endNanos));
                strike();
                next = System.nanoTime() + pauseNanos();
            }
        }
        while (!healings.isEmpty()) {
            heal(healings.remove());
        }
        lookForEnded();
    }

    private long pauseNanos() {
        long quiet = settings.bound().toMillis() + LONGEST_PAUSE_MILLIS;
        boolean isQuiet = quiet * QUIET_ONE_IN < settings.duration().toMillis() && chance.nextInt(QUIET_ONE_IN) == 0;
        return TimeUnit.MILLISECONDS.toNanos(isQuiet ? quiet : between(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
    }

    private int between(int least, int most) {
        return least + chance.nextInt(most - least);
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    // --- one fault ---------------------------------------------------------------------------------------------------

    private void strike() {
        FaultKind kind = draw();
        lookForEnded();
        switch (kind) {
            case SERVER_KILLED, SERVER_PAUSED -> strikeServer(kind);
            case QUORUM_PAUSED -> pauseServers();
            case RESIGNED -> {
                begins(kind, "whoever leads");
                crews.stream().filter(crew -> !ill.contains(crew)).forEach(Crew::resign);
            }
            default -> strikeCrew(kind);
        }
    }

    private FaultKind draw() {
        List<FaultKind> kinds = settings.kinds().stream().sorted().toList();
        int left = chance.nextInt(kinds.stream().mapToInt(FaultKind::weight).sum());
        for (FaultKind kind : kinds) {
            left -= kind.weight();
            if (left < 0) {
                return kind;
            }
        }
        throw new IllegalStateException();
    }

    private void lookForEnded() {
        for (ServerProcess server : ensemble.servers()) {
            if (server.hasEndedByItself()) {
                ended.add(server + " ended by itself; " + server.logTail());
                story.accept(server + " ended by itself, and is started again");
                moments.add(System.nanoTime());
                server.start();
            }
        }
        for (Crew crew : crews) {
            if (!ill.contains(crew) && !crew.isAlive()) {
                ended.add(crew + " ended by itself; see its log in " + settings.directory());
                moments.add(System.nanoTime());
                crew.start();
            }
        }
    }

    private boolean areServersWell() {
        return ensemble.servers().stream().noneMatch(ill::contains);
    }

    private void strikeServer(FaultKind kind) {
        List<ServerProcess> servers = ensemble.servers();
        ServerProcess drawn = servers.get(chance.nextInt(servers.size()));
        boolean isLeaderWanted = chance.nextBoolean();
        int millis = between(SHORTEST_FAULT_MILLIS, SERVER_FAULT_MILLIS);
        if (!areServersWell()) {
            return;
        }
        ServerProcess server = isLeaderWanted
                ? servers.stream()
                        .filter(s ->
                                s.status().filter(status -> status.isLeader()).isPresent())
                        .findFirst()
                        .orElse(drawn)
                : drawn;
        begins(kind, server.toString());
        if (kind == FaultKind.SERVER_KILLED) {
            server.kill();
            later(millis, "starts " + server, server, server::start);
        } else {
            server.pause();
            later(millis, "resumes " + server, server, () -> resume(server));
        }
    }

    private static void resume(ServerProcess server) {
        if (server.isAlive()) {
            server.resume();
        }
    }

    private static void resume(Crew crew) {
        if (crew.isAlive()) {
            crew.resume();
        }
    }

    private void pauseServers() {
        int millis = between(SHORTEST_FAULT_MILLIS, settings.timeoutMillis());
        if (areServersWell()) {
            begins(FaultKind.QUORUM_PAUSED, ensemble.servers().size() + " servers");
            for (ServerProcess server : ensemble.servers()) {
                server.pause();
                later(millis, "resumes " + server, server, () -> resume(server));
            }
        }
    }

    private void strikeCrew(FaultKind kind) {
        Crew drawn = crews.get(chance.nextInt(crews.size()));
        boolean isLeaderWanted = chance.nextInt(3) > 0;
        int millis = between(SHORTEST_FAULT_MILLIS, settings.timeoutMillis() * 5 / 2);
        String leader = witness.leader().orElse("");
        Crew crew = isLeaderWanted
                ? crews.stream().filter(c -> c.has(leader)).findFirst().orElse(drawn)
                : drawn;
        if (ill.contains(crew) || (kind == FaultKind.CANDIDATES_KILLED && crew == crews.get(0))) {
            return;
        }
        begins(kind, crew.name());
        switch (kind) {
            case CANDIDATES_KILLED -> {
                crew.kill();
                later(millis, "starts " + crew, crew, crew::start);
            }
            case CANDIDATES_PAUSED -> {
                crew.pause();
                later(millis, "resumes " + crew, crew, () -> resume(crew));
            }
            case CANDIDATES_SILENCED -> {
                crew.silence();
                later(millis, "reconnects " + crew, crew, crew::heal);
            }
            default -> crew.breakConnections();
        }
    }

    private void begins(FaultKind kind, String whom) {
        counts.merge(kind, 1, Integer::sum);
        moments.add(System.nanoTime());
        story.accept(kind.label() + ": " + whom);
    }

    private void later(int millis, String what, Object struck, Runnable healing) {
        ill.add(struck);
        healings.add(new Healing(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), what, struck, healing));
    }

    private void heal(Healing healing) {
        healing.healing().run();
        ill.remove(healing.struck());
        moments.add(System.nanoTime());
        story.accept(healing.what());
    }
}
