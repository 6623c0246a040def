package io.matriarch.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may use whom: the table of docs/architecture.md. */
class ModuleArrowsTest {
    /** The JDK, and annotations without code. */
    private static final String[] GROUND = {"java..", "org.jspecify.."};

    private static void mayUse(String module, String... packages) {
        List<String> allowed = new ArrayList<>(Arrays.asList(GROUND));
        allowed.add("io.matriarch." + module + "..");
        allowed.addAll(Arrays.asList(packages));
        classes()
                .that()
                .resideInAPackage("io.matriarch." + module + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .check(House.CLASSES);
    }

    @Test
    void wire_usesTheJdkOnly() {
        mayUse("wire");
    }

    @Test
    void core_usesWire() {
        mayUse("core", "io.matriarch.wire..");
    }

    @Test
    void storage_usesWireAndTheCoresPort() {
        // docs/adr/0002: the lane that performs the core's storage effects runs under the server and the simulator.
        // docs/adr/0007: one of them stores configurations.
        mayUse("storage", "io.matriarch.wire..", "io.matriarch.core.port..", "io.matriarch.core.quorum..");
    }

    @Test
    void sim_usesCoreAndStorage() {
        mayUse("sim", "io.matriarch.wire..", "io.matriarch.core..", "io.matriarch.storage..");
    }

    @Test
    void server_usesCoreStorageAndNetty() {
        // The JDK's own TLS and SASL live outside of java.
        mayUse(
                "server",
                "javax.crypto..",
                "javax.naming..",
                "javax.net.ssl..",
                "javax.security..",
                "io.matriarch.wire..",
                "io.matriarch.core..",
                "io.matriarch.storage..",
                "io.netty..",
                "org.jctools..",
                "org.slf4j..");
    }

    @Test
    void candidate_usesTheApacheClientOnly() {
        mayUse("candidate", "org.apache.zookeeper..");
    }

    @Test
    void testkit_usesServerAndTheValuesItHandsOut() {
        // Netty is the server's; whoever has JUnit may use the extension for it.
        mayUse(
                "testkit",
                "io.matriarch.wire..",
                "io.matriarch.core..",
                "io.matriarch.server..",
                "io.netty..",
                "org.junit.jupiter.api..",
                "org.slf4j..");
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("io.matriarch.(**)").should().beFreeOfCycles().check(House.CLASSES);
    }
}
