package io.matriarch.compat.fault;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.FourLetterWord;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server says of its place in the ensemble, in answer to the word {@code peer}. It stays the same for as long as it takes part in
 * no election and its process lives.
 *
 * @param startedMicros when its process began, on the clock that it had then
 * @param state of FastLeaderElection: FOLLOWING, LEADING…
 * @param leader whom it follows, itself if it leads
 * @param round of its last election
 * @param currentEpoch of the leader
 */
record StandingLine(long startedMicros, String state, int leader, long round, long currentEpoch) {
    private static final Duration BOUND = Duration.ofSeconds(30);

    /** Asks all, one after the other. */
    static List<StandingLine> ofAll(EnsembleProcess ensemble) throws IOException {
        List<StandingLine> lines = new ArrayList<>();
        for (ServerProcess server : ensemble.servers()) {
            lines.add(of(server));
        }
        return lines;
    }

    /** Asks it. */
    static StandingLine of(ServerProcess server) throws IOException {
        String line = FourLetterWord.ask(server.clientAddress(), "peer", BOUND);
        return new StandingLine(
                number(line, "startedMicros"),
                field(line, "state"),
                Math.toIntExact(number(line, "leader")),
                number(line, "round"),
                number(line, "currentEpoch"));
    }

    /** A number of such a line. */
    static long number(String line, String name) throws IOException {
        return Long.parseLong(field(line, name));
    }

    private static String field(String line, String name) throws IOException {
        Matcher value = Pattern.compile("\"" + name + "\":\"?(-?\\w+)").matcher(line);
        if (!value.find()) {
            throw new IOException("no field " + name + " in " + line);
        }
        return value.group(1);
    }
}
