package io.matriarch.cli.ensemble;

import static io.matriarch.cli.ensemble.Reports.ahead;
import static io.matriarch.cli.ensemble.Reports.apache;
import static io.matriarch.cli.ensemble.Reports.down;
import static io.matriarch.cli.ensemble.Reports.ensemble;
import static io.matriarch.cli.ensemble.Reports.following;
import static io.matriarch.cli.ensemble.Reports.leading;
import static io.matriarch.cli.ensemble.Reports.server;
import static io.matriarch.cli.ensemble.Reports.slow;
import static io.matriarch.cli.ensemble.Reports.synchronizing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.matriarch.wire.election.PeerState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is said of an ensemble, from what its servers say. */
class StatusTest {
    private static final long ZXID = 0x5_0000_2000L;

    private static Forecast forecast(EnsembleReport ensemble) {
        return Forecast.of(ensemble, Objects.requireNonNull(ensemble.leader()), List.of());
    }

    private static List<String> concerns(ServerReport... servers) {
        EnsembleReport report = ensemble(servers);
        return Concerns.of(report, report.leader() == null ? null : forecast(report));
    }

    @Test
    void aHealthyEnsembleIsATableAndAForecast() {
        EnsembleReport report = ensemble(following(1, ZXID - 2), following(2, ZXID), leading(3, ZXID));
        StringWriter out = new StringWriter();
        new StatusText(new PrintWriter(out)).print(report, forecast(report), List.of());

        assertThat(out).hasToString("""
                        Server 3 leads epoch 5; 3 of 3 voters serve

                          server  role       serves  epoch  zxid             lag  force ms   max ms  clients  version
                          1       following  yes         5  0x500001ffe        2      1.00     8.00        4  matriarch 0.1.0
                          2       following  yes         5  0x500002000        0      1.00     8.00        4  matriarch 0.1.0
                          3       leading    yes         5  0x500002000        -      1.00     8.00        4  matriarch 0.1.0

                        If server 3 died now, server 2 would lead; how long that takes here has not been seen yet. One that
                        falls silent without dying is missed after 800 ms at most.
                        """);
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 104);
        assertThat(Concerns.of(report, forecast(report))).isEmpty();
    }

    @Test
    void theNewestHistoryWouldLeadAndOfEqualOnesTheHighestId() {
        assertThat(successor(following(1, ZXID), following(2, ZXID - 1), leading(3, ZXID)))
                .isEqualTo(1);
        assertThat(successor(following(1, ZXID), following(2, ZXID), leading(3, ZXID)))
                .isEqualTo(2);
        assertThat(successor(following(1, ZXID), down(2), leading(3, ZXID))).isNull();
    }

    private static Long successor(ServerReport... servers) {
        ServerReport next = forecast(ensemble(servers)).successor();
        return next == null ? null : next.sid();
    }

    private static Long thenLeader(ServerReport... servers) {
        ServerReport next = forecast(ensemble(servers)).preferred();
        return next == null ? null : next.sid();
    }

    private static ServerReport ranked(long sid, int priority, boolean stands) {
        return server(sid, PeerState.FOLLOWING, true, ZXID, priority, stands);
    }

    /** Votes know no preference; whoever is elected hands over. */
    @Test
    void whoeverIsElectedHandsOverToAPreferredServer() {
        assertThat(successor(ranked(1, 9, true), ranked(2, 0, true), leading(3, ZXID)))
                .isEqualTo(2);
        assertThat(thenLeader(ranked(1, 9, true), ranked(2, 0, true), leading(3, ZXID)))
                .isEqualTo(1);
        assertThat(thenLeader(ranked(1, 9, true), ranked(2, 9, true), leading(3, ZXID)))
                .isNull();
        assertThat(thenLeader(ranked(1, 0, true), ranked(2, 9, true), leading(3, ZXID)))
                .isNull();
        assertThat(thenLeader(ranked(1, 9, false), ranked(2, 0, true), leading(3, ZXID)))
                .as("who does not stand ranks below all, whatever its priority")
                .isNull();
        assertThat(thenLeader(ranked(1, 9, true), apache(2, PeerState.FOLLOWING, "3.9.5", ZXID), leading(3, ZXID)))
                .as("Apache's hands nothing over")
                .isNull();
        assertThat(thenLeader(ranked(1, 9, true), down(2), leading(3, ZXID))).isNull();
    }

    @Test
    void aHandOverIsTold() {
        assertThat(forecast(ensemble(ranked(1, 9, true), ranked(2, 0, true), leading(3, ZXID)))
                        .text(leading(3, ZXID)))
                .contains("server 2 would lead;")
                .contains("It would hand over to server 1, which is preferred, 10 ticks after that has joined it.");
        assertThat(forecast(ensemble(ranked(1, 0, true), ranked(2, 0, false), leading(3, ZXID)))
                        .text(leading(3, ZXID)))
                .contains("It does not stand, and would hand over to server 1 at once.");
    }

    @Test
    void pastElectionsTellHowLongItTakes() {
        Forecast seen = new Forecast(following(2, ZXID), null, List.of(8_000L, 12_340L, 250_000L), 0);

        assertThat(seen.text(leading(3, ZXID)))
                .isEqualTo(
                        "If server 3 died now, server 2 would lead, after about 12.3 ms (median of the last 3, 8.0 ms"
                                + " to 0.25 s).");
    }

    @Test
    void silenceIsMissedAfterTheLimitOfTheSlowestAndApachesKnowNoHeartbeats() {
        ServerReport apacheLeads = apache(3, PeerState.LEADING, "3.9.5", ZXID);

        assertThat(forecast(ensemble(following(1, ZXID), following(2, ZXID), leading(3, ZXID)))
                        .silenceMillis())
                .isEqualTo(800);
        assertThat(forecast(ensemble(following(1, ZXID), following(2, ZXID), apacheLeads))
                        .silenceMillis())
                .isEqualTo(10_000);
    }

    @Test
    void aLossThatWouldBeTheLastIsAConcern() {
        assertThat(concerns(down(1), following(2, ZXID), leading(3, ZXID)))
                .containsExactly(
                        "no quorum would be left if the leader died: bring the missing voters back before anything else",
                        "server 1 could not be asked: Connection refused");
    }

    @Test
    void nobodyLeadingOrSeveralAreConcerns() {
        assertThat(concerns(following(1, ZXID), following(2, ZXID), down(3)))
                .contains("nobody leads: no write is possible; look at 'matriarch explain'");
        assertThat(concerns(following(1, ZXID), leading(2, ZXID), leading(3, ZXID)))
                .anyMatch(concern -> concern.startsWith("several servers say that they lead: server 2, server 3"));
    }

    @Test
    void aMemberThatWasNotAskedIsNamed() {
        assertThat(concerns(following(2, ZXID), leading(3, ZXID)))
                .contains("server 1 was not asked: add its client address to --servers, or use --config");
    }

    @Test
    void laggardsSlowDisksAndThoseThatDoNotServeAreConcerns() {
        assertThat(concerns(following(1, ZXID - 1001), slow(following(2, ZXID)), leading(3, ZXID)))
                .containsExactly(
                        "server 1 lags behind the leader by 1001 transactions: its disk or its network is too slow",
                        "server 2 takes 60.0 ms to force its log, and up to 2,500 ms: give dataLogDir a disk of its own");
        assertThat(concerns(synchronizing(1), following(2, ZXID), leading(3, ZXID)))
                .contains("server 1 serves no clients: it has not joined a leader");
    }

    @Test
    void clocksThatAreApartAreAConcernBeyondWhatTheQuestionTook() {
        assertThat(concerns(ahead(following(1, ZXID), 500_200), following(2, ZXID), leading(3, ZXID)))
                .isEmpty();
        assertThat(concerns(ahead(following(1, ZXID), 3_000_200), following(2, ZXID), leading(3, ZXID)))
                .containsExactly(
                        "the clock of server 1 is 3,000 ms ahead of that of server 2: times of znodes and in logs"
                                + " mislead; let NTP keep them");
    }

    @Test
    void releasesWithKnownDefectsAreConcerns() {
        assertThat(Concerns.defectOf("3.9.5-cb09b")).isNull();
        assertThat(Concerns.defectOf("3.8.5")).isNull();
        assertThat(Concerns.defectOf("3.9.2")).isNull();
        assertThat(Concerns.defectOf(Reports.OURS)).isNull();
        assertThat(Concerns.defectOf("3.8.4-1234")).contains("power cut");
        assertThat(Concerns.defectOf("3.5.10")).contains("power cut");
        assertThat(Concerns.defectOf("3.9.3")).contains("4925");
        assertThat(concerns(apache(1, PeerState.FOLLOWING, "3.7.2-ab", ZXID), following(2, ZXID), leading(3, ZXID)))
                .singleElement()
                .asString()
                .startsWith("server 1 with 3.7.2: a power cut");
    }

    @Test
    void jsonHasItAll() throws Exception {
        EnsembleReport report = ensemble(down(1), following(2, ZXID - 3), leading(3, ZXID));
        JsonNode json = new JsonMapper().readTree(new StatusJson().of(report, forecast(report), List.of("a warning")));

        assertThat(json.path("leader").asLong()).isEqualTo(3);
        assertThat(json.path("servingVoters").asInt()).isEqualTo(2);
        assertThat(json.path("servers").get(0).path("failure").asText()).isEqualTo("Connection refused");
        assertThat(json.path("servers").get(1).path("lag").asLong()).isEqualTo(3);
        assertThat(json.path("ifLeaderDied").path("canLead").asBoolean()).isFalse();
        assertThat(json.path("warnings").get(0).asText()).isEqualTo("a warning");
    }
}
