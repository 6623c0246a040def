package io.matriarch.server.config;

import java.util.List;

/** A configuration that no server can be started with. Names every problem found, not only the first. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int EXIT_INVALID = 2;
    private static final int EXIT_DATA_DIRECTORY = 3;

    private final List<String> problems;
    private final int exitCode;

    /** @param isOnlyDirectories whether all else was right and only directories cannot be used */
    ConfigException(String what, List<String> problems, boolean isOnlyDirectories) {
        super(textOf(what, problems));
        this.problems = List.copyOf(problems);
        this.exitCode = isOnlyDirectories ? EXIT_DATA_DIRECTORY : EXIT_INVALID;
    }

    /** Each problem as one line: file, line, key, value, and what is allowed there. Never empty. */
    public List<String> problems() {
        return problems;
    }

    /** What a process should end with (operations.md 1.1). */
    public int exitCode() {
        return exitCode;
    }

    private static String textOf(String what, List<String> problems) {
        StringBuilder text = new StringBuilder(what)
                .append(" cannot be used, ")
                .append(problems.size() == 1 ? "1 problem:" : problems.size() + " problems:");
        for (String problem : problems) {
            text.append(System.lineSeparator()).append("  ").append(problem);
        }
        return text.toString();
    }
}
