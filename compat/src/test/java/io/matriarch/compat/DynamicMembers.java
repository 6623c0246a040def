package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.FreePorts;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.admin.ZooKeeperAdmin;

/**
 * Changes the members in each turn of a {@link SharedDirectory}, so that {@code zoo.cfg} names a file that the server before wrote
 * (zab.md 14): observers come and go that never run. The only voter is an ensemble of one.
 */
final class DynamicMembers implements SharedDirectory.Beside {
    private static final int FIRST_OBSERVER = 10;

    private final ServerProcess server;
    private String agreed = "";

    /** Of a server that is laid out as a standalone one and does not run. */
    DynamicMembers(ServerProcess server) throws IOException {
        this.server = server;
        ConfigLines config = new ConfigLines(server);
        List<String> lines = new ArrayList<>(config.lines());
        lines.add("standaloneEnabled=false");
        lines.add("reconfigEnabled=true");
        lines.add("DigestAuthenticationProvider.superDigest=" + SuperUser.DIGEST);
        lines.add(member(1, "participant", server.clientAddress().getPort()));
        config.write(lines);
    }

    @Override
    public void written(int turn) throws Exception {
        ZooKeeperAdmin admin = SuperUser.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            int coming = FIRST_OBSERVER + turn;
            String leaving = turn == 0 ? null : String.valueOf(coming - 1);
            String joining = member(coming, "observer", FreePorts.next());
            agreed = text(admin.reconfigure(joining, leaving, null, -1, null));
            assertThat(agreed).contains(joining).doesNotContain("server." + (coming - 1) + "=");
        } finally {
            admin.close();
        }
    }

    @Override
    public void takenOver(int turn) throws Exception {
        Path dynamic = server.directory().resolve("zoo.cfg.dynamic." + version());
        assertThat(new ConfigLines(server).lines())
                .contains("dynamicConfigFile=" + dynamic)
                .noneMatch(line -> line.startsWith("server."));
        assertThat(Files.readAllLines(dynamic)).hasSameElementsAs(members());
        ZooKeeperAdmin admin = SuperUser.connect(EnsembleProcess.connectString(List.of(server)));
        try {
            assertThat(text(admin.getConfig(false, null)).lines())
                    .as("%s", server)
                    .containsExactlyInAnyOrderElementsOf(agreed.lines().toList());
        } finally {
            admin.close();
        }
    }

    private String version() {
        return agreed.substring(agreed.lastIndexOf('=') + 1);
    }

    private List<String> members() {
        return agreed.lines().filter(line -> line.startsWith("server.")).toList();
    }

    private static String member(int sid, String role, int clientPort) {
        return "server." + sid + "=127.0.0.1:" + FreePorts.next() + ":" + FreePorts.next() + ":" + role + ";127.0.0.1:"
                + clientPort;
    }

    private static String text(byte[] configuration) {
        return new String(configuration, StandardCharsets.UTF_8);
    }
}
