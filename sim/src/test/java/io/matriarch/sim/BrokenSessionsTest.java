package io.matriarch.sim;

import static io.matriarch.sim.Broken.requests;

import io.matriarch.core.request.RequestRules;
import io.matriarch.sim.check.Invariant;
import org.junit.jupiter.api.Test;

/** Local sessions (zab.md 12) and readers without a quorum (client.md 19), each rule broken; docs/testing.md has the table. */
class BrokenSessionsTest {
    /** The znode would outlive whoever made it: nobody but its server knows when the session ends. */
    @Test
    void anEphemeralOfALocalSessionIsCaught() {
        Broken.withinSeeds(20).by(Invariant.SESSION_ONCE).isCaught(requests(new RequestRules() {
            @Override
            public boolean upgradesForEphemerals() {
                return false;
            }

            @Override
            public boolean refusesEphemeralsOfLocals() {
                return false;
            }
        }));
    }

    /** The leader knows nothing of the session, and tells its client that it ended. */
    @Test
    void anEphemeralWithoutUpgradeIsCaught() {
        Broken.withinSeeds(20).by(Invariant.SESSION_ANSWER).isCaught(requests(new RequestRules() {
            @Override
            public boolean upgradesForEphemerals() {
                return false;
            }
        }));
    }

    /** Two servers would answer for it. */
    @Test
    void aSessionThatIsLocalAndGlobalIsCaught() {
        Broken.withinSeeds(40)
                .by(Invariant.LOCAL_SESSION, Invariant.SESSION_ANSWER, Invariant.CORRECT_REPLY, Invariant.SESSION_ONCE)
                .isCaught(requests(new RequestRules() {
                    @Override
                    public boolean endsLocalWhenUpgraded() {
                        return false;
                    }
                }));
    }

    /** D20. */
    @Test
    void aWriteAcknowledgedWithoutAQuorumIsCaught() {
        Broken.withinSeeds(20).by(Invariant.READ_ONLY).isCaught(requests(new RequestRules() {
            @Override
            public boolean refusesChangesWithoutQuorum() {
                return false;
            }
        }));
    }

    /** Their session is good for that server only, and what they read was old. */
    @Test
    void readersThatStayWhenThereIsAQuorumAreCaught() {
        Broken.withinSeeds(40)
                .by(Invariant.READ_ONLY, Invariant.TRUE_WATCH_EVENT)
                .isCaught(requests(new RequestRules() {
                    @Override
                    public boolean endsReadersWithQuorum() {
                        return false;
                    }
                }));
    }
}
