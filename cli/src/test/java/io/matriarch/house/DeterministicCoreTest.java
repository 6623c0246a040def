package io.matriarch.house;

import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The core and what it is made of: no clock, file, socket, thread, lock, locale, default charset, property, or chance. */
class DeterministicCoreTest {
    private static final String CORE = "io.matriarch.core..";
    private static final String WIRE = "io.matriarch.wire..";

    private static final DescribedPredicate<JavaCall<?>> HAS_ARGUMENTS = DescribedPredicate.describe(
            "with arguments", call -> !call.getTarget().getRawParameterTypes().isEmpty());

    private static void neverCalls(String why, DescribedPredicate<JavaCall<?>> calls) {
        noClasses()
                .that()
                .resideInAnyPackage(CORE, WIRE)
                .should()
                .callCodeUnitWhere(calls)
                .because(why)
                .check(House.CLASSES);
    }

    /** Calls of {@code owner}'s members of these names, with any arguments. */
    private static DescribedPredicate<JavaCall<?>> calls(Class<?> owner, String... names) {
        List<String> wanted = List.of(names);
        return DescribedPredicate.describe(
                owner.getSimpleName() + " " + wanted,
                call -> call.getTargetOwner().isEquivalentTo(owner)
                        && wanted.contains(call.getTarget().getName()));
    }

    /** Calls of {@code owner}'s member {@code name} with exactly these parameters. */
    private static DescribedPredicate<JavaCall<?>> call(Class<?> owner, String name, Class<?>... parameters) {
        List<String> wanted = List.of(parameters).stream().map(Class::getName).toList();
        return DescribedPredicate.describe(
                owner.getSimpleName() + "." + name + wanted,
                call -> call.getTargetOwner().isEquivalentTo(owner)
                        && call.getTarget().getName().equals(name)
                        && call.getTarget().getRawParameterTypes().stream()
                                .map(JavaClass::getName)
                                .toList()
                                .equals(wanted));
    }

    @Test
    void noFilesSocketsOrThreads() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE, WIRE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.net..",
                        "java.time..",
                        "java.util.concurrent..",
                        "java.util.logging..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class)
                .because("everything that happens enters the core through Peer.step")
                .check(House.CLASSES);
    }

    @Test
    void noLocks() {
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(CORE, WIRE)
                .should()
                .haveModifier(SYNCHRONIZED)
                .because("one thread owns the core")
                .check(House.CLASSES);
        neverCalls("one thread owns the core", calls(Object.class, "wait", "notify", "notifyAll"));
    }

    @Test
    void noClockPropertyOrEnvironment() {
        neverCalls(
                "time and settings are handed in",
                calls(
                        System.class,
                        "nanoTime",
                        "currentTimeMillis",
                        "getProperty",
                        "getenv",
                        "identityHashCode",
                        "exit"));
        neverCalls("settings are handed in", calls(Integer.class, "getInteger"));
        neverCalls("settings are handed in", calls(Long.class, "getLong"));
        neverCalls("settings are handed in", calls(Boolean.class, "getBoolean"));
    }

    @Test
    void noChanceOfItsOwn() {
        neverCalls("chance comes from the peer's seed", call(Random.class, "<init>"));
        neverCalls("chance comes from the peer's seed", calls(Math.class, "random"));
        neverCalls("chance comes from the peer's seed", calls(UUID.class, "randomUUID"));
        neverCalls("chance comes from the peer's seed", calls(java.util.Collections.class, "shuffle"));
        // Their order changes from process to process. Empty ones have none.
        neverCalls(
                "iteration must not depend on the process",
                calls(Set.class, "of", "copyOf").and(HAS_ARGUMENTS));
        neverCalls(
                "iteration must not depend on the process",
                calls(Map.class, "of", "ofEntries", "copyOf").and(HAS_ARGUMENTS));
    }

    @Test
    void noLocaleOrDefaultCharset() {
        neverCalls("the machine's language must not matter", calls(Locale.class, "getDefault"));
        neverCalls("the machine's language must not matter", call(String.class, "toLowerCase"));
        neverCalls("the machine's language must not matter", call(String.class, "toUpperCase"));
        neverCalls(
                "the machine's language must not matter", call(String.class, "format", String.class, Object[].class));
        neverCalls("the machine's language must not matter", calls(String.class, "formatted"));
        neverCalls("the machine's charset must not matter", call(String.class, "getBytes"));
        neverCalls("the machine's charset must not matter", call(String.class, "<init>", byte[].class));
        neverCalls(
                "the machine's charset must not matter",
                call(String.class, "<init>", byte[].class, int.class, int.class));
        neverCalls("the machine's charset must not matter", calls(Charset.class, "defaultCharset"));
    }
}
