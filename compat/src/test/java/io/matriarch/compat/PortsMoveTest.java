package io.matriarch.compat;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members of ours change all their ports; beside Apache's they do in {@link ReconfigurationMatrix}. */
@Timeout(180)
class PortsMoveTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void everyPortOfEveryMemberChangesWhileClientsWrite() throws Exception {
        new PortsMove(SERVERS, "ours", Collections.nCopies(3, Servers.ours())).run();
    }
}
