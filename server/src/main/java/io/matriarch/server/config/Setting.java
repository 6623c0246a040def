package io.matriarch.server.config;

/**
 * One {@code key=value} of a configuration file.
 *
 * @param file the file as it was named by the user
 * @param line number of the line on which the setting begins, from 1
 * @param value trimmed
 */
record Setting(String file, int line, String key, String value) {

    /** A complaint about this setting: where it stands, what it says, what is wrong and allowed. */
    String problem(String text) {
        String shown = key.endsWith(".password") ? "***" : value;
        return file + ":" + line + ": " + key + "=" + shown + ": " + text;
    }
}
