package io.matriarch.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a configuration by their keys, with the system properties that stand in for missing ones, and what was
 * found wrong or without effect so far. Every family of keys has a reader that takes its values from here.
 */
final class Settings implements Complaints {
    /** Compat: of the system property that stands for a key of the file. */
    static final String PREFIX = "zookeeper.";

    private static final int DECIMAL = 10;

    private final Path file;
    private final UnaryOperator<String> systemProperties;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Map<String, Setting> memberSettings = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private int directoryProblems;

    /** @param systemProperties answers null for what is not set */
    Settings(Path file, UnaryOperator<String> systemProperties) {
        this.file = file;
        this.systemProperties = systemProperties;
    }

    /** The zoo.cfg that all began with. */
    Path file() {
        return file;
    }

    /** What makes a start impossible, as found; by the lines of zoo.cfg if they have one. */
    List<String> orderedProblems() {
        List<String> ordered = new ArrayList<>(problems);
        ordered.sort(Comparator.comparingInt(this::lineOf));
        return ordered;
    }

    private int lineOf(String problem) {
        String prefix = file + ":";
        int end = problem.indexOf(": ", prefix.length() - 1);
        if (!problem.startsWith(prefix) || end <= prefix.length()) {
            return Integer.MAX_VALUE;
        }
        return Integer.parseInt(problem, prefix.length(), end, DECIMAL);
    }

    /** What makes a start impossible, one line each; readers add to it. */
    List<String> problems() {
        return problems;
    }

    /** What the operator should know, one line each; readers add to it. */
    List<String> warnings() {
        return warnings;
    }

    /** Takes a setting that describes members; a key that was there already is a problem. */
    void addMember(Setting setting) {
        Setting earlier = memberSettings.putIfAbsent(setting.key(), setting);
        if (earlier != null) {
            problems.add(setting.problem("this key stands on line " + earlier.line() + " already; ids must be unique"));
        }
    }

    /** Takes any other setting; the last of a key counts. */
    void add(Setting setting) {
        Setting earlier = settings.put(setting.key(), setting);
        if (earlier != null) {
            warnings.add(setting.problem("overrides line " + earlier.line()));
        }
    }

    /** Lines of servers, groups and weights in their order. */
    Collection<Setting> memberSettings() {
        return memberSettings.values();
    }

    /** The line of {@code key}, of members or of anything else; null if there is none. */
    @Nullable
    Setting line(String key) {
        return settings.getOrDefault(key, memberSettings.get(key));
    }

    @Override
    public void addDirectory(String key, String text) {
        directoryProblems++;
        add(key, text);
    }

    /** Names {@code key} as something that the operator should know. */
    void warn(String key, String text) {
        warnings.add(textOf(key, text));
    }

    /** Whether all that is wrong is the state of directories. */
    boolean isOnlyDirectories() {
        return directoryProblems == problems.size();
    }

    boolean has(String key) {
        return settings.containsKey(key);
    }

    /** Names {@code key}, with its line or JVM option if it has one, as what makes the start impossible. */
    @Override
    public void add(String key, String text) {
        problems.add(textOf(key, text));
    }

    private String textOf(String key, String text) {
        Setting setting = line(key);
        String property = systemProperty(key) != null ? key : PREFIX + key;
        String value = systemProperty(property);
        if (setting != null) {
            return setting.problem(text);
        }
        return value != null ? "-D" + property + "=" + value + ": " + text : file + ": " + key + ": " + text;
    }

    /** A JVM option that is no setting of a file, such as jute.maxbuffer; null if it is not set. */
    @Nullable
    String systemProperty(String name) {
        return systemProperties.apply(name);
    }

    /** An option of the JVM that Apache's server knows and this one does not. */
    void warnIfUnsupported(String property) {
        String key = property.startsWith(PREFIX) ? property.substring(PREFIX.length()) : "";
        String value = systemProperty(property);
        if (value != null && ConfigKeys.isUnsupported(key) && !ConfigKeys.isHarmless(key, value)) {
            warnings.add("-D" + property + "=" + value + ": is not supported and has no effect");
        }
    }

    /** The value in the file, else that of the system property {@code zookeeper.<key>}. */
    String textOr(String key, String otherwise) {
        Setting setting = settings.get(key);
        if (setting != null) {
            return setting.value();
        }
        String property = systemProperty(PREFIX + key);
        return property != null ? property : otherwise;
    }

    /** A whole number; anything else is a problem. */
    int number(String key, int otherwise) {
        String text = textOr(key, "").strip();
        if (text.isEmpty() && !has(key)) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            add(key, "must be a whole number");
            return otherwise;
        }
    }

    /** A decimal number; anything else is a problem. */
    double fraction(String key, double otherwise) {
        String text = textOr(key, "").strip();
        if (text.isEmpty() && !has(key)) {
            return otherwise;
        }
        try {
            double value = Double.parseDouble(text);
            if (!Double.isNaN(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        add(key, "must be a decimal number such as 0.33");
        return otherwise;
    }

    /** True or false in any case; anything else is a problem. */
    boolean isTrue(String key, boolean otherwise) {
        String text = textOr(key, String.valueOf(otherwise)).toLowerCase(Locale.ROOT);
        if (!text.equals("true") && !text.equals("false")) {
            add(key, "must be true or false");
        }
        return text.equals("true");
    }

    /** A path; null if the key is missing or names nothing. */
    @Nullable
    Path path(String key) {
        Setting setting = settings.get(key);
        if (setting == null || setting.value().isEmpty()) {
            return null;
        }
        try {
            return Path.of(setting.value());
        } catch (InvalidPathException e) {
            problems.add(setting.problem("must be a path of this system: " + e.getReason()));
            return null;
        }
    }
}
