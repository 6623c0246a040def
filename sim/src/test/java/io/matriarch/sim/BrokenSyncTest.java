package io.matriarch.sim;

import static io.matriarch.sim.Broken.zab;

import io.matriarch.core.zab.ZabRules;
import io.matriarch.sim.check.Invariant;
import org.junit.jupiter.api.Test;

/** The defects of zab.md 17 that lie in what is proposed and in synchronization, one by one; docs/testing.md has the table. */
class BrokenSyncTest {
    /** D16, 4306. */
    @Test
    void aTransactionLongerThanServersReadIsCaught() {
        Broken.withinSeeds(20).by(Invariant.READABLE_TRANSACTION).isCaught(zab(new ZabRules() {
            @Override
            public boolean boundsTransactions() {
                return false;
            }
        }));
    }
}
