package io.matriarch.cli.shell;

import io.matriarch.cli.terminal.Ink;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.zookeeper.version.Info;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands about the shell itself. */
final class Steering {
    private Steering() {}

    static final class Connect implements Verb {
        @Parameters(paramLabel = "SERVERS", arity = "0..1")
        private @Nullable String servers;

        @Override
        public void run(Shell shell) throws ShellException, InterruptedException {
            String wanted = servers == null ? shell.session().servers() : servers;
            shell.session().connect(wanted);
            String id = "0x" + Long.toHexString(shell.session().id().orElse(0L));
            shell.screen().tell("", Map.of("connected", wanted, "session", id));
        }
    }

    @Command
    static final class Close implements Verb {
        @Override
        public void run(Shell shell) {
            shell.session().close();
            shell.screen().tell("", Map.of("closed", shell.session().servers()));
        }
    }

    @Command
    static final class Quit implements Verb {
        @Override
        public void run(Shell shell) {
            shell.quit();
        }
    }

    @Command
    static final class History implements Verb {
        private static final int SHOWN = 20;

        @Override
        public void run(Shell shell) {
            List<String> all = shell.history();
            StringJoiner lines = new StringJoiner("\n");
            for (int i = Math.max(0, all.size() - SHOWN); i < all.size(); i++) {
                lines.add(i + " - " + all.get(i));
            }
            shell.screen().tell(lines.toString(), Map.of("history", all));
        }
    }

    static final class Redo implements Verb {
        @Parameters(paramLabel = "N")
        private int number;

        @Override
        public void run(Shell shell) throws ShellException, InterruptedException {
            List<String> all = shell.history();
            if (number < 0 || number >= all.size() - 1) {
                throw ShellException.usage("redo: there is no command " + number + "; history lists them");
            }
            String line = all.get(number);
            if (line.startsWith("redo")) {
                throw ShellException.usage("redo: command " + number + " is a redo itself");
            }
            shell.again(line);
        }
    }

    @Command
    static final class ShowVersion implements Verb {
        @Override
        public void run(Shell shell) {
            String client = Info.MAJOR + "." + Info.MINOR + "." + Info.MICRO;
            shell.screen()
                    .tell(
                            shell.version() + ", with the client of ZooKeeper " + client,
                            Map.of("version", shell.version(), "client", client));
        }
    }

    static final class Help implements Verb {
        @Parameters(paramLabel = "COMMAND", arity = "0..1")
        private @Nullable String about;

        @Override
        public void run(Shell shell) throws ShellException {
            if (about != null) {
                String name = about;
                Verbs.Entry entry = Verbs.named(name)
                        .orElseThrow(
                                () -> ShellException.usage("help: there is no command '" + name + "'; help lists all"));
                shell.screen()
                        .tell(
                                entry.synopsis() + "\n    " + entry.what(),
                                Map.of("command", entry.name(), "usage", entry.synopsis(), "what", entry.what()));
                return;
            }
            Screen screen = shell.screen();
            StringJoiner lines = new StringJoiner("\n");
            for (Verbs.Entry entry : Verbs.all()) {
                lines.add(screen.ink(Ink.BOLD, String.format(Locale.ROOT, "%-20s", entry.name())) + " " + entry.what());
            }
            lines.add(
                    "help COMMAND shows options. A word with spaces: \"…\" or '…'. Data that begins with -: after --.");
            screen.tell(
                    lines.toString(),
                    Map.of(
                            "commands",
                            Verbs.all().stream().map(Verbs.Entry::synopsis).toList()));
        }
    }
}
