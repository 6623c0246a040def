package io.matriarch.cli.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Commands about the members of the ensemble. */
final class Membership {
    private static final String CONFIG = "/zookeeper/config";
    private static final Pattern CLIENT_ADDRESS =
            Pattern.compile("^server\\.\\d+=([^;]*);(?:(\\S+):)?(\\d+)\\s*$", Pattern.MULTILINE);

    private Membership() {}

    /** Where clients connect: {@code host:port,…}. A member that serves them on all its addresses is named by its own. */
    private static String clientAddresses(String config) {
        Matcher member = CLIENT_ADDRESS.matcher(config);
        StringBuilder addresses = new StringBuilder();
        while (member.find()) {
            String host = member.group(2);
            if (host == null || host.equals("0.0.0.0") || host.equals("[0:0:0:0:0:0:0:0]") || host.equals("[::]")) {
                host = hostOf(member.group(1));
            }
            addresses
                    .append(addresses.length() == 0 ? "" : ",")
                    .append(host)
                    .append(':')
                    .append(member.group(3));
        }
        return addresses.toString();
    }

    /** Of {@code host:port:port[:role][|…]}, where host may be an IPv6 literal in brackets. */
    private static String hostOf(String address) {
        return address.startsWith("[")
                ? address.substring(0, address.indexOf(']') + 1)
                : address.substring(0, Math.max(0, address.indexOf(':')));
    }

    static final class Config implements Verb {
        @Option(names = "-c")
        private boolean isClients;

        @Option(names = "-w")
        private boolean isWatching;

        @Option(names = "-s")
        private boolean withStat;

        @Override
        public String subject() {
            return CONFIG;
        }

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            Stat stat = new Stat();
            byte[] bytes = shell.zooKeeper().getConfig(isWatching, stat);
            String config = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
            Map<String, Object> fields = new LinkedHashMap<>();
            if (config.isEmpty()) {
                shell.screen().remark("No members are listed: the server is standalone.");
            }
            String text = isClients ? clientAddresses(config) : config;
            fields.put(isClients ? "clients" : "config", text);
            if (withStat) {
                fields.put("stat", StatLines.fields(stat));
                text += "\n" + StatLines.text(shell.screen(), stat);
            }
            shell.screen().tell(text, fields);
        }
    }

    static final class Reconfig implements Verb {
        @Option(names = "-s")
        private boolean withStat;

        @Option(names = "-v", paramLabel = "VERSION")
        private @Nullable String version;

        @ArgGroup
        private @Nullable Whole whole;

        @Option(names = "-add", paramLabel = "LIST")
        private @Nullable String joining;

        @Option(names = "-remove", paramLabel = "IDS")
        private @Nullable String leaving;

        /** At most one of them. */
        static final class Whole {
            @Option(names = "-file", paramLabel = "FILE")
            private @Nullable Path file;

            @Option(names = "-members", paramLabel = "LIST")
            private @Nullable String members;

            String members() throws ShellException {
                Path source = file;
                if (source == null) {
                    return String.valueOf(members);
                }
                try {
                    return Files.readAllLines(source).stream()
                            .map(String::strip)
                            .filter(line -> line.startsWith("server.")
                                    || line.startsWith("group.")
                                    || line.startsWith("weight."))
                            .collect(Collectors.joining(","));
                } catch (IOException e) {
                    throw ShellException.failed("FILE", "reconfig: cannot read " + source + ": " + e.getMessage());
                }
            }
        }

        @Override
        public String subject() {
            return CONFIG;
        }

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            if (whole != null && (joining != null || leaving != null)) {
                throw ShellException.usage(
                        "reconfig: -file or -members name all members; -add and -remove change some");
            }
            if (whole == null && joining == null && leaving == null) {
                throw ShellException.usage("reconfig: nothing is asked for; usage: "
                        + Verbs.named("reconfig").orElseThrow().synopsis());
            }
            Stat stat = new Stat();
            byte[] agreed = shell.zooKeeper()
                    .reconfigure(joining, leaving, whole == null ? null : whole.members(), from(), stat);
            String config = new String(agreed, StandardCharsets.UTF_8);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("config", config);
            fields.put(
                    "members",
                    List.of(config.split("\n")).stream()
                            .filter(line -> line.startsWith("server."))
                            .count());
            String text = "Committed new configuration:\n" + config;
            if (withStat) {
                fields.put("stat", StatLines.fields(stat));
                text += "\n" + StatLines.text(shell.screen(), stat);
            }
            shell.screen().tell(text, fields);
        }

        private long from() throws ShellException {
            String wanted = version;
            if (wanted == null) {
                return -1;
            }
            try {
                return Long.parseLong(wanted.startsWith("0x") ? wanted.substring(2) : wanted, 16);
            } catch (NumberFormatException e) {
                throw ShellException.usage("reconfig: '" + wanted + "' is no version in hex, as config shows it");
            }
        }
    }
}
