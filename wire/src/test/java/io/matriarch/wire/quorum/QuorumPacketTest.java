package io.matriarch.wire.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.CodecLaws;
import io.matriarch.wire.Golden;
import io.matriarch.wire.Id;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Samples;
import io.matriarch.wire.ServerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** zab.md 3, 4 and appendix A. */
class QuorumPacketTest {
    private static Map<Bytes, QuorumPacket> golden() {
        Map<Bytes, QuorumPacket> all = new LinkedHashMap<>();
        all.put(
                Golden.hex("0000000b 0000000000000000 00000014 0000000000000009 00010000 0000000000000000 ffffffff"),
                QuorumPacket.of(PacketType.FOLLOWERINFO, 0, new LearnerInfo(new ServerId(9), 0x10000, 0, 0).encode()));
        all.put(
                Golden.hex("00000011 0000000100000000 00000004 00010000 ffffffff"),
                QuorumPacket.of(PacketType.LEADERINFO, 0x100000000L, new LeaderInfo(0x10000, 0).encode()));
        all.put(
                Golden.hex("00000012 0000000000000000 00000004 00000000 ffffffff"),
                QuorumPacket.of(PacketType.ACKEPOCH, 0, new AckEpoch(0).encode()));
        all.put(
                Golden.hex("00000003 0000000100000000 ffffffff ffffffff"),
                QuorumPacket.of(PacketType.ACK, 0x100000000L));
        all.put(Golden.hex("0000000c ffffffffffffffff ffffffff ffffffff"), QuorumPacket.of(PacketType.UPTODATE, -1));
        all.put(
                Golden.hex("00000005 0000000100000005 00000000 ffffffff"),
                QuorumPacket.of(PacketType.PING, 0x100000005L, SessionTouch.encodeAll(List.of())));
        List<Id> ids = List.of(new Id("ip", "127.0.0.1"), new Id("digest", "a:b"));
        all.put(Golden.bytes("packet.request"), new QuorumPacket(PacketType.REQUEST, -1, Bytes.utf8("hi"), ids));
        all.put(Golden.bytes("packet.ack"), QuorumPacket.of(PacketType.ACK, 0x100000001L));
        all.put(Golden.bytes("packet.pingEmpty"), QuorumPacket.of(PacketType.PING, 0x100000001L, Bytes.EMPTY));
        all.put(Golden.bytes("packet.commit"), new QuorumPacket(PacketType.COMMIT, 0x100000001L, null, List.of()));
        return all;
    }

    @Test
    void encodesAndDecodesAsApache() {
        golden().forEach((bytes, packet) -> {
            assertThat(packet.encode()).as(packet.toString()).isEqualTo(bytes);
            assertThat(QuorumPacket.decode(bytes)).isEqualTo(packet);
        });
    }

    @Test
    void aStreamOfPacketsDecodesTheSameHoweverItIsCut() {
        Samples any = new Samples(6);
        List<QuorumPacket> packets = new ArrayList<>();
        JuteWriter out = new JuteWriter();
        for (int i = 0; i < 200; i++) {
            QuorumPacket packet = sample(any);
            packets.add(packet);
            packet.encode(out);
        }
        Bytes stream = out.toBytes();
        for (int step : new int[] {1, 3, 19, 20, 21, 500, stream.length()}) {
            assertThat(decodeInSteps(stream, step)).as("in steps of %d", step).isEqualTo(packets);
        }
    }

    @Test
    void everyCutAsksForMoreAndLeavesTheReaderInPlace() {
        Samples any = new Samples(7);
        for (int i = 0; i < 200; i++) {
            QuorumPacket packet = sample(any);
            Bytes whole = CodecLaws.inTheMiddle(packet.encode());
            for (int length = 0; length < whole.length(); length++) {
                JuteReader in = new JuteReader(whole.slice(0, length));
                assertThat(QuorumPacket.tryDecode(in)).isNull();
                assertThat(in.position()).isZero();
            }
            CodecLaws.refusesEveryCut(whole, QuorumPacket::decode);
            CodecLaws.survivesNoise(any.random(), whole, b -> QuorumPacket.tryDecode(new JuteReader(b)));
            CodecLaws.survivesNoise(any.random(), whole, QuorumPacket::decode);
        }
        CodecLaws.survivesRandomBytes(any.random(), b -> QuorumPacket.tryDecode(new JuteReader(b)));
    }

    @Test
    void anUnreasonableLengthIsRefusedBeforeItsBytesArrive() {
        Bytes tooLong = Golden.hex("00000002 0000000100000001 00000065");
        assertThat(QuorumPacket.sizeIfComplete(Golden.hex("00000002 0000000100000001 00000064 00"), 100))
                .isEqualTo(QuorumPacket.INCOMPLETE);
        for (Bytes bad : List.of(
                tooLong,
                Golden.hex("00000002 0000000100000001 fffffffe"),
                Golden.hex("00000002 0000000100000001 ffffffff 7fffffff"),
                Golden.hex("00000002 0000000100000001 ffffffff fffffffe"))) {
            assertThatThrownBy(() -> QuorumPacket.sizeIfComplete(bad, 100)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void manyIdsCannotMakeAPacketLargerThanTwiceTheLimit() {
        JuteWriter out = new JuteWriter();
        out.writeInt(PacketType.REQUEST);
        out.writeLong(-1);
        out.writeBuffer(null);
        out.writeInt(4096);
        for (int i = 0; i < 6; i++) {
            out.writeString("x".repeat(50));
        }
        assertThatThrownBy(() -> QuorumPacket.sizeIfComplete(out.toBytes(), 100))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("beyond 200 bytes");
    }

    @Test
    void typesHaveTheirNames() {
        assertThat(PacketType.name(PacketType.REQUEST)).isEqualTo("REQUEST");
        assertThat(PacketType.name(PacketType.INFORMANDACTIVATE)).isEqualTo("INFORMANDACTIVATE");
        assertThat(PacketType.name(0)).isEqualTo("packet0");
        assertThat(PacketType.name(21)).isEqualTo("packet21");
    }

    private static List<QuorumPacket> decodeInSteps(Bytes stream, int step) {
        List<QuorumPacket> decoded = new ArrayList<>();
        int start = 0;
        for (int end = 0; start < stream.length(); end = Math.min(end + step, stream.length())) {
            JuteReader in = new JuteReader(stream.slice(start, Math.max(start, end)));
            for (QuorumPacket p = QuorumPacket.tryDecode(in); p != null; p = QuorumPacket.tryDecode(in)) {
                decoded.add(p);
            }
            start += in.position();
        }
        return decoded;
    }

    private static QuorumPacket sample(Samples any) {
        List<Id> auth = any.aBoolean() ? null : any.list(any::id);
        return new QuorumPacket(any.anInt(), any.aLong(), any.nullableBytes(), auth);
    }
}
