package io.matriarch.compat;

import io.matriarch.bench.ensemble.Flavour;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes of members, of ours and in mixed ensembles, beyond {@link ReconfigTest}. Under the Maven profile {@code matrix} only. */
@Timeout(600) // each wait in it has a bound of its own; this is for a machine that has much else to do
class ReconfigurationMatrix {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void portsMoveOfOursAlone() throws Exception {
        new PortsMove(SERVERS, "ours", Collections.nCopies(3, Servers.ours())).run();
    }

    @Test
    void portsMoveWhileOursLeadsApaches() throws Exception {
        new PortsMove(SERVERS, "ours-leads", List.of(Flavour.APACHE, Servers.ours(), Servers.ours())).run();
    }

    @Test
    void portsMoveWhileApachesLeadsOurs() throws Exception {
        new PortsMove(SERVERS, "apaches-leads", List.of(Servers.ours(), Servers.ours(), Flavour.APACHE)).run();
    }
}
