package io.matriarch.cli.shell;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.data.Stat;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that read znodes. */
final class Reading {
    private Reading() {}

    /** A command about one znode. */
    abstract static class OfPath implements Verb {
        @Parameters(paramLabel = "PATH")
        String path = "";

        @Override
        public String subject() {
            return path;
        }

        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("path", path);
            return fields;
        }
    }

    static final class Ls extends OfPath {
        @Option(names = "-s")
        private boolean withStat;

        @Option(names = "-w")
        private boolean isWatching;

        @Option(names = "-R")
        private boolean isRecursive;

        private boolean isOld;

        /** As {@code ls -s}, by its old name. */
        static Ls withStat() {
            Ls ls = new Ls();
            ls.isOld = true;
            return ls;
        }

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            if (isRecursive) {
                walk(shell, path);
                return;
            }
            Stat stat = new Stat();
            List<String> children = sorted(shell.zooKeeper().getChildren(path, isWatching, stat));
            Screen screen = shell.screen();
            Map<String, Object> fields = fields();
            fields.put("children", children);
            String text = screen.safe(children.toString());
            if (withStat || isOld) {
                fields.put("stat", StatLines.fields(stat));
                text += "\n" + StatLines.text(screen, stat);
            }
            screen.tell(text, fields);
        }

        /** Depth first, and told as it goes: a tree can be large. Recursion would be as deep as the tree. */
        private void walk(Shell shell, String root) throws ShellException, KeeperException, InterruptedException {
            List<String> open = new ArrayList<>(List.of(root));
            while (!open.isEmpty()) {
                String next = open.remove(open.size() - 1);
                List<String> children;
                try {
                    children = sorted(shell.zooKeeper().getChildren(next, isWatching));
                } catch (NoNodeException e) {
                    if (next.equals(root)) {
                        throw e;
                    }
                    // Somebody deleted it meanwhile.
                    continue;
                }
                shell.screen().tell(shell.screen().safe(next), Map.of("path", next));
                Collections.reverse(children);
                children.forEach(child -> open.add(next.equals("/") ? "/" + child : next + "/" + child));
            }
        }
    }

    private static List<String> sorted(List<String> names) {
        List<String> sorted = new ArrayList<>(names);
        Collections.sort(sorted);
        return sorted;
    }

    static final class Get extends OfPath {
        @Option(names = "-s")
        private boolean withStat;

        @Option(names = "-w")
        private boolean isWatching;

        @Option(names = "-b")
        private boolean isBase64;

        @Option(names = "-x")
        private boolean isHex;

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            if (isBase64 && isHex) {
                throw ShellException.usage("get: -b and -x exclude each other");
            }
            Stat stat = new Stat();
            byte[] bytes = shell.zooKeeper().getData(path, isWatching, stat);
            StoredBytes.Form form =
                    isBase64 ? StoredBytes.Form.BASE64 : isHex ? StoredBytes.Form.HEX : StoredBytes.Form.TEXT;
            Screen screen = shell.screen();
            Map<String, Object> fields = fields();
            StoredBytes.into(fields, bytes);
            String text = screen.safe(StoredBytes.text(bytes, form));
            if (withStat) {
                fields.put("stat", StatLines.fields(stat));
                text += "\n" + StatLines.text(screen, stat);
            }
            screen.tellLine(text, fields);
        }
    }

    static final class ShowStat extends OfPath {
        @Option(names = "-w")
        private boolean isWatching;

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            Stat stat = shell.zooKeeper().exists(path, isWatching);
            if (stat == null) {
                throw new NoNodeException(path);
            }
            Map<String, Object> fields = fields();
            fields.put("stat", StatLines.fields(stat));
            shell.screen().tell(StatLines.text(shell.screen(), stat), fields);
        }
    }

    static final class CountBelow extends OfPath {
        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            int count = shell.zooKeeper().getAllChildrenNumber(path);
            Map<String, Object> fields = fields();
            fields.put("below", count);
            shell.screen().tell(Integer.toString(count), fields);
        }
    }

    static final class Ephemerals implements Verb {
        @Parameters(paramLabel = "PATH", arity = "0..1")
        private String path = "/";

        @Override
        public String subject() {
            return path;
        }

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            List<String> mine = sorted(shell.zooKeeper().getEphemerals(path));
            shell.screen().tell(shell.screen().safe(mine.toString()), Map.of("ephemerals", mine));
        }
    }
}
