package io.matriarch.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.Inspection;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.request.ClientStats;
import io.matriarch.core.session.SessionRules;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts to the byte, as operations.md 3.2 records them from a live server. */
class FourLetterWordsTest {
    private static final String MEMBERSHIP = "server.1=a:1:2:participant\nversion=0";

    /** What the line of a live server said. */
    private static final ClientStats.Link TALKING = new ClientStats.Link(
            new LinkId(1),
            "127.0.0.1",
            0x10000112669000bL,
            10_000,
            0,
            2,
            2,
            1795312759236L,
            0,
            OpCode.EXISTS,
            1,
            0xe3,
            1621470,
            0,
            0,
            0.6,
            0);

    @TempDir
    Path dir;

    @Test
    void srvrOfALeader() {
        assertThat(answer("srvr", leading())).isEqualTo("Zookeeper version: " + ServerVersion.text() + """

                        Latency min/avg/max: 0/2.6857/86
                        Received: 390
                        Sent: 483
                        Connections: 2
                        Outstanding: 1
                        Zxid: 0x1000000e3
                        Mode: leader
                        Node count: 56
                        Proposal sizes last/min/max: -1/-1/-1
                        """);
    }

    @Test
    void statHasALinePerConnectionAndThenAnEmptyOne() {
        assertThat(answer("stat", leading())).contains("""

                        Clients:
                         /127.0.0.1:59430[1](queued=0,recved=2,sent=2)
                         /127.0.0.1:59431[0](queued=0,recved=0,sent=0)

                        Latency min/avg/max: 0/2.6857/86
                        """);
    }

    @Test
    void consTellsWhatEachSessionDidLast() {
        assertThat(answer("cons", leading())).isEqualTo("""
                         /127.0.0.1:59430[1](queued=0,recved=2,sent=2,sid=0x10000112669000b,lop=EXIS,est=1795312759236,to=10000,\
                        lcxid=0x1,lzxid=0xe3,lresp=1621470,llat=0,minlat=0,avglat=0,maxlat=0)
                         /127.0.0.1:59431[0](queued=0,recved=0,sent=0)

                        """);
    }

    @Test
    void whoServesNobodyShowsNothingAndForgetsNothing() {
        ServerFigures.Traffic none = new ServerFigures.Traffic(0, 0, 0, 0, 0, 0);
        ServerFigures looking = new ServerFigures(
                false, false, "looking", null, Zxid.ZERO, 0, 0, 0, 0, 0, 0, 0, 0, none, null, "", null, null);
        for (String word : List.of("srst", "crst", "dump", "wchs", "wchc", "wchp")) {
            assertThat(answer(word, looking)).isEqualTo("This ZooKeeper instance is not currently serving requests\n");
        }
        assertThat(answer("hash", looking)).isEqualTo("This ZooKeeper instance is not currently serving requests");
    }

    @Test
    void idleAverageLatencyHasOneDecimal() {
        ServerFigures idle = figures("standalone", null, new ServerFigures.Traffic(0, 0, 0, 0, 0.0, 0), null);

        assertThat(answer("srvr", idle))
                .contains("\nLatency min/avg/max: 0/0.0/0\n")
                .doesNotContain("Proposal");
    }

    @Test
    void mntrStartsWithVersionAndStatesAndNamesWhatDashboardsRead() {
        String text = answer("mntr", leading());

        assertThat(text)
                .startsWith("zk_version\t" + ServerVersion.text()
                        + "\nzk_server_state\tleader\nzk_peer_state\tleading - broadcast\nzk_avg_latency\t2.6857\n");
        assertThat(text.lines())
                .contains(
                        "zk_znode_count\t56",
                        "zk_synced_followers\t2",
                        "zk_followers\t2",
                        "zk_pending_syncs\t4",
                        "zk_digest_mismatches_count\t7",
                        "zk_fsync_threshold_exceed_count\t8");
    }

    @Test
    void versionKeepsTheShapeThatToolsMatch() {
        assertThat(ServerVersion.text())
                .matches("3\\.\\d+\\.\\d+-matriarch-\\S+, built on \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC");
    }

    @Test
    void aFollowerTellsItsObserversAndAnObserverItsMaster() {
        ServerFigures.Traffic none = new ServerFigures.Traffic(0, 0, 0, 0, 0, 0);
        ServerFigures follower = new ServerFigures(
                true,
                false,
                "follower",
                "following - broadcast",
                Zxid.ZERO,
                5,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                none,
                null,
                "",
                2,
                null);
        ServerFigures observer = new ServerFigures(
                true,
                false,
                "observer",
                "observing - broadcast",
                Zxid.ZERO,
                5,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                none,
                null,
                "",
                null,
                3L);
        assertThat(answer("mntr", follower))
                .endsWith("zk_synced_observers\t2\n")
                .doesNotContain("observer_master_id");
        assertThat(answer("mntr", observer))
                .endsWith("zk_observer_master_id\t3\n")
                .doesNotContain("synced_observers");
    }

    @Test
    void serverWithoutQuorumSaysSo() {
        ServerFigures looking = new ServerFigures(
                false,
                false,
                "looking",
                null,
                Zxid.ZERO,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                new ServerFigures.Traffic(0, 0, 0, 0, 0, 0),
                null,
                "",
                null,
                null);

        for (String word : List.of("srvr", "stat", "mntr", "conf")) {
            assertThat(answer(word, looking)).isEqualTo("This ZooKeeper instance is not currently serving requests\n");
        }
        assertThat(answer("isro", looking)).isEqualTo("null");
        assertThat(answer("ruok", looking)).isEqualTo("imok");
        assertThat(answer("isro", leading())).isEqualTo("rw");
    }

    @Test
    void aReadOnlyServerSaysThatItIs() {
        ServerFigures.Traffic none = new ServerFigures.Traffic(0, 0, 0, 0, 0, 0);
        ServerFigures readOnly = new ServerFigures(
                false,
                true,
                "read-only",
                null,
                new Zxid(0xe3L),
                56,
                1,
                2,
                3,
                4,
                4000,
                0,
                0,
                none,
                null,
                "",
                null,
                null);

        assertThat(answer("isro", readOnly)).isEqualTo("ro");
        assertThat(answer("srvr", readOnly))
                .startsWith("Zookeeper version: " + ServerVersion.text()
                        + "\nREAD-ONLY mode; serving only read-only clients\nLatency min/avg/max: 0/0.0/0\n")
                .contains("\nZxid: 0xe3\nMode: read-only\nNode count: 56\n");
        assertThat(answer("stat", readOnly)).contains("\nREAD-ONLY mode; serving only read-only clients\nClients:\n");
        assertThat(answer("mntr", readOnly).lines())
                .contains("zk_server_state\tread-only", "zk_global_sessions\t3", "zk_local_sessions\t4")
                .noneMatch(line -> line.startsWith("zk_peer_state"));
    }

    @Test
    void isroIsAlwaysAllowedWhereReadersMayBeServedWithoutAQuorum() {
        assertThat(words(List.of()).refusal("isro")).isNotNull();
        ServerConfig config = ServerConfig.builder()
                .dataDir(dir)
                .fourLetterWords(List.of())
                .sessionRules(new SessionRules(false, false, true))
                .build();
        assertThat(new FourLetterWords(config).refusal("isro")).isNull();
    }

    @Test
    void confOfAStandaloneServerAndOfAMember() throws Exception {
        Files.createDirectories(dir.resolve("version-2"));
        Files.write(dir.resolve("version-2/log.1"), new byte[478]);
        ServerConfig alone =
                ServerConfig.builder().dataDir(dir).tickMillis(2000).build();
        String common = "clientPort=22181\nsecureClientPort=-1\ndataDir=" + dir
                + "/version-2\ndataDirSize=478\ndataLogDir="
                + dir + "/version-2\ndataLogSize=478\ntickTime=2000\nmaxClientCnxns=60\nminSessionTimeout=4000\n"
                + "maxSessionTimeout=40000\nclientPortListenBacklog=-1\n";

        assertThat(new FourLetterWords(alone).answer("conf", sources(leading())))
                .isEqualTo(common + "serverId=0\n");

        List<MemberConfig> members =
                List.of(MemberConfig.participant(1, "a", 1, 2), MemberConfig.participant(2, "b", 3, 4));
        ServerConfig member = ServerConfig.builder()
                .dataDir(dir)
                .tickMillis(2000)
                .ensemble(new ServerId(2), members)
                .build();
        assertThat(new FourLetterWords(member).answer("conf", sources(leading())))
                .isEqualTo(
                        common + "serverId=2\ninitLimit=10\nsyncLimit=5\nelectionAlg=3\nelectionPort=4\nquorumPort=3\n"
                                + "peerType=0\nmembership: \n" + MEMBERSHIP);
    }

    @Test
    void whitelistIsSrvrAndWhatIsNamedOrAll() {
        FourLetterWords byDefault = words(List.of());
        assertThat(byDefault.refusal("srvr")).isNull();
        assertThat(byDefault.refusal("ruok")).isEqualTo("ruok is not executed because it is not in the whitelist.\n");
        assertThat(words(List.of("ruok")).refusal("ruok")).isNull();
        assertThat(words(List.of("*")).refusal("wchp")).isNull();
    }

    private FourLetterWords words(List<String> allowed) {
        return new FourLetterWords(
                ServerConfig.builder().dataDir(dir).fourLetterWords(allowed).build());
    }

    private String answer(String word, ServerFigures figures) {
        return words(List.of("*")).answer(word, sources(figures));
    }

    private static ServerFigures leading() {
        return figures(
                "leader",
                "leading - broadcast",
                new ServerFigures.Traffic(390, 483, 1, 0, 2.685712, 86),
                new ServerFigures.Leader(2, 2, 0, 3, 0, 4));
    }

    private static ServerFigures figures(
            String mode, @Nullable String state, ServerFigures.Traffic traffic, ServerFigures.@Nullable Leader leader) {
        return new ServerFigures(
                true,
                false,
                mode,
                state,
                new Zxid(0x1000000e3L),
                56,
                1,
                2,
                3,
                5,
                4000,
                7,
                8,
                traffic,
                leader,
                MEMBERSHIP,
                null,
                null);
    }

    private FourLetterWords.Sources sources(ServerFigures figures) {
        return new FourLetterWords.Sources() {
            @Override
            public ServerFigures figures() {
                return figures;
            }

            @Override
            public List<ConnectionLine> connections() {
                return List.of(
                        new ConnectionLine("/127.0.0.1:59430", false, 2, 2, TALKING),
                        new ConnectionLine("/127.0.0.1:59431", true, 0, 0, null));
            }

            @Override
            public int clientPort() {
                return 22181;
            }

            @Override
            public Inspection inspection() {
                throw new IllegalStateException("not to be asked");
            }
        };
    }
}
