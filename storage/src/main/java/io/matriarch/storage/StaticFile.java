package io.matriarch.storage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of a zoo.cfg, as far as it has to be rewritten when the members move to a file of their own (operations.md 2).
 * Everything else in it stays as it is, comments too.
 */
final class StaticFile {
    private static final String DYNAMIC_FILE = "dynamicConfigFile";

    /** One setting with the lines it stands on, or a comment or blank line, whose key is empty. */
    private record Entry(String key, String value, String text) {}

    private final List<Entry> entries;

    private StaticFile(List<Entry> entries) {
        this.entries = entries;
    }

    static StaticFile of(String text) {
        List<Entry> entries = new ArrayList<>();
        StringBuilder logical = new StringBuilder();
        for (String line : text.lines().toList()) {
            logical.append(logical.isEmpty() ? "" : "\n").append(line);
            if (isComment(logical.toString()) || !isContinued(line)) {
                entries.add(entry(logical.toString()));
                logical.setLength(0);
            }
        }
        if (!logical.isEmpty()) {
            entries.add(entry(logical.toString()));
        }
        return new StaticFile(entries);
    }

    /** Whether members stand in the file itself. */
    boolean hasMembers() {
        return entries.stream().anyMatch(entry -> isMembership(entry.key));
    }

    /** The file that holds the members; null if none is named. */
    @Nullable
    String dynamicFile() {
        String named = null;
        for (Entry entry : entries) {
            named = entry.key.equals(DYNAMIC_FILE) ? entry.value : named;
        }
        return named;
    }

    /** The text without what {@code dynamicFile} holds, and naming it. */
    String naming(String dynamicFile, boolean holdsClientPort) {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            boolean isClientPort = entry.key.equals("clientPort") || entry.key.equals("clientPortAddress");
            boolean isMoved = isMembership(entry.key)
                    || entry.key.equals("peerType")
                    || entry.key.equals(DYNAMIC_FILE)
                    || (holdsClientPort && isClientPort);
            if (!isMoved) {
                text.append(entry.text).append('\n');
            }
        }
        return text.append(DYNAMIC_FILE)
                .append('=')
                .append(dynamicFile)
                .append('\n')
                .toString();
    }

    private static boolean isMembership(String key) {
        return key.startsWith("server.") || key.startsWith("group") || key.startsWith("weight");
    }

    private static Entry entry(String logical) {
        String stripped = logical.strip();
        if (stripped.isEmpty() || isComment(logical)) {
            return new Entry("", "", logical);
        }
        int end = 0;
        while (end < stripped.length() && "=: \t".indexOf(stripped.charAt(end)) < 0) {
            end++;
        }
        String value = stripped.substring(end).strip();
        boolean hasSeparator = value.startsWith("=") || value.startsWith(":");
        return new Entry(
                stripped.substring(0, end), hasSeparator ? value.substring(1).strip() : value, logical);
    }

    private static boolean isComment(String line) {
        String stripped = line.strip();
        return stripped.startsWith("#") || stripped.startsWith("!");
    }

    private static boolean isContinued(String line) {
        int backslashes = 0;
        for (int i = line.length() - 1; i >= 0 && line.charAt(i) == '\\'; i--) {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
