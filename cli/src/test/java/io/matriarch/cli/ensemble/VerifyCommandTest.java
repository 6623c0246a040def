package io.matriarch.cli.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnDigest;
import io.matriarch.wire.txn.TxnHeader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(30)
class VerifyCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();

    @Test
    void equalDigestsAreEqual() throws Exception {
        DataTree leaders = new DataTree();
        QuorumPacket first = told(leaders, 1, "/a", 0);
        QuorumPacket second = told(leaders, 2, "/b", 0);
        try (FakeLeader leader = FakeLeader.of(history(first), List.of(second))) {
            assertThat(verify("--config", leader.config(directory), "--for", 1)).isZero();
            assertThat(out.toString()).contains("equal at zxid 0x200000002, 6 znodes");
        }
    }

    @Test
    void aDigestThatDiffersIsNamedWithItsTransaction() throws Exception {
        DataTree leaders = new DataTree();
        QuorumPacket first = told(leaders, 1, "/a", 0);
        QuorumPacket second = told(leaders, 2, "/b", 1);
        try (FakeLeader leader = FakeLeader.of(history(), List.of(first, second))) {
            assertThat(verify("--config", leader.config(directory), "--for", 1)).isEqualTo(1);
            assertThat(out.toString()).contains("digest DIFFERS after 0x200000002: the leader says 0x", "NOT EQUAL");
            assertThat(joins(leader)).isEqualTo(1);
        }
    }

    /** disk.md 7: what an Apache leader sends while it is written to does not always become its tree. */
    @Test
    void aTreeThatWasSentWhileItChangedIsTakenAgainBeforeItCounts() throws Exception {
        DataTree leaders = new DataTree();
        QuorumPacket first = told(leaders, 1, "/a", 0);
        QuorumPacket second = told(leaders, 2, "/b", 1);
        try (FakeLeader leader = FakeLeader.of(history(first), List.of(second))) {
            assertThat(verify("--config", leader.config(directory), "--for", 1)).isEqualTo(1);
            assertThat(out.toString()).contains("the tree was sent while it changed: taking another", "NOT EQUAL");
            assertThat(joins(leader)).isEqualTo(3);
        }
    }

    private static long joins(FakeLeader leader) {
        return leader.heard().stream()
                .filter(packet -> packet.type() == PacketType.OBSERVERINFO)
                .count();
    }

    /** An Apache leader changes its tree while it sends it (disk.md 7). */
    @Test
    void digestsBeforeNewLeaderMeanNothing() throws Exception {
        DataTree leaders = new DataTree();
        QuorumPacket first = told(leaders, 1, "/a", 1);
        QuorumPacket second = told(leaders, 2, "/b", 0);
        try (FakeLeader leader = FakeLeader.of(history(first), List.of(second))) {
            assertThat(verify("--config", leader.config(directory), "--for", 1)).isZero();
        }
    }

    @Test
    void nothingToCompareIsNotEqual() throws Exception {
        try (FakeLeader leader = FakeLeader.of(history(), List.of())) {
            assertThat(verify("--config", leader.config(directory))).isEqualTo(2);
            assertThat(out.toString()).contains("the leader gives none", "no client address is known", "not verified");
        }
    }

    /** zab.md 7.2, 8.2: no epoch reported, no history claimed, two acknowledgements of the epoch, and answers to pings. */
    @Test
    void theObserverCountsForNothing() throws Exception {
        DataTree leaders = new DataTree();
        QuorumPacket ping = QuorumPacket.of(PacketType.PING, 5);
        try (FakeLeader leader = FakeLeader.of(history(), List.of(ping, told(leaders, 1, "/a", 0)))) {
            assertThat(verify("--config", leader.config(directory), "--for", 1)).isZero();
            assertThat(leader.heard())
                    .extracting(QuorumPacket::type)
                    .containsExactly(
                            PacketType.OBSERVERINFO,
                            PacketType.ACKEPOCH,
                            PacketType.ACK,
                            PacketType.ACK,
                            PacketType.PING);
            QuorumPacket info = leader.heard().get(0);
            assertThat(info.zxid()).isZero();
            assertThat(LearnerInfo.decode(info.data()).sid().value()).isEqualTo(254);
            QuorumPacket promise = leader.heard().get(1);
            assertThat(promise.zxid()).isEqualTo(-1);
            assertThat(AckEpoch.decode(promise.data()).epoch()).isEqualTo(AckEpoch.DO_NOT_COUNT);
        }
    }

    @Test
    void aLeaderThatSaysNonsenseIsNamed() throws Exception {
        QuorumPacket trunc = QuorumPacket.of(PacketType.TRUNC, 1);
        try (FakeLeader leader = FakeLeader.of(List.of(trunc), List.of())) {
            assertThat(verify("--config", leader.config(directory))).isEqualTo(2);
            assertThat(out.toString())
                    .contains("NOT COMPARED: no leader found", "server 7 at 127.0.0.1:", "cut its log");
        }
    }

    @Test
    void configurationsThatCannotWorkAreRefused() throws Exception {
        Path config = directory.resolve("zoo.cfg");
        Files.writeString(config, "dataDir=/d\nclientPort=2181\n");
        assertThat(verify("--config", config)).isEqualTo(2);
        assertThat(out.toString()).contains("names no server.N");
        Files.writeString(config, "sslQuorum=true\nserver.1=a:1:2\n");
        assertThat(verify("--config", config)).isEqualTo(2);
        assertThat(out.toString()).contains("clear text only");
        assertThat(verify("--config", directory.resolve("missing"))).isEqualTo(2);
        assertThat(verify("--servers", "nowhere")).isEqualTo(2);
        assertThat(verify()).isEqualTo(2);
    }

    private static List<QuorumPacket> history(QuorumPacket... informed) {
        List<QuorumPacket> history = new ArrayList<>(List.of(QuorumPacket.of(PacketType.DIFF, 0)));
        history.addAll(List.of(informed));
        return history;
    }

    /** An INFORM of the creation of a znode, which {@code leaders} applies; its digest is wrong by {@code error}. */
    private static QuorumPacket told(DataTree leaders, int counter, String path, long error) {
        Zxid zxid = Zxid.of(2, counter);
        TxnHeader header = new TxnHeader(1, 1, zxid, 1_000, OpCode.CREATE);
        CreateTxn create = new CreateTxn(path, Bytes.utf8("x"), Acl.OPEN, false, counter);
        leaders.apply(new Txn(header, create, null), TreeListener.NONE);
        TxnDigest digest = new TxnDigest(TxnDigest.VERSION, leaders.digest() + error);
        return QuorumPacket.of(PacketType.INFORM, zxid.value(), new Txn(header, create, digest).encode());
    }

    private int verify(@Nullable Object... args) {
        String[] texts = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            texts[i] = String.valueOf(args[i]);
        }
        return new CommandLine(new VerifyCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(new StringWriter(), true))
                .execute(texts);
    }
}
