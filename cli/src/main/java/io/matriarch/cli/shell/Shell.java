package io.matriarch.cli.shell;

import io.matriarch.cli.shell.Verbs.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Executes commands, whoever typed them. For one thread. */
final class Shell {
    /** It was done. */
    static final int OK = 0;
    /** It failed. */
    static final int FAILED = 1;
    /** It was asked for wrongly. */
    static final int USAGE = 2;

    private static final Pattern ILLEGAL_PATH = Pattern.compile("Path must .*|Invalid path string .*|Path cannot .*");

    private final Session session;
    private final Screen screen;
    private final String version;
    private final List<String> history = new ArrayList<>();
    private boolean isOver;

    /** @param version what the command {@code version} says first */
    Shell(Session session, Screen screen, String version) {
        this.session = session;
        this.screen = screen;
        this.version = version;
    }

    Session session() {
        return session;
    }

    Screen screen() {
        return screen;
    }

    String version() {
        return version;
    }

    /** The ensemble, through the session. */
    ZooKeeperAdmin zooKeeper() throws ShellException {
        return session.zooKeeper();
    }

    /** Lines executed so far, oldest first; the one that is being executed is the last. */
    List<String> history() {
        return history;
    }

    /** Nothing more is to be executed. */
    void quit() {
        isOver = true;
    }

    boolean isOver() {
        return isOver;
    }

    /** Executes a line; answers {@link #OK}, {@link #FAILED} or {@link #USAGE}, and has told why. */
    int execute(String line) {
        return execute(line, "");
    }

    /** As {@link #execute(String)}; what goes wrong is told after {@code where}. */
    int execute(String line, String where) {
        try {
            List<String> words = Words.of(line);
            if (!words.isEmpty()) {
                history.add(line.strip());
                run(words);
            }
            return OK;
        } catch (ShellException e) {
            return failed(e, where);
        } catch (InterruptedException e) {
            return failed(ShellException.failed("INTERRUPTED", "interrupted"), where);
        }
    }

    /** Executes words that somebody else separated. */
    int execute(List<String> words) {
        try {
            history.add(String.join(" ", words));
            run(words);
            return OK;
        } catch (ShellException e) {
            return failed(e, "");
        } catch (InterruptedException e) {
            return failed(ShellException.failed("INTERRUPTED", "interrupted"), "");
        }
    }

    /** Executes a line of the history once more, for the command that asks for it. */
    void again(String line) throws ShellException, InterruptedException {
        run(Words.of(line));
    }

    private int failed(ShellException e, String where) {
        screen.failed(e.kind(), where + e.text());
        return e.isUsage() ? USAGE : FAILED;
    }

    private void run(List<String> words) throws ShellException, InterruptedException {
        String name = words.get(0);
        Entry entry = Verbs.named(name)
                .orElseThrow(() -> ShellException.usage(
                        "there is no command '" + name + "'" + nearest(name) + "; help lists all"));
        Verb verb = entry.verb().get();
        try {
            new CommandLine(verb)
                    .setExpandAtFiles(false)
                    .setTrimQuotes(false)
                    .parseArgs(words.subList(1, words.size()).toArray(new String[0]));
            verb.run(this);
        } catch (ParameterException e) {
            throw ShellException.usage(entry.name() + ": " + wrong(e) + "; usage: " + entry.synopsis());
        } catch (KeeperException e) {
            throw Refusal.of(e, verb.subject());
        } catch (IllegalArgumentException e) {
            Matcher illegal = ILLEGAL_PATH.matcher(String.valueOf(e.getMessage()));
            if (!illegal.matches()) {
                throw e;
            }
            throw ShellException.usage(
                    entry.name() + ": " + e.getMessage() + "; a path begins with / and does not end with one");
        }
    }

    private static String wrong(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            return first.startsWith("-")
                    ? "there is no option " + first + " (before data that begins with - write --)"
                    : "'" + first + "' is too much";
        }
        if (e instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return missing.getMissing().get(0).paramLabel() + " is missing";
        }
        // picocli begins some of its messages so.
        return String.valueOf(e.getMessage()).replaceFirst("^Error: ", "");
    }

    private static String nearest(String name) {
        Optional<String> nearest = Verbs.nearestTo(name);
        return nearest.map(other -> "; did you mean " + other + "?").orElse("");
    }
}
