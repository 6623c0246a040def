package io.matriarch.compat;

import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.compat.QuorumGate.Method;
import io.matriarch.compat.UncommittedTail.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A learner of ours is ahead of an Apache leader; the other ways round are in {@link SynchronizationMatrix}. */
@Timeout(180)
class TruncationTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void apachesLeaderCutsOurLogAtASnapshot() throws Exception {
        LearnerAhead.isCutBack(SERVERS, Servers.ours(), Flavour.APACHE, Layout.SNAPSHOT_BELOW, Method.TRUNC);
    }
}
