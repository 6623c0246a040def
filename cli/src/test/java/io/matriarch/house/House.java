package io.matriarch.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the rules of the house are checked on: every module up to this one, as classes and as source files. */
final class House {
    /** Production classes of every module up to cli. */
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("io.matriarch");

    private House() {}

    /** The directory that holds all modules. Surefire starts tests in their module's directory. */
    static Path root() {
        Path module = Path.of("").toAbsolutePath();
        Path root = Files.exists(module.resolve("LICENSE")) ? module : module.getParent();
        if (root == null || !Files.exists(root.resolve("LICENSE"))) {
            throw new IllegalStateException("the modules are not above " + module);
        }
        return root;
    }

    /** All Java files of all modules under {@code src/<part>/java}, for instance {@code main}. */
    static List<Path> sources(String part) {
        List<Path> modules;
        try (Stream<Path> entries = Files.list(root())) {
            modules = entries.map(entry -> entry.resolve("src").resolve(part).resolve("java"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return modules.stream().flatMap(House::javaFiles).toList();
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> javaFiles(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
