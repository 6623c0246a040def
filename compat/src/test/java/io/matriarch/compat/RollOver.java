package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Epochs end under clients that write (zab.md 5, D19; LESSONS 28, 29). Four billion transactions are not to be had, and a leader begins every
 * epoch at 0 whatever its directory holds, so {@code testingonly.lastCounter} lets our leader's epochs end after fewer.
 */
final class RollOver {
    /** Beyond initLimit: an Apache election can stall that long (election.md 6.3). */
    private static final Duration BOUND = Duration.ofSeconds(60);

    private static final Duration REST = Duration.ofMillis(1);

    private final EnsembleProcess ensemble;
    private final int lastCounter;
    /** The first writes through server 1, and so on. */
    private final List<Writer> writers = new ArrayList<>();

    /** Three voters; the third is ours and leads. */
    RollOver(Servers servers, String name, List<Flavour> flavours, int lastCounter) {
        this.lastCounter = lastCounter;
        ensemble = servers.create(
                name, flavours, options -> options.withSetting("testingonly.lastCounter", "" + lastCounter));
    }

    /**
     * What clients noticed.
     *
     * @param rollOvers epochs that a leader left over the links it had
     * @param stepsDown epochs that it left by an election
     * @param ours by the writers whose server is ours
     * @param apaches by the others
     */
    record Outcome(int acknowledged, int rollOvers, int stepsDown, Noticed ours, Noticed apaches) {}

    /**
     * What some clients noticed.
     *
     * @param errors calls that failed with a lost connection and had to be repeated
     * @param reconnects how often a client had to find its server again
     * @param longestMillis time that the slowest acknowledged create took, repeats included
     */
    record Noticed(int errors, int reconnects, long longestMillis) {}

    /** A writer through each server until epochs have ended; then nothing is lost and all is equal. */
    Outcome run() throws Exception {
        try {
            start();
            for (ServerProcess server : ensemble.servers()) {
                writers.add(
                        new Writer(EnsembleProcess.connectString(List.of(server)), "/through-" + server.sid(), REST));
            }
            await("epochs that end").atMost(Duration.ofMinutes(3)).until(() -> acknowledged() > 2 * lastCounter);
            ensemble.awaitServing(BOUND);
            int seen = acknowledged();
            await("writes after them").atMost(BOUND).until(() -> acknowledged() > seen + 50);
            for (Writer writer : writers) {
                writer.stopWriting();
            }
            judge();
            Outcome outcome = outcome();
            System.out.println("end of epochs: " + ensemble.servers() + ": " + outcome);
            return outcome;
        } finally {
            writers.forEach(Writer::close);
            ensemble.close();
        }
    }

    private void start() {
        ensemble.server(3).start();
        ensemble.server(1).start();
        ensemble.awaitServing(BOUND);
        ensemble.startAll();
        ensemble.awaitServing(BOUND);
        assertThat(ensemble.leader()).isSameAs(ensemble.server(3));
    }

    private int acknowledged() {
        return writers.stream().mapToInt(Writer::count).sum();
    }

    private void judge() throws Exception {
        Verdict verdict = new Verdict();
        List<String> paths = new ArrayList<>();
        for (Writer writer : writers) {
            verdict.requireSession(writer);
            paths.add(writer.ephemeralPath());
            writer.acknowledgedNames().forEach(name -> paths.add(writer.path() + "/" + name));
        }
        SortedMap<String, List<String>> trees = KillsInTurn.trees(ensemble);
        verdict.requireAll(paths, trees).requireEqual(trees);
        for (ServerProcess server : ensemble.servers()) {
            verdict.requireNoDigestComplaint(server.toString(), log(server));
        }
        assertThat(verdict.complaints()).isEmpty();
    }

    private Outcome outcome() throws IOException {
        return new Outcome(
                acknowledged(),
                linesWith(".*EpochRolledOver\\[.*"),
                linesWith(".*RoleChanged\\[from=LEADING.* has no transaction ids left.*"),
                noticed(Flavour.MATRIARCH),
                noticed(Flavour.APACHE));
    }

    private Noticed noticed(Flavour flavour) {
        List<Writer> some = writers.stream()
                .filter(writer -> ensemble.server(writers.indexOf(writer) + 1).flavour() == flavour)
                .toList();
        return new Noticed(
                some.stream().mapToInt(Writer::losses).sum(),
                some.stream().mapToInt(Writer::reconnects).sum(),
                some.stream().mapToLong(Writer::longestMillis).max().orElse(0));
    }

    private int linesWith(String pattern) throws IOException {
        int found = 0;
        for (ServerProcess server : ensemble.servers()) {
            found += (int)
                    log(server).stream().filter(line -> line.matches(pattern)).count();
        }
        return found;
    }

    private static List<String> log(ServerProcess server) throws IOException {
        return Files.readAllLines(server.log(), StandardCharsets.ISO_8859_1);
    }
}
