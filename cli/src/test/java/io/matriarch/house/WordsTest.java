package io.matriarch.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Names and habits: CONTRIBUTING.md, "Words". */
class WordsTest {
    /** A class that needs one of these does not know its responsibility yet. */
    private static final Set<String> EMPTY_WORDS =
            Set.of("Manager", "Helper", "Util", "Utils", "Processor", "Impl", "Info", "Data", "Abstract");

    /** Names of the protocol's own records keep its words. */
    private static final Set<String> PROTOCOL_PACKAGES =
            Set.of("io.matriarch.wire.client", "io.matriarch.wire.quorum", "io.matriarch.wire.txn");

    private static final Pattern WORD_BORDER = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    /** Lines of a source file beyond which it surely holds more than one concept. */
    private static final int MAX_LINES = 600;

    private static final ArchCondition<JavaClass> HAVE_NO_EMPTY_WORDS =
            new ArchCondition<>("have no empty words in their names") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    for (String word : WORD_BORDER.split(item.getSimpleName())) {
                        if (EMPTY_WORDS.contains(word)) {
                            events.add(
                                    SimpleConditionEvent.violated(item, item.getName() + " contains the word " + word));
                        }
                    }
                }
            };

    @Test
    void classNames_sayWhatTheyAreResponsibleFor() {
        classes()
                .that()
                .doNotHaveSimpleName("DataTree")
                .and()
                .resideOutsideOfPackages(PROTOCOL_PACKAGES.toArray(String[]::new))
                .should(HAVE_NO_EMPTY_WORDS)
                .check(House.CLASSES);
    }

    @Test
    void everyPackage_saysWhatItIs() {
        List<Path> silent = House.sources("main").stream()
                .map(Path::getParent)
                .distinct()
                .filter(directory ->
                        !directory.resolve("package-info.java").toFile().exists())
                .toList();
        assertThat(silent).isEmpty();
    }

    @Test
    void files_holdOneConcept() {
        List<Path> tooLong = House.sources("main").stream()
                .filter(file -> House.lines(file).size() > MAX_LINES)
                .toList();
        assertThat(tooLong).isEmpty();
    }

    @Test
    void tests_neitherSleepNorRestNorRepeat() {
        Pattern forbidden = Pattern.compile("Thread\\.sleep|@Disabled|@RepeatedTest|@RetryingTest|org\\.mockito");
        List<String> found = House.sources("test").stream()
                .filter(file -> !file.endsWith("WordsTest.java"))
                .flatMap(file -> House.lines(file).stream()
                        .filter(line -> forbidden.matcher(line).find())
                        .map(line -> House.root().relativize(file) + ": " + line.trim()))
                .toList();
        assertThat(found).isEmpty();
    }
}
