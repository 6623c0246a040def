package io.matriarch.compat.history;

import static io.matriarch.bench.ensemble.Flavour.APACHE;

import io.matriarch.compat.Servers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same as {@link HistoryTest} with one of Apache's servers among ours. */
@Timeout(600)
class HistoryMatrix {
    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @Test
    void oursWithOneOfApaches() throws Exception {
        HistoryTest.judge(SERVERS, "mixed", List.of(Servers.ours(), APACHE, Servers.ours()));
    }
}
