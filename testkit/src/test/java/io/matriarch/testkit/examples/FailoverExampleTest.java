package io.matriarch.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.testkit.TestEnsemble;
import io.matriarch.testkit.TestServer;
import io.matriarch.testkit.junit.Matriarch;
import io.matriarch.testkit.junit.MatriarchExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of docs/testkit.md: what is shown there is between the marks here. */
class FailoverExampleTest {

    // page: annotation
    @Matriarch(servers = 3)
    static class OurServiceTest {
        @Test
        void goesOnWithoutTheLeader(TestEnsemble ensemble) throws Exception {
            try (OurService service = new OurService(ensemble.connectString())) {
                ensemble.leader().kill();
                assertThat(service.counts()).isEqualTo(1);
            } // the server that was killed runs again before the next test
        }
    }
    // page end

    // page: field
    static class QuickTest {
        @RegisterExtension
        static final MatriarchExtension MATRIARCH =
                MatriarchExtension.of(TestEnsemble.builder().servers(3).settings(s -> s.tickMillis(100)));

        @Test
        void hasThreeServers() {
            assertThat(MATRIARCH.ensemble().servers()).hasSize(3);
        }
    }
    // page end

    @Test
    void aCutOffLeader() throws Exception {
        // page: plain
        try (TestEnsemble ensemble = TestEnsemble.start(3, settings -> settings.tickMillis(100))) {
            TestServer old = ensemble.leader();
            ensemble.isolate(old); // from the other servers and from its clients
            TestServer next = ensemble.leaderOtherThan(old); // waits for one
            try (OurService service = new OurService(next.connectString())) {
                assertThat(service.counts()).isEqualTo(1);
            }
            ensemble.heal();
        }
        // page end
    }

    @Test
    void faults() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(3, settings -> settings.tickMillis(100));
                OurService service = new OurService(ensemble.connectString())) {
            // page: faults
            TestServer one = ensemble.server(1);
            TestServer two = ensemble.server(2);

            one.kill(); // kill -9: sockets close, nothing more is written
            one.start(); // again, on its ports and files
            one.stop(); // in order
            one.start();
            one.pause(); // SIGSTOP: connections stay open, nothing is answered
            one.resume();

            ensemble.partition(one); // from the other servers; clients still reach it
            ensemble.isolate(two); // and from its clients
            ensemble.link(one, two).delay(Duration.ofMillis(20)); // each way
            one.clientLink().silence(); // clients hear nothing and are told nothing
            two.clientLink().cut(); // clients see a reset, then refusals
            ensemble.heal(); // all links
            ensemble.restore(); // links, paused servers and dead ones

            ensemble.expire(service.sessionId()); // at once; its ephemeral znodes are gone on return
            // page end
        }
    }

    /** Stands for whatever uses ZooKeeper. */
    static final class OurService implements AutoCloseable {
        private final SessionForExamples session;

        OurService(String servers) throws Exception {
            session = SessionForExamples.connect(servers);
        }

        int counts() throws Exception {
            return session.rootChildren();
        }

        long sessionId() {
            return session.id();
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
