package io.matriarch.cli.shell;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about who may do what. */
final class Access {
    private Access() {}

    static final class GetAcl extends Reading.OfPath {
        @Option(names = "-s")
        private boolean withStat;

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            Stat stat = new Stat();
            List<ACL> acl = shell.zooKeeper().getACL(path, stat);
            Map<String, Object> fields = fields();
            fields.put("acl", AclText.fields(acl));
            String text = shell.screen().safe(AclText.text(acl));
            if (withStat) {
                fields.put("stat", StatLines.fields(stat));
                text += "\n" + StatLines.text(shell.screen(), stat);
            }
            shell.screen().tell(text, fields);
        }
    }

    static final class SetAcl implements Verb {
        @Option(names = "-s")
        private boolean withStat;

        @Option(names = "-v", paramLabel = "VERSION")
        private int version = -1;

        @Option(names = "-R")
        private boolean isRecursive;

        @Parameters(index = "0", paramLabel = "PATH")
        private String path = "";

        @Parameters(index = "1", paramLabel = "ACL")
        private String text = "";

        @Override
        public String subject() {
            return path;
        }

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            List<ACL> acl = AclText.parse(text);
            List<String> paths = List.of(path);
            if (isRecursive) {
                paths = ZKUtil.listSubTreeBFS(shell.zooKeeper(), path);
                if (paths.size() == 1 && shell.zooKeeper().exists(path, false) == null) {
                    throw new NoNodeException(path);
                }
            }
            Stat stat = new Stat();
            for (String each : paths) {
                stat = shell.zooKeeper().setACL(each, acl, version);
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("set", path);
            fields.put("znodes", paths.size());
            fields.put("stat", StatLines.fields(stat));
            shell.screen().tell(withStat ? StatLines.text(shell.screen(), stat) : "", fields);
        }
    }

    static final class AddAuth implements Verb {
        @Parameters(index = "0", paramLabel = "SCHEME")
        private String scheme = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "AUTH")
        private @Nullable String auth;

        @Override
        public String subject() {
            return "/";
        }

        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            byte[] credentials = auth == null ? new byte[0] : auth.getBytes(StandardCharsets.UTF_8);
            shell.zooKeeper().addAuthInfo(scheme, credentials);
            // The client tells of a refusal only by ending the session: ask something to see it now.
            shell.zooKeeper().exists("/", false);
            shell.screen().tell("", Map.of("authenticated", scheme));
        }
    }

    @Command
    static final class WhoAmI implements Verb {
        @Override
        public void run(Shell shell) throws ShellException, KeeperException, InterruptedException {
            // A server tells them in no order that could be relied on.
            List<ClientInfo> identities = shell.zooKeeper().whoAmI().stream()
                    .sorted(Comparator.comparing(ClientInfo::getAuthScheme).thenComparing(ClientInfo::getUser))
                    .toList();
            StringJoiner lines = new StringJoiner("\n").add("Auth scheme: User");
            identities.forEach(identity -> lines.add(identity.getAuthScheme() + ": " + identity.getUser()));
            List<Map<String, String>> fields = identities.stream()
                    .map(identity -> Map.of("scheme", identity.getAuthScheme(), "user", identity.getUser()))
                    .toList();
            shell.screen().tell(shell.screen().safe(lines.toString()), Map.of("identities", fields));
        }
    }
}
