package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The story that {@code bin/matriarch demo} tells, with real server processes. */
@Timeout(90)
class CandidateElectionTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.ofOurs(3);

    @Test
    void fourCandidatesElectALeaderThatOutlivesTheServersLeader() throws Exception {
        EnsembleProcess ensemble = SERVERS.ensemble();
        List<Candidate> candidates = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                candidates.add(new Candidate(ensemble.connectString()));
            }
            assertEachWatchesItsPredecessor(candidates);

            candidates.remove(2).close();
            assertEachWatchesItsPredecessor(candidates);
            assertThat(candidates.get(1).looks()).as("nobody else was woken").isEqualTo(1);

            candidates.remove(0).close();
            assertEachWatchesItsPredecessor(candidates);

            ServerProcess oldLeader = ensemble.leader();
            oldLeader.kill();
            ServerProcess newLeader = ensemble.leader();
            assertThat(newLeader).isNotSameAs(oldLeader);
            await().atMost(Clients.SERVING_BOUND)
                    .until(() -> candidates.stream().allMatch(Candidate::isConnected));
            assertEachWatchesItsPredecessor(candidates);
            assertThat(candidates).allMatch(Candidate::hasKeptSession);

            oldLeader.start();
            ensemble.awaitServing(Clients.SERVING_BOUND);
            candidates.remove(0).close();
            assertEachWatchesItsPredecessor(candidates);
        } finally {
            candidates.forEach(Candidate::close);
        }
    }

    private static void assertEachWatchesItsPredecessor(List<Candidate> candidates) {
        await().atMost(Clients.SERVING_BOUND).untilAsserted(() -> {
            for (int i = 0; i < candidates.size(); i++) {
                assertThat(candidates.get(i).isLeader()).isEqualTo(i == 0);
                assertThat(candidates.get(i).watched())
                        .isEqualTo(i == 0 ? "" : candidates.get(i - 1).name());
            }
        });
    }
}
