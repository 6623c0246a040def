package io.matriarch.server.config;

/** Takes what is wrong with a configuration. */
@FunctionalInterface
interface Complaints {
    /** Blames {@code key}, spelt as in zoo.cfg; {@code text} says what is allowed. */
    void add(String key, String text);

    /** The same about the state of a directory, which a process tells with an exit code of its own. */
    default void addDirectory(String key, String text) {
        add(key, text);
    }
}
