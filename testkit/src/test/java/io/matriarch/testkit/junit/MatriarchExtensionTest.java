package io.matriarch.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.matriarch.testkit.TestEnsemble;
import io.matriarch.testkit.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs small test classes as JUnit would, and looks at the ensembles they got. */
class MatriarchExtensionTest {
    private static final Set<TestEnsemble> GIVEN = new LinkedHashSet<>();
    private static final List<String> RUN = new ArrayList<>();
    private static boolean isFailing;

    @BeforeEach
    void forget() {
        GIVEN.clear();
        RUN.clear();
    }

    private static void given(TestEnsemble ensemble) {
        GIVEN.add(ensemble);
        RUN.add(ensemble.servers().size() + " servers, all running: "
                + ensemble.servers().stream().allMatch(TestServer::isRunning));
    }

    @Matriarch
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class Shared {
        @Test
        void first(TestEnsemble ensemble, TestServer server) {
            given(ensemble);
            assertThat(ensemble.server(1)).isSameAs(server);
            server.kill();
        }

        @Test
        void second(TestEnsemble ensemble) {
            given(ensemble);
            ensemble.server(1).pause();
        }

        @Test
        void third(TestServer server) {
            assertThat(server.isPaused()).isFalse();
            RUN.add("third");
        }

        @Test
        @Matriarch(servers = 2)
        void ofItsOwn(TestEnsemble ensemble) {
            given(ensemble);
        }
    }

    @Test
    void annotatedClassSharesAnEnsembleThatIsMadeWholeBetweenTests_andAMethodMayHaveItsOwn() {
        assertThat(run(Shared.class).getTestsSucceededCount()).isEqualTo(4);
        assertThat(RUN)
                .containsExactlyInAnyOrder(
                        "1 servers, all running: true",
                        "1 servers, all running: true",
                        "third",
                        "2 servers, all running: true");
        assertThat(GIVEN).hasSize(2).allSatisfy(MatriarchExtensionTest::isOver);
    }

    @Matriarch(isFresh = true)
    static class Fresh {
        @BeforeEach
        void prepare(TestEnsemble ensemble) {
            given(ensemble);
        }

        @Test
        void first(TestEnsemble ensemble) {
            given(ensemble);
        }

        @Test
        void second(TestEnsemble ensemble) {
            given(ensemble);
        }
    }

    @Test
    void freshEnsembleForEachTest() {
        assertThat(run(Fresh.class).getTestsSucceededCount()).isEqualTo(2);
        assertThat(RUN).hasSize(4);
        assertThat(GIVEN).hasSize(2).allSatisfy(MatriarchExtensionTest::isOver);
    }

    static class Fields {
        @RegisterExtension
        static final MatriarchExtension SHARED = MatriarchExtension.of(TestEnsemble.builder());

        @RegisterExtension
        final MatriarchExtension own = MatriarchExtension.of(TestEnsemble.builder());

        @Test
        void first() {
            given(SHARED.ensemble());
            given(own.ensemble());
        }

        @Test
        void second() {
            given(SHARED.ensemble());
            given(own.ensemble());
        }
    }

    @Test
    void staticFieldIsForTheClass_instanceFieldForEachTest() {
        assertThat(run(Fields.class).getTestsSucceededCount()).isEqualTo(2);
        assertThat(GIVEN).hasSize(3).allSatisfy(MatriarchExtensionTest::isOver);
    }

    @Matriarch(servers = 3)
    static class Failing {
        @Test
        void fails(TestEnsemble ensemble) {
            given(ensemble);
            ensemble.leader().kill();
            assertThat(isFailing).isFalse();
        }
    }

    @Test
    void failureIsToldWithWhatTheServersDid() {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        isFailing = true;
        try {
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
            assertThat(run(Failing.class).getTestsFailedCount()).isEqualTo(1);
        } finally {
            System.setErr(before);
            isFailing = false;
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("--- servers during fails(TestEnsemble), which failed ---")
                .contains("LeaderEstablished[epoch=1")
                .contains(" is killed")
                .contains("now server 1 (");
        assertThat(GIVEN).hasSize(1).allSatisfy(MatriarchExtensionTest::isOver);
    }

    @Matriarch(servers = 2)
    static class WrongParameter {
        @Test
        @EnabledIf("isWanted")
        void wantsOneOfTwo(TestServer server) {
            RUN.add("never");
        }

        /** JUnit finds this class by itself too, and that is not what it is for. */
        static boolean isWanted() {
            return isFailing;
        }
    }

    @Test
    void serverOfSeveralIsRefusedWithAnExplanation() {
        isFailing = true;
        TestExecutionSummary summary = run(WrongParameter.class);
        isFailing = false;
        assertThat(summary.getFailures()).singleElement().satisfies(failure -> assertThat(failure.getException())
                .hasMessageContaining("a parameter of type TestServer needs an ensemble of one server, not 2"));
        assertThat(RUN).isEmpty();
    }

    private static void isOver(TestEnsemble ensemble) {
        assertThat(ensemble.servers()).noneMatch(TestServer::isRunning);
    }

    private static TestExecutionSummary run(Class<?> tests) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary);
        return summary.getSummary();
    }
}
