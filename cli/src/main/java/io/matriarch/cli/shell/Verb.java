package io.matriarch.cli.shell;

import org.apache.zookeeper.KeeperException;

/** One command of the shell, with picocli's annotations for its options; a new one is made for each time it is used. */
interface Verb {
    /**
     * Does it, and tells the results.
     *
     * @throws ShellException with words of its own; everything that the server refused is put into words by
     *     {@link Refusal}
     */
    void run(Shell shell) throws ShellException, KeeperException, InterruptedException;

    /** The znode that a refusal is about, for people; empty if none. */
    default String subject() {
        return "";
    }
}
