package io.matriarch.compat.fault;

import io.matriarch.bench.ensemble.FourLetterWord;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.time.Duration;
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

    /** Asks it. */
    static StandingLine of(ServerProcess server) throws IOException {
        String line = FourLetterWord.ask(server.clientAddress(), "peer", BOUND);
        return new StandingLine(
                Long.parseLong(field(line, "startedMicros")),
                field(line, "state"),
                Integer.parseInt(field(line, "leader")),
                Long.parseLong(field(line, "round")),
                Long.parseLong(field(line, "currentEpoch")));
    }

    private static String field(String line, String name) throws IOException {
        Matcher value = Pattern.compile("\"" + name + "\":\"?(-?\\w+)").matcher(line);
        if (!value.find()) {
            throw new IOException("no field " + name + " in " + line);
        }
        return value.group(1);
    }
}
