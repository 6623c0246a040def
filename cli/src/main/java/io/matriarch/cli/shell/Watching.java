package io.matriarch.cli.shell;

import java.util.Locale;
import java.util.Map;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.WatcherType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about watches. */
final class Watching {
    private Watching() {}

    static final class AddWatch extends Reading.OfPath {
        @Option(names = "-m", paramLabel = "MODE")
        private String mode = "PERSISTENT_RECURSIVE";

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            AddWatchMode wanted;
            try {
                wanted = AddWatchMode.valueOf(mode.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw ShellException.usage(
                        "addWatch: '" + mode + "' is no mode; there are PERSISTENT and PERSISTENT_RECURSIVE");
            }
            shell.zooKeeper().addWatch(path, wanted);
            shell.screen().tell("", Map.of("watching", path, "mode", wanted.name()));
        }
    }

    static final class RemoveWatches extends Reading.OfPath {
        @ArgGroup
        private @Nullable Kind kind;

        @Option(names = "-l")
        private boolean isLocal;

        /** At most one of them. */
        static final class Kind {
            @Option(names = "-c")
            private boolean isChildren;

            @Option(names = "-d")
            private boolean isContent;

            @Option(names = "-a")
            private boolean isOfAnyKind;

            @Option(names = "-p")
            private boolean isPersistent;

            @Option(names = "-r")
            private boolean isRecursive;

            WatcherType type() {
                if (isOfAnyKind) {
                    return WatcherType.Any;
                }
                if (isChildren) {
                    return WatcherType.Children;
                }
                if (isContent) {
                    return WatcherType.Data;
                }
                if (isPersistent) {
                    return WatcherType.Persistent;
                }
                return isRecursive ? WatcherType.PersistentRecursive : WatcherType.Any;
            }
        }

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            WatcherType type = kind == null ? WatcherType.Any : kind.type();
            shell.zooKeeper().removeAllWatches(path, type, isLocal);
            shell.screen().tell("", Map.of("unwatched", path, "kind", type.name()));
        }
    }

    static final class PrintWatches implements Verb {
        @Parameters(paramLabel = "on|off", arity = "0..1")
        private @Nullable String wish;

        @Override
        public void run(Shell shell) throws ShellException {
            if (wish != null) {
                if (!wish.equals("on") && !wish.equals("off")) {
                    throw ShellException.usage("printwatches: on or off, not '" + wish + "'");
                }
                shell.session().printWatches(wish.equals("on"));
            }
            boolean prints = shell.session().printsWatches();
            shell.screen().tell("printwatches is " + (prints ? "on" : "off"), Map.of("printwatches", prints));
        }
    }
}
