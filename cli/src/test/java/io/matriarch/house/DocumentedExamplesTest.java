package io.matriarch.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java that README.md, docs/candidate.md and the candidate library's own Javadoc show is compiled. */
class DocumentedExamplesTest {
    /** Lines indented by four blanks, as Markdown wants code that is not fenced. */
    private static final Pattern INDENTED = Pattern.compile("(?m)(^ {4}.*\\n(?:^(?: {4}.*)?\\n)*)");

    private static final Pattern FENCED = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern JAVADOC = Pattern.compile("<pre>\\{@code\\n(.*?)}</pre>", Pattern.DOTALL);

    /** What an example speaks of besides the library. */
    private static final String AROUND = """
            import io.matriarch.candidate.*;
            import io.matriarch.server.MatriarchServer;
            import io.matriarch.server.config.ServerConfig;
            import io.matriarch.testkit.TestEnsemble;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.util.concurrent.Executor;
            class Example {
                interface Work { void start(long token); void stop(); }
                Work work;
                Executor listeners;
                Executor workers;
                Path dir;
                void connect(String servers) {}
                void run() throws Exception {
            %s
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void everyExample_compiles() throws IOException {
        List<String> examples = new ArrayList<>();
        for (String page : List.of("../docs/candidate.md", "../README.md")) {
            String text = Files.readString(Path.of(page));
            all(INDENTED, FENCED.matcher(text).replaceAll("")).stream()
                    .filter(DocumentedExamplesTest::isJava)
                    .forEach(examples::add);
            examples.addAll(all(FENCED, text));
        }
        int onPages = examples.size();
        for (String type : List.of("Candidacy", "ElectionSession")) {
            Path source = Path.of("../candidate/src/main/java/io/matriarch/candidate", type + ".java");
            all(JAVADOC, Files.readString(source)).forEach(code -> examples.add(code.replaceAll("(?m)^ \\* ?", "")));
        }
        assertThat(onPages).as("examples on pages").isGreaterThan(2);
        assertThat(examples).as("examples in all").hasSizeGreaterThan(onPages + 1);
        for (String example : examples) {
            assertThat(errors(example)).as(example).isEmpty();
        }
    }

    @Test
    void exampleOfAMethodThatIsNotThere_isFound() {
        String wrong = "    Candidacy.builder(\"a:1\", \"/b\").contents(\"x\").start();\n";
        assertThat(all(INDENTED, "Words.\n\n" + wrong + "\nMore words.\n")).hasSize(1);
        assertThat(isJava(wrong)).isTrue();
        assertThat(errors(wrong)).contains("contents");
    }

    private static boolean isJava(String block) {
        return block.contains(";\n") || block.contains("{\n");
    }

    private static List<String> all(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** What the compiler says of the statements; "..." stands for what the reader adds. */
    private String errors(String statements) {
        String source = AROUND.formatted(statements.replace("...", ""));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("memory:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        StringWriter said = new StringWriter();
        List<String> options =
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", directory.toString());
        boolean isSound =
                compiler.getTask(said, null, null, options, null, List.of(file)).call();
        return isSound ? "" : said.toString();
    }
}
