package io.matriarch.cli.shell;

import io.matriarch.cli.terminal.Ink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Commands typed at a terminal. */
final class Interaction {
    private final Shell shell;

    Interaction(Shell shell) {
        this.shell = shell;
    }

    /** Until the user leaves; answers the status of the last command. */
    int run() throws IOException {
        try (Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(true).build()) {
            LineReader reader = reader(terminal);
            Thread worker = Thread.currentThread();
            // While a command runs; while a line is read the reader takes it.
            terminal.handle(Terminal.Signal.INT, signal -> worker.interrupt());
            shell.screen().printAbove(reader::printAbove);
            int status = Shell.OK;
            while (!shell.isOver()) {
                try {
                    status = shell.execute(reader.readLine(prompt()));
                } catch (UserInterruptException e) {
                    // Ctrl-C drops the line.
                } catch (EndOfFileException e) {
                    break;
                }
            }
            return status;
        } finally {
            shell.screen().printAbove(null);
        }
    }

    private LineReader reader(Terminal terminal) {
        DefaultParser parser = new DefaultParser();
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .appName("matriarch")
                .terminal(terminal)
                .parser(parser)
                .completer(new Completion(shell))
                // Data may hold exclamation marks.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.CASE_INSENSITIVE, true)
                // Credentials are not kept.
                .variable(LineReader.HISTORY_IGNORE, "addauth*:ADDAUTH*: *");
        Path history = historyFile();
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        return builder.build();
    }

    /** {@code $XDG_STATE_HOME/matriarch/shell_history}, or the same below {@code ~/.local/state}; null if it cannot be. */
    private static @Nullable Path historyFile() {
        String state = System.getenv("XDG_STATE_HOME");
        Path directory = state == null || state.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        try {
            return Files.createDirectories(directory.resolve("matriarch")).resolve("shell_history");
        } catch (IOException e) {
            return null;
        }
    }

    private String prompt() {
        String state = shell.session().state();
        Ink ink = state.startsWith("CONNECTED") ? Ink.GOOD : Ink.SERVER_A;
        return "[zk: " + shell.session().servers() + "(" + shell.screen().ink(ink, state) + ") "
                + shell.history().size() + "] ";
    }
}
