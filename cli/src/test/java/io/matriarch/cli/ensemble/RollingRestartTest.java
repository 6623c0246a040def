package io.matriarch.cli.ensemble;

import static io.matriarch.cli.ensemble.Reports.apache;
import static io.matriarch.cli.ensemble.Reports.down;
import static io.matriarch.cli.ensemble.Reports.ensemble;
import static io.matriarch.cli.ensemble.Reports.following;
import static io.matriarch.cli.ensemble.Reports.leading;
import static io.matriarch.cli.ensemble.Reports.observing;
import static io.matriarch.cli.ensemble.Reports.synchronizing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.Network;
import io.matriarch.testkit.TestEnsemble;
import io.matriarch.testkit.TestServer;
import io.matriarch.wire.election.PeerState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** LESSONS 59: a rolling restart does the leader last and waits for synchronization. */
@Timeout(120)
class RollingRestartTest {
    private static final long ZXID = 0x5_0000_2000L;

    private final StringWriter out = new StringWriter();

    // --- the plan ----------------------------------------------------------------------------------------------------

    @Test
    void observersComeFirstAndTheLeaderLast() throws Exception {
        String members = "server.1=a:1:2:participant\nserver.2=b:1:2:participant\nserver.3=c:1:2:participant\n"
                + "server.4=d:1:2:observer";
        EnsembleReport report =
                ensemble(members, leading(1, ZXID), following(2, ZXID), following(3, ZXID), observing(4, ZXID));

        assertThat(RestartPlan.of(report).order()).containsExactly(4L, 2L, 3L, 1L);
    }

    @Test
    void itIsNotBegunUnlessEverybodyServes() {
        assertThatThrownBy(() -> RestartPlan.of(ensemble(down(1), following(2, ZXID), leading(3, ZXID))))
                .isInstanceOf(CannotVerifyException.class)
                .hasMessageStartingWith("not begun, because server 1 does not serve;");
        assertThatThrownBy(() -> RestartPlan.of(ensemble(following(2, ZXID), leading(3, ZXID))))
                .hasMessageStartingWith("not begun, because server 1 was not asked;");
        assertThatThrownBy(() -> RestartPlan.of(ensemble(following(1, ZXID), following(2, ZXID), following(3, ZXID))))
                .hasMessageStartingWith("not begun, because nobody leads;");
    }

    @Test
    void theCommandNamesTheServer() {
        assertThat(RollingRestartCommand.commandFor("ssh {host} restart {id} # {port}", leading(3, ZXID)))
                .isEqualTo("ssh zk3 restart 3 # 2181");
    }

    // --- its execution, on what servers say --------------------------------------------------------------------------

    /** Shows one report after the other, the last for ever. */
    private static final class Script implements RollingRestart.Surroundings {
        private final Deque<EnsembleReport> reports;
        private final List<Long> restarted = new ArrayList<>();
        private int exit;

        Script(EnsembleReport... reports) {
            this.reports = new ArrayDeque<>(Arrays.asList(reports));
        }

        @Override
        public EnsembleReport look() {
            return reports.size() > 1 ? reports.remove() : reports.getFirst();
        }

        @Override
        public int restart(ServerReport server) {
            restarted.add(server.sid());
            return exit;
        }

        @Override
        public String handOver(ServerReport leader, ServerReport next) {
            return "done: " + next.name() + " leads";
        }

        @Override
        public boolean await(int attempt) {
            return attempt < 10;
        }
    }

    private static ServerReport apaches(long sid, PeerState role) {
        return apache(sid, role, "3.9.5", ZXID);
    }

    @Test
    void aServerThatDoesNotComeBackEndsIt() throws Exception {
        EnsembleReport all = ensemble(following(1, ZXID), following(2, ZXID), leading(3, ZXID));
        Script script = new Script(all, ensemble(down(1), following(2, ZXID), leading(3, ZXID)));

        assertThat(new RollingRestart(script, new PrintWriter(out)).run(RestartPlan.of(all)))
                .isFalse();
        assertThat(script.restarted).containsExactly(1L);
        assertThat(out.toString()).contains("server 1 is not back: it does not answer", "nothing more is restarted");
    }

    @Test
    void aProcessThatIsTheSameAsBeforeWasNotRestarted() throws Exception {
        EnsembleReport all = ensemble(following(1, ZXID), following(2, ZXID), leading(3, ZXID));
        Script script = new Script(all);

        assertThat(new RollingRestart(script, new PrintWriter(out)).run(RestartPlan.of(all)))
                .isFalse();
        assertThat(out.toString()).contains("it was not restarted: its process is the one of before");
    }

    @Test
    void aCommandThatFailsEndsIt() throws Exception {
        EnsembleReport all = ensemble(following(1, ZXID), following(2, ZXID), leading(3, ZXID));
        Script script = new Script(all);
        script.exit = 5;

        assertThat(new RollingRestart(script, new PrintWriter(out)).run(RestartPlan.of(all)))
                .isFalse();
        assertThat(script.restarted).containsExactly(1L);
        assertThat(out.toString()).contains("the restart of server 1 failed with exit status 5");
    }

    @Test
    void nobodyIsStoppedWhileAnotherIsNotSynchronized() throws Exception {
        EnsembleReport all = ensemble(following(1, ZXID), following(2, ZXID), leading(3, ZXID));
        Script script = new Script(ensemble(following(1, ZXID), synchronizing(2), leading(3, ZXID)));

        assertThat(new RollingRestart(script, new PrintWriter(out)).run(RestartPlan.of(all)))
                .isFalse();
        assertThat(script.restarted).isEmpty();
        assertThat(out.toString()).contains("server 1 may not be stopped: without server 1, 1 of 3 voters would serve");
    }

    @Test
    void apachesServersAreTakenAtTheCommandsWordAndTheirLeaderGoesLast() throws Exception {
        EnsembleReport all = ensemble(
                apaches(1, PeerState.LEADING), apaches(2, PeerState.FOLLOWING), apaches(3, PeerState.FOLLOWING));
        Script script = new Script(all);

        assertThat(new RollingRestart(script, new PrintWriter(out)).run(RestartPlan.of(all)))
                .isTrue();
        assertThat(script.restarted).containsExactly(2L, 3L, 1L);
        assertThat(out.toString())
                .contains("server 1 leads, and cannot hand over to a server of ours", "done: 3 servers were restarted");
    }

    // --- and on real servers -----------------------------------------------------------------------------------------

    @Test
    void realServersAreRestartedOneByOneAndServeAllTheTime() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3)) {
            TestServer leader = ensemble.leader();
            Real real = new Real(ensemble);
            RestartPlan plan = RestartPlan.of(real.look());

            assertThat(new RollingRestart(real, new PrintWriter(out)).run(plan))
                    .as("%s", out)
                    .isTrue();
            assertThat(real.restarted).hasSize(3).doesNotHaveDuplicates().endsWith(leader.sid());
            assertThat(out.toString()).contains("serves again in epoch", "done: 3 servers were restarted");
        }
    }

    /** The command's work, done in this process. */
    private static final class Real implements RollingRestart.Surroundings {
        private final TestEnsemble ensemble;
        private final Map<Address, @Nullable Long> addresses = new LinkedHashMap<>();
        private final List<Long> restarted = new ArrayList<>();
        private final CountDownLatch never = new CountDownLatch(1);

        Real(TestEnsemble ensemble) {
            this.ensemble = ensemble;
            ensemble.servers().forEach(server -> addresses.put(Address.parse(server.connectString()), null));
        }

        @Override
        public EnsembleReport look() {
            return EnsembleReport.of(new Network(null, 5000), addresses);
        }

        @Override
        public int restart(ServerReport server) {
            assertThat(look().servingVoters())
                    .as("before server %s stops", server.sid())
                    .hasSize(3);
            restarted.add(server.sid());
            ensemble.server(server.sid()).stop();
            ensemble.server(server.sid()).start();
            return 0;
        }

        @Override
        public String handOver(ServerReport leader, ServerReport next) {
            return "it hands over when it is asked to stop";
        }

        @Override
        public boolean await(int attempt) throws InterruptedException {
            return attempt < 600 && !never.await(50, TimeUnit.MILLISECONDS);
        }
    }
}
