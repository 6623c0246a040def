package io.matriarch.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.matriarch.core.session.SessionRules;
import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** zoo.cfg as Apache's users write it (operations.md 1), and what is said about one that cannot be used. */
class ServerConfigTest {
    private static final String THREE_SERVERS = """
            server.1=127.0.0.1:2888:3888
            server.2=127.0.0.1:2889:3889:participant
            server.3=127.0.0.1:2890:3890:observer
            """;

    private static final String GROUPED = """
            dataDir=%s
            clientPort=2181
            tickTime=2000
            initLimit=10
            syncLimit=5
            server.1=a:2888:3888
            server.2=b:2888:3888
            server.3=c:2888:3888
            server.4=d:2888:3888:observer
            """;

    @TempDir
    Path dir;

    @Test
    void sampleFileOfApacheIsAStandaloneServer() throws IOException {
        ServerConfig config = read("""
                # The number of milliseconds of each tick
                tickTime=2000
                initLimit=10
                syncLimit=5
                dataDir=%s
                clientPort=2181
                """);

        assertThat(config.isStandalone()).isTrue();
        assertThat(config.self()).isEqualTo(new ServerId(1));
        assertThat(config.clientAddress()).contains(new HostPort("0.0.0.0", 2181));
        assertThat(config.minSessionTimeoutMillis()).isEqualTo(4000);
        assertThat(config.maxSessionTimeoutMillis()).isEqualTo(40_000);
        assertThat(config.maxClientConnections()).isEqualTo(60);
        assertThat(config.forcesLog()).isTrue();
        assertThat(config.fourLetterWords()).containsExactly("jrnl", "peer", "srvr");
        assertThat(config.configText()).isEmpty();
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void tickTimeDefaultsTo3000() throws IOException {
        assertThat(read("dataDir=%s\nclientPort=1\n").tickMillis()).isEqualTo(3000);
    }

    @Test
    void theEndOfEpochsCanBeBroughtNearer() throws IOException {
        String base = "dataDir=%s\nclientPort=1\n";
        assertThat(read(base).replication().lastCounter()).isEqualTo(0xFFFF_FFFEL);
        ReplicationConfig near = read(base + "testingonly.lastCounter=1000\n").replication();
        assertThat(near.lastCounter()).isEqualTo(1000);
        assertThat(near.rollOverAt()).isEqualTo(500);
        assertThatThrownBy(() -> read(base + "testingonly.lastCounter=99\n"))
                .hasMessageContaining("testingonly.lastCounter=99: must be at least 100");
    }

    @Test
    void ensembleFindsItselfByMyid() throws IOException {
        Files.writeString(dir.resolve("myid"), "2\n");
        ServerConfig config = read("dataDir=%s\nclientPort=2181\ninitLimit=10\nsyncLimit=5\n" + THREE_SERVERS
                + "standaloneEnabled=false\n");

        assertThat(config.self()).isEqualTo(new ServerId(2));
        assertThat(config.members()).hasSize(3);
        assertThat(config.ownEntry()).contains(MemberConfig.participant(2, "127.0.0.1", 2889, 3889));
        assertThat(config.members().get(2).isParticipant()).isFalse();
        assertThat(config.configText()).isEqualTo("""
                        server.1=127.0.0.1:2888:3888:participant
                        server.2=127.0.0.1:2889:3889:participant
                        server.3=127.0.0.1:2890:3890:observer
                        version=0""");
    }

    @Test
    void clientPartOfTheServerLineIsTheClientAddress() throws IOException {
        Files.writeString(dir.resolve("myid"), "1");
        ServerConfig config = read("""
                dataDir=%s
                initLimit=10
                syncLimit=5
                server.1=[::1]:2888:3888;127.0.0.1:2181
                server.2=b:2888:3888;2182
                """);

        assertThat(config.clientAddress()).contains(new HostPort("127.0.0.1", 2181));
        assertThat(config.configText())
                .isEqualTo("server.1=[0:0:0:0:0:0:0:1]:2888:3888:participant;127.0.0.1:2181\n"
                        + "server.2=b:2888:3888:participant;0.0.0.0:2182\nversion=0");
    }

    @Test
    void oneServerLineIsStandalone() throws IOException {
        ServerConfig config = read("dataDir=%s\nserver.5=h:1:2;2181\n");

        assertThat(config.isStandalone()).isTrue();
        assertThat(config.clientAddress()).contains(new HostPort("0.0.0.0", 2181));
    }

    @Test
    void groupsAndWeightsAreReadAndShown() throws IOException {
        Files.writeString(dir.resolve("myid"), "1");
        ServerConfig config = read(GROUPED + "group.7=1:2\ngroup.2=3\nweight.3=0\n");

        assertThat(config.groups()).hasValueSatisfying(groups -> assertThat(groups.weight(new ServerId(3)))
                .isZero());
        assertThat(config.configText())
                .endsWith(":participant\nserver.4=d:2888:3888:observer\ngroup.2=3\ngroup.7=1:2\nweight.3=0\nversion=0");
    }

    @Test
    void groupsThatCannotDecideAreRefusedWithLineAndRemedy() throws IOException {
        assertThat(problemsOf("group.1=1:2\ngroup.2=2:3:4:5\nweight.1=-1\nweight.x=1\nweight.9=1\ngroup.3=a\n"))
                .containsExactlyInAnyOrder(
                        cfg(11) + "group.2=2:3:4:5: server 2 stands in group.1 on line 10 already; it must be in one"
                                + " group only",
                        cfg(11) + "group.2=2:3:4:5: server 4 is an observer and is not counted; take it out",
                        cfg(11) + "group.2=2:3:4:5: there is no line server.5; add it or take 5 out",
                        cfg(12) + "weight.1=-1: must be a whole number from 0 to 1000000",
                        cfg(13) + "weight.x=1: the part behind 'weight.' must be a number",
                        cfg(14) + "weight.9=1: there is no line server.9; add it or remove this line",
                        cfg(15) + "group.3=a: must list server ids with colons between, as in 1:2:3");
        assertThat(problemsOf("group.1=1:2\n"))
                .containsExactly(cfg(10) + "group.1=1:2: server 3 is in no group; name every participant in one, with"
                        + " weight 0 if it shall not decide");
        assertThat(problemsOf("group.1=1:2:3\nweight.1=0\nweight.2=0\nweight.3=0\n"))
                .containsExactly(cfg(10) + "group.1=1:2:3: no group weighs anything, so nothing can ever be decided;"
                        + " give at least one participant a weight above 0");
    }

    private List<String> problemsOf(String groupLines) throws IOException {
        Files.writeString(dir.resolve("myid"), "1");
        Path file = write(GROUPED + groupLines);
        return catchThrowableOfType(ConfigException.class, () -> new ConfigReader(file, key -> null).read())
                .problems();
    }

    @Test
    void dynamicFileHoldsMembersAndVersion() throws IOException {
        Files.writeString(dir.resolve("myid"), "1");
        Path dynamic = dir.resolve("zoo.cfg.dynamic.10000002a");
        Files.writeString(dynamic, "server.1=a:1:2:participant;2181\nserver.2=b:1:2:participant;2181\n");
        ServerConfig config = read("dataDir=%s\ninitLimit=10\nsyncLimit=5\ndynamicConfigFile=" + dynamic + "\n");

        assertThat(config.configText()).endsWith("version=10000002a");
    }

    @Test
    void systemPropertyFillsInWhatTheFileLacks() throws IOException {
        Path file = write("dataDir=%s\nclientPort=1\nsnapCount=7\n");
        Map<String, String> properties = Map.of(
                "zookeeper.snapCount",
                "9",
                "zookeeper.preAllocSize",
                "8",
                "zookeeper.digest.enabled",
                "false",
                "jute.maxbuffer",
                "0x400000");
        ServerConfig config = new ConfigReader(file, properties::get).read();

        assertThat(config.snapCount()).isEqualTo(7);
        assertThat(config.preAllocBytes()).isEqualTo(8192);
        assertThat(config.juteMaxBuffer()).isEqualTo(4 << 20);
        assertThat(config.replication().isDigesting()).isFalse();
    }

    @Test
    void serverMayHaveSeveralAddresses() throws IOException {
        Files.writeString(dir.resolve("myid"), "1");
        String text = "dataDir=%s\nclientPort=1\ninitLimit=5\nsyncLimit=2\n"
                + "server.1=zk1-b:2888:3888|[fe80::1]:2889:3889|zk1-a:2890:3890:participant\n"
                + "server.2=zk2:2888:3888\nserver.3=zk3:2888:3888\n";
        ServerConfig config = read(text + "multiAddress.enabled=true\n");

        assertThat(config.members().get(0).electionAddresses())
                .containsExactly(
                        new HostPort("zk1-b", 3888), new HostPort("fe80::1", 3889), new HostPort("zk1-a", 3890));
        assertThat(config.members().get(0).quorumAddresses())
                .containsExactly(
                        new HostPort("zk1-b", 2888), new HostPort("fe80::1", 2889), new HostPort("zk1-a", 2890));
        assertThat(config.configText())
                .startsWith("server.1=[fe80:0:0:0:0:0:0:1]:2889:3889|zk1-a:2890:3890|zk1-b:2888:3888:participant\n");
        assertThatThrownBy(() -> read(text)).hasMessageContaining("several addresses, joined by |, need multiAddress");
    }

    @Test
    void addressesOfAServerMustAgreeAndFitIntoItsOpening() throws IOException {
        Files.writeString(dir.resolve("myid"), "1");
        String text = "dataDir=%s\nclientPort=1\ninitLimit=5\nsyncLimit=2\nmultiAddress.enabled=true\n"
                + "server.2=zk2:2888:3888\nserver.1=";
        assertThatThrownBy(() -> read(text + "a:11:12:observer|b:11:12:participant\n"))
                .hasMessageContaining("all addresses of a server must have the same role");
        assertThatThrownBy(() -> read(text + "a:11:12|zk2:13:3888\n"))
                .hasMessageContaining("election port 3888 is the election port of server.2 on zk2 already");
        String host = "h".repeat(1020);
        assertThat(read(text + host + "1:5:6|" + host + "23:5:6\n").members()).hasSize(2);
        assertThatThrownBy(() -> read(text + host + "1:5:6|" + host + "234:5:6\n"))
                .hasMessageContaining("its election addresses take 2049 bytes as text; at most 2048 are allowed");
    }

    @Test
    void openingTimeoutIsSyncLimitTicksUnlessSet() throws IOException {
        String text = "dataDir=%s\nclientPort=1\ntickTime=2000\n";
        assertThat(read(text).openingTimeoutMillis()).isEqualTo(10_000);
        assertThat(read(text + "quorumCnxnTimeoutMs=0\n").openingTimeoutMillis())
                .isEqualTo(10_000);
        assertThat(read(text + "quorumCnxnTimeoutMs=700\n").openingTimeoutMillis())
                .isEqualTo(700);
    }

    @Test
    void sessionRulesComeFromTwoKeysAndOneOptionOfTheJvm() throws IOException {
        Path file = write("dataDir=%s\nclientPort=1\nlocalSessionsEnabled=true\nreadonlymode.enabled=true\n");
        ServerConfig config = new ConfigReader(file, property -> null).read();
        assertThat(config.sessionRules()).isEqualTo(new SessionRules(true, false, false));
        assertThat(config.warnings()).singleElement().asString().contains("-Dreadonlymode.enabled=true");

        Map<String, String> properties =
                Map.of("readonlymode.enabled", "TRUE", "zookeeper.localSessionsUpgradingEnabled", "true");
        config = new ConfigReader(file, properties::get).read();
        assertThat(config.sessionRules()).isEqualTo(new SessionRules(true, true, true));
    }

    @Test
    void keysWithoutEffectAreNamedWithTheirLine() throws IOException {
        ServerConfig config = read("dataDir=%s\nclientPort=1\naudit.enable=true\ntickTme=9\nclientPort=2\n");

        assertThat(config.warnings())
                .containsExactly(
                        cfg(3) + "audit.enable=true: is not supported and has no effect",
                        cfg(4) + "tickTme=9: is unknown and has no effect; perhaps tickTime was meant",
                        cfg(5) + "clientPort=2: overrides line 2");
    }

    @Test
    void everyProblemIsListedWithFileLineKeyValueAndWhatIsAllowed() throws IOException {
        Files.writeString(dir.resolve("myid"), "7");
        Path file = write("""
                dataDir=%s
                tickTime=fast
                initLimit=0
                minSessionTimeout=9000
                maxSessionTimeout=8000
                clientPort=70000
                electionAlg=1
                quorumListenOnAllIPs=yes
                secureClientPort=2281
                server.1=a:2888:2888
                server.2=b:2888
                server.3=c:2888:3888
                server.4=c:2888:3889:voter
                server.5=c:3888:3890
                server.5=e:1:2
                weight.1=2
                """);
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> new ConfigReader(file, key -> null).read());

        assertThat(refused.problems())
                .containsExactlyInAnyOrder(
                        cfg(2) + "tickTime=fast: must be a whole number",
                        cfg(3) + "initLimit=0: must be from 1 to 715827, a number of ticks of 3000 ms",
                        cfg(5) + "maxSessionTimeout=8000: maxSessionTimeout is 8000 ms and must not be less than"
                                + " minSessionTimeout, 9000 ms (defaults: 20 and 2 times tickTime)",
                        cfg(6) + "clientPort=70000: must be from 0 to 65535; 0 takes any free port",
                        cfg(7) + "electionAlg=1: only 3, fast leader election, is supported",
                        cfg(8) + "quorumListenOnAllIPs=yes: must be true or false",
                        cfg(9) + "secureClientPort=2281: TLS for clients is not supported yet; must be absent",
                        cfg(10) + "server.1=a:2888:2888: quorum and election port must differ",
                        cfg(11) + "server.2=b:2888: must read"
                                + " host:quorumPort:electionPort[:participant|observer][;[host:]clientPort]",
                        cfg(13) + "server.4=c:2888:3889:voter: role must be participant or observer",
                        cfg(14) + "server.5=c:3888:3890: quorum port 3888 is the election port of server.3 on"
                                + " c already; ports of one machine must differ",
                        cfg(15) + "server.5=e:1:2: this key stands on line 14 already; ids must be unique",
                        cfg(16)
                                + "weight.1=2: has no effect without groups; add group lines that name every participant,"
                                + " or remove it",
                        dir.resolve("zoo.cfg") + ": syncLimit is missing; servers of an ensemble need it, in ticks,"
                                + " at least 1",
                        dir.resolve("myid")
                                + ":1: there is no line server.7; must be the id of a line, one of 1, 2, 3, 4,"
                                + " 5, or add that line on every server");
        assertThat(refused)
                .hasMessageStartingWith(file + " cannot be used, 15 problems:" + System.lineSeparator() + "  ");
    }

    @Test
    void missingMyidSaysWhatItMustHold() throws IOException {
        Path file =
                write("dataDir=%s\nclientPort=1\ninitLimit=1\nsyncLimit=1\nstandaloneEnabled=false\n" + THREE_SERVERS);

        assertThatThrownBy(() -> new ConfigReader(file, key -> null).read())
                .hasMessageEndingWith("1 problem:" + System.lineSeparator() + "  " + dir.resolve("myid")
                        + ": is missing; must hold this server's id, one of 1, 2, 3");
    }

    @Test
    void missingDataDirAndMissingFileAreNamed() throws IOException {
        Path file = dir.resolve("zoo.cfg");
        Files.writeString(file, "clientPort=1\n");
        assertThatThrownBy(() -> new ConfigReader(file, key -> null).read())
                .hasMessageContaining("dataDir: is missing; must name the directory of snapshots and logs");
        assertThatThrownBy(() -> ServerConfig.load(dir.resolve("nothing.cfg")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nothing.cfg: cannot be read");
    }

    @Test
    void processEndsWith3ForDirectoriesAloneAnd2ForAnythingElse() throws IOException {
        Files.writeString(dir.resolve("data"), "a file");
        assertThat(exitCodeOf("dataDir=%s/data\nclientPort=1\n")).isEqualTo(3);
        assertThat(exitCodeOf("dataDir=%s/data/below\ndataLogDir=%s/data\nclientPort=1\n"))
                .isEqualTo(3);
        assertThat(exitCodeOf("dataDir=%s/data\nclientPort=one\n")).isEqualTo(2);
        assertThat(exitCodeOf("clientPort=1\n")).isEqualTo(2);
    }

    private int exitCodeOf(String text) throws IOException {
        Path file = write(text);
        return catchThrowableOfType(ConfigException.class, () -> new ConfigReader(file, key -> null).read())
                .exitCode();
    }

    @Test
    void directoriesThatThisProcessMayNotWriteAreNamed() throws IOException {
        Files.createDirectories(dir.resolve("log/version-2"));
        ConfigValues values = new ConfigValues();
        values.dataDir = dir.resolve("data");
        values.dataLogDir = dir.resolve("log");
        List<String> told = new ArrayList<>();

        new DirectoryRules((key, text) -> told.add(key + ": " + text), path -> !path.equals(dir)).check(values);
        new DirectoryRules((key, text) -> told.add(key + ": " + text), path -> !path.endsWith("log")).check(values);
        new DirectoryRules((key, text) -> told.add(key + ": " + text), path -> !path.endsWith("version-2"))
                .check(values);

        assertThat(told)
                .containsExactly(
                        "dataDir: cannot be created, because this process may not write " + dir,
                        "dataLogDir: this process may not read and write it; give it to the user that runs the server",
                        "dataLogDir: this process may not read and write " + dir.resolve("log/version-2")
                                + "; give it to the user that runs the server");
    }

    @Test
    void ownAddressesAreThoseOfTheInterfacesAndNamesThatDoNotResolveYetMayBeOurs() {
        LocalHosts hosts = LocalHosts.bySystem(2000);

        assertThat(hosts.foreignAddressesOf("127.0.0.9")).isNull();
        assertThat(hosts.foreignAddressesOf("0.0.0.0")).isNull();
        assertThat(hosts.foreignAddressesOf("localhost")).isNull();
        assertThat(hosts.foreignAddressesOf("no-such-host.invalid")).isNull();
        // Reserved for documentation (RFC 5737, RFC 3849): no machine has them.
        assertThat(hosts.foreignAddressesOf("192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(hosts.foreignAddressesOf("2001:db8::1")).isEqualTo("2001:db8:0:0:0:0:0:1");
    }

    @Test
    void linesContinueAndEscapesMeanWhatTheyMeanToApache() {
        List<Setting> settings = ConfigFile.parse("f", "# c\\\na=1\\\n  2\n\n! x\nb : q\\u0041 \nc\\=d=e\nz=\\uZZ\n");

        assertThat(settings)
                .containsExactly(
                        new Setting("f", 2, "a", "12"),
                        new Setting("f", 6, "b", "qA"),
                        new Setting("f", 7, "c=d", "e"),
                        new Setting("f", 8, ConfigFile.MALFORMED, "z=\\uZZ"));
    }

    @Test
    void builderListsAllProblemsToo() {
        assertThatThrownBy(
                        () -> ServerConfig.builder().tickMillis(0).snapCount(1).build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("3 problems")
                .hasMessageContaining("dataDir: is missing")
                .hasMessageContaining("tickTime: must be from 1 to 3600000 ms")
                .hasMessageContaining("snapCount: must be at least 2");
    }

    private String cfg(int line) {
        return dir.resolve("zoo.cfg") + ":" + line + ": ";
    }

    private Path write(String text) throws IOException {
        Path file = dir.resolve("zoo.cfg");
        Files.writeString(file, text.replace("%s", dir.toString()));
        return file;
    }

    private ServerConfig read(String text) throws IOException {
        return new ConfigReader(write(text), key -> null).read();
    }
}
