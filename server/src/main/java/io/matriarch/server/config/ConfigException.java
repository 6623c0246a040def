package io.matriarch.server.config;

import java.util.List;

/** A configuration that no server can be started with. Names every problem found, not only the first. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    ConfigException(String what, List<String> problems) {
        super(textOf(what, problems));
        this.problems = List.copyOf(problems);
    }

    /** Each problem as one line: file, line, key, value, and what is allowed there. Never empty. */
    public List<String> problems() {
        return problems;
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
