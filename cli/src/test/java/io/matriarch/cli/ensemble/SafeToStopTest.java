package io.matriarch.cli.ensemble;

import static io.matriarch.cli.ensemble.Reports.apache;
import static io.matriarch.cli.ensemble.Reports.down;
import static io.matriarch.cli.ensemble.Reports.ensemble;
import static io.matriarch.cli.ensemble.Reports.following;
import static io.matriarch.cli.ensemble.Reports.leading;
import static io.matriarch.cli.ensemble.Reports.observing;
import static io.matriarch.cli.ensemble.Reports.synchronizing;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.election.PeerState;
import org.junit.jupiter.api.Test;

/** LESSONS 59: whether the others go on, before a server is stopped. */
class SafeToStopTest {
    private static final long ZXID = 0x5_0000_2000L;

    private static SafeToStop judge(EnsembleReport ensemble, long sid) {
        return SafeToStop.of(ensemble, ensemble.server(sid));
    }

    @Test
    void oneOfThreeThatServeMayStop() {
        EnsembleReport all = ensemble(following(1, ZXID), following(2, ZXID), leading(3, ZXID));

        assertThat(judge(all, 1)).isEqualTo(new SafeToStop(true, "2 of 3 voters go on"));
        assertThat(judge(all, 3))
                .isEqualTo(
                        new SafeToStop(
                                true,
                                "server 3 leads: hand over first, or let its clients wait for an election; 2 of 3 voters go on"));
    }

    @Test
    void noneMayStopWhileAnotherIsDownOrNotYetSynchronized() {
        assertThat(judge(ensemble(down(1), following(2, ZXID), leading(3, ZXID)), 2))
                .isEqualTo(
                        new SafeToStop(
                                false,
                                "without server 2, 1 of 3 voters would serve, and that is no quorum: server 1 does not answer"));
        assertThat(judge(ensemble(synchronizing(1), following(2, ZXID), leading(3, ZXID)), 2))
                .isEqualTo(new SafeToStop(
                        false,
                        "without server 2, 1 of 3 voters would serve, and that is no quorum: server 1 is being"
                                + " synchronized"));
    }

    @Test
    void whoDoesNotAnswerMayStopIfTheOthersAreAQuorumOnly() {
        assertThat(judge(ensemble(down(1), following(2, ZXID), leading(3, ZXID)), 1)
                        .isSafe())
                .isTrue();
        assertThat(judge(ensemble(down(1), down(2), leading(3, ZXID)), 1).isSafe())
                .isFalse();
    }

    @Test
    void noneMayStopWhileNobodyLeads() {
        assertThat(judge(ensemble(following(1, ZXID), following(2, ZXID), down(3)), 3))
                .isEqualTo(new SafeToStop(
                        false, "nobody leads: stopping a server now could keep the others from electing a leader"));
    }

    @Test
    void othersThatLagAreNotReliedOn() {
        assertThat(judge(ensemble(following(1, ZXID - 1001), following(2, ZXID), leading(3, ZXID)), 2)
                        .isSafe())
                .isFalse();
        assertThat(judge(ensemble(following(1, ZXID - 1000), following(2, ZXID), leading(3, ZXID)), 2)
                        .isSafe())
                .isTrue();
    }

    @Test
    void anObserverMayStopAndDoesNotCountForTheOthers() {
        String members = "server.1=a:1:2:participant\nserver.2=b:1:2:participant\nserver.3=c:1:2:participant\n"
                + "server.4=d:1:2:observer";
        EnsembleReport report = ensemble(members, down(1), following(2, ZXID), leading(3, ZXID), observing(4, ZXID));

        assertThat(judge(report, 4).isSafe()).isTrue();
        assertThat(judge(report, 2).isSafe()).isFalse();
    }

    @Test
    void weightsAreAsked() {
        String members = "server.1=a:1:2:participant\nserver.2=b:1:2:participant\nserver.3=c:1:2:participant\n"
                + "group.1=1:2:3\nweight.1=5\nweight.2=1\nweight.3=1";
        EnsembleReport report = ensemble(members, following(1, ZXID), following(2, ZXID), leading(3, ZXID));

        assertThat(judge(report, 1).isSafe()).as("5 of 7 would go").isFalse();
        assertThat(judge(report, 2).isSafe()).isTrue();
    }

    @Test
    void apachesServersCountAsOthersDo() {
        EnsembleReport report =
                ensemble(apache(1, PeerState.FOLLOWING, "3.9.5", ZXID), following(2, ZXID), leading(3, ZXID));

        assertThat(judge(report, 2).isSafe()).isTrue();
    }

    @Test
    void whoIsInTheLeadersEpochLacksNothingOfThoseBefore() {
        ServerReport joined = following(1, 0x4_0000_0099L);
        ServerReport behind = apache(1, PeerState.FOLLOWING, "3.9.5", 0x4_0000_0099L);
        ServerReport leader = leading(3, 0x5_0000_0002L);

        assertThat(SafeToStop.lag(leader, joined)).isEqualTo(2);
        assertThat(SafeToStop.lag(leader, ofEpoch(behind, 4))).isEqualTo(Long.MAX_VALUE);
        assertThat(SafeToStop.lag(joined, leader)).isZero();
    }

    private static ServerReport ofEpoch(ServerReport server, long epoch) {
        return new ServerReport(
                server.address(),
                server.sid(),
                null,
                server.version(),
                server.role(),
                true,
                epoch,
                server.zxid(),
                0,
                null,
                null,
                0,
                0);
    }
}
