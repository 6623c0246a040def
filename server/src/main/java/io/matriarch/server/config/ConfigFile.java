package io.matriarch.server.config;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A Java properties file that remembers where each setting stands. The text of one setting is left to
 * {@link Properties}, so that escapes and separators mean what they mean to Apache.
 */
final class ConfigFile {
    /** Key of a line that is no properties text, such as one with a bad unicode escape. */
    static final String MALFORMED = "\\u";

    private ConfigFile() {}

    /** The settings of {@code file} in their order; a key may occur more than once. */
    static List<Setting> read(Path file) throws IOException {
        // Compat: Apache loads the bytes of the file, and so Latin-1 with \\u escapes.
        return parse(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    static List<Setting> parse(String fileName, String text) {
        List<Setting> settings = new ArrayList<>();
        String[] lines = text.split("\r\n|\r|\n", -1);
        int at = 0;
        while (at < lines.length) {
            int first = at;
            StringBuilder logical = new StringBuilder(lines[at++]);
            boolean isComment = isBlankOrComment(logical);
            while (!isComment && continues(logical) && at < lines.length) {
                logical.append('\n').append(lines[at++]);
            }
            Setting setting = isComment ? null : settingOf(fileName, first + 1, logical.toString());
            if (setting != null) {
                settings.add(setting);
            }
        }
        return settings;
    }

    private static boolean isBlankOrComment(CharSequence line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c != ' ' && c != '\t' && c != '\f') {
                return c == '#' || c == '!';
            }
        }
        return true;
    }

    private static boolean continues(CharSequence line) {
        int backslashes = 0;
        for (int i = line.length() - 1; i >= 0 && line.charAt(i) == '\\'; i--) {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private static @Nullable Setting settingOf(String fileName, int line, String logical) {
        Properties one = new Properties();
        try {
            one.load(new StringReader(logical));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (IllegalArgumentException e) {
            return new Setting(fileName, line, MALFORMED, logical.strip());
        }
        for (String key : one.stringPropertyNames()) {
            return new Setting(fileName, line, key, one.getProperty(key).strip());
        }
        return null;
    }
}
