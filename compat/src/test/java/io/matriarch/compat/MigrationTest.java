package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import java.util.Collections;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** docs/migration.md with the newest release; the version matrix has the others. */
@Timeout(180)
class MigrationTest {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void oneServerAtATimeThereAndBack() throws Exception {
        EnsembleProcess ensemble =
                SERVERS.create("there-and-back", Collections.nCopies(3, Flavour.APACHE), UnaryOperator.identity());
        assertThat(new Migration(ensemble).thereAndBack().complaints()).isEmpty();
    }
}
