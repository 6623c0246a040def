package io.matriarch.compat.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.compat.Clients;
import io.matriarch.compat.Servers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With skipACL=yes every step of the script about access comes to the same on ours as on Apache's server (client.md 22, A12). */
@Timeout(120)
class SkippedAclTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void nobodyIsKeptOutAndListsAreStillKept() throws Exception {
        List<Step> steps = new ArrayList<>(AclSteps.world());
        steps.addAll(AclSteps.digest());
        List<String> expected = Stage.play(steps, start("apache", Flavour.APACHE));
        assertThat(expected).as("the oracle skips").noneMatch(line -> line.contains("NoAuth"));

        assertThat(Stage.play(steps, start("ours", Servers.ours()))).isEqualTo(expected);
    }

    private static String start(String name, Flavour flavour) {
        EnsembleProcess alone =
                SERVERS.create(name, List.of(flavour), options -> options.withSetting("skipACL", "yes"));
        alone.startAll();
        alone.awaitServing(Clients.SERVING_BOUND);
        return DifferentialTest.connectString(alone.server(1));
    }
}
