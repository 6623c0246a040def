package io.matriarch.wire.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.CodecLaws;
import io.matriarch.wire.Golden;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Samples;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotDecoder.Source;
import io.matriarch.wire.disk.SnapshotPiece.End;
import io.matriarch.wire.disk.SnapshotPiece.Nodes;
import io.matriarch.wire.disk.SnapshotPiece.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Adler32;
import org.junit.jupiter.api.Test;

/** disk.md 5 and zab.md 9. */
class SnapshotTest {
    private static final int LIMIT = 1 << 20;
    private static final Bytes FILE = Golden.bytes("snapshot.file");
    private static final Bytes WIRE = Golden.bytes("snapshot.wire");

    @Test
    void readsTheStreamThatApacheWroteAndWritesTheSameBytes() {
        List<SnapshotPiece> pieces = decode(Source.WIRE, WIRE, 7);
        assertThat(pieces.get(0)).isInstanceOf(Tables.class);
        assertThat(((Tables) pieces.get(0)).sessions()).containsExactly(Map.entry(0x1000L, 30_000));
        assertThat(nodesOf(pieces))
                .extracting(NodeRecord::path)
                .contains("", "/a", "/e", "/zookeeper", "/zookeeper/quota")
                .startsWith("");
        assertThat(pieces.get(pieces.size() - 1)).isEqualTo(End.BARE);
        assertThat(encode(Source.WIRE, pieces)).isEqualTo(WIRE);
    }

    @Test
    void aFileIsTheStreamInsideHeaderAndSeals() {
        SnapshotFormat.checkHeader(FILE.slice(0, SnapshotFormat.HEADER_BYTES));
        SnapshotDecoder decoder = new SnapshotDecoder(Source.FILE, LIMIT);
        decoder.feed(FILE.slice(SnapshotFormat.HEADER_BYTES, FILE.length()));
        List<SnapshotPiece> pieces = drain(decoder);
        assertThat(decoder.isDone()).isTrue();
        int streamEnd = FILE.length() - decoder.rest().length();

        JuteWriter out = new JuteWriter();
        SnapshotFormat.encodeHeader(out);
        out.writeRaw(encode(Source.FILE, pieces));
        assertThat(out.length()).isEqualTo(streamEnd);
        SnapshotFormat.encodeSeal(out, adler(out));
        int trailer = out.length();
        End end = SnapshotFormat.decodeDigest(FILE.slice(trailer, trailer + SnapshotFormat.DIGEST_BYTES));
        SnapshotFormat.encodeDigest(out, end.zxid(), end.digest());
        SnapshotFormat.encodeSeal(out, adler(out));
        int last = out.length();
        Zxid zxid = SnapshotFormat.decodeLastZxid(FILE.slice(last, last + SnapshotFormat.LAST_ZXID_BYTES));
        SnapshotFormat.encodeLastZxid(out, zxid);
        SnapshotFormat.encodeSeal(out, adler(out));

        assertThat(out.toBytes()).isEqualTo(FILE);
        assertThat(zxid).isEqualTo(new Zxid(0x100000002L));
    }

    @Test
    void aSealIsThirteenBytes() {
        JuteWriter out = new JuteWriter();
        SnapshotFormat.encodeSeal(out, 0x2812479FL);
        Bytes seal = out.toBytes();
        assertThat(seal).isEqualTo(Golden.hex("000000002812479f 00000001 2f"));
        assertThat(SnapshotFormat.decodeSeal(seal)).isEqualTo(0x2812479FL);
    }

    @Test
    void piecesAreTheSameHoweverTheStreamIsCut() {
        Samples any = new Samples(12);
        for (int round = 0; round < 30; round++) {
            Tables tables = tables(any);
            List<NodeRecord> nodes = nodes(any, any.random().nextInt(600));
            for (Source source : Source.values()) {
                Bytes stream = encode(source, List.of(tables, new Nodes(nodes), End.BARE));
                for (int step : new int[] {1, 2, 13, 100, 5000, stream.length()}) {
                    List<SnapshotPiece> pieces = decode(source, stream, step);
                    assertThat(pieces.get(0)).isEqualTo(tables);
                    assertThat(nodesOf(pieces)).isEqualTo(nodes);
                    assertThat(pieces.get(pieces.size() - 1)).isEqualTo(End.BARE);
                }
            }
        }
    }

    @Test
    void nothingDecodedSharesTheFedArray() {
        byte[] chunk = WIRE.toByteArray();
        SnapshotDecoder decoder = new SnapshotDecoder(Source.WIRE, LIMIT);
        decoder.feed(Bytes.wrap(chunk));
        java.util.Arrays.fill(chunk, (byte) 0);
        assertThat(encode(Source.WIRE, drain(decoder))).isEqualTo(WIRE);
    }

    @Test
    void whatFollowsTheSnapshotIsLeftOver() {
        JuteWriter out = new JuteWriter();
        out.writeRaw(WIRE);
        out.writeInt(42);
        SnapshotDecoder decoder = new SnapshotDecoder(Source.WIRE, LIMIT);
        decoder.feed(out.toBytes());
        drain(decoder);
        assertThat(decoder.isDone()).isTrue();
        assertThat(decoder.rest()).isEqualTo(Golden.hex("0000002a"));
    }

    @Test
    void aCutStreamNeverEnds() {
        for (int length = 0; length < WIRE.length(); length++) {
            SnapshotDecoder decoder = new SnapshotDecoder(Source.WIRE, LIMIT);
            decoder.feed(WIRE.slice(0, length));
            drain(decoder);
            assertThat(decoder.isDone()).isFalse();
        }
    }

    @Test
    void noiseIsUnderstoodOrRefused() {
        Samples any = new Samples(13);
        for (int i = 0; i < 100; i++) {
            CodecLaws.survivesNoise(any.random(), WIRE, b -> decode(Source.WIRE, b, b.length()));
        }
        CodecLaws.survivesRandomBytes(any.random(), b -> decode(Source.FILE, b, Math.max(1, b.length())));
    }

    @Test
    void brokenStreamsAreRefused() {
        String empty = "00000000 00000000 ";
        String root = "00000000 ffffffff" + "00".repeat(NodeRecord.FIXED_BYTES);
        refuses("ffffffff", "table of -1");
        refuses("00000000 80000000", "table of");
        refuses("00000000 00000001 0000000000000001 ffffffff", "null access list");
        refuses("00000000 00000001 0000000000000001 7fffffff", "access list of");
        refuses(empty + "ffffffff" + root, "null path");
        refuses(empty + "00000002 2f61 ffffffff" + "00".repeat(NodeRecord.FIXED_BYTES), "not with its root");
        refuses(empty + root + root, "second root");
        refuses(empty + "00000001 2f 0000000a 42656e5761734865726" + "5", "without a root");
        refuses(empty + root + "00000001 2f 0000000a 42656e57617348657266", "without its signature");
        refuses(empty + "00000000 00100001", "unreasonable");
        refuses(empty + "7fffffff", "unreasonable");
    }

    @Test
    void anEndlessAccessListIsRefusedAtTheLimit() {
        SnapshotDecoder decoder = new SnapshotDecoder(Source.WIRE, 1000);
        JuteWriter out = new JuteWriter();
        out.writeInt(0);
        out.writeInt(1);
        out.writeLong(1);
        out.writeInt(80);
        for (int i = 0; i < 80; i++) {
            Acl.OPEN.get(0).encode(out);
        }
        decoder.feed(out.toBytes());
        assertThatThrownBy(decoder::next).hasMessageContaining("beyond 1000 bytes");
    }

    @Test
    void theEndPathNamesNoZnode() {
        NodeRecord end = new NodeRecord("/", null, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThatThrownBy(() -> SnapshotEncoder.encodeNodes(List.of(end), new JuteWriter()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void refuses(String hex, String reason) {
        SnapshotDecoder decoder = new SnapshotDecoder(Source.WIRE, LIMIT);
        decoder.feed(Golden.hex(hex));
        assertThatThrownBy(() -> drain(decoder))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(reason);
    }

    private static List<SnapshotPiece> decode(Source source, Bytes stream, int step) {
        SnapshotDecoder decoder = new SnapshotDecoder(source, LIMIT);
        List<SnapshotPiece> pieces = new ArrayList<>();
        for (int at = 0; at < stream.length(); at += step) {
            decoder.feed(stream.slice(at, Math.min(stream.length(), at + step)));
            pieces.addAll(drain(decoder));
        }
        return pieces;
    }

    private static List<SnapshotPiece> drain(SnapshotDecoder decoder) {
        List<SnapshotPiece> pieces = new ArrayList<>();
        for (SnapshotPiece piece = decoder.next(); piece != null; piece = decoder.next()) {
            pieces.add(piece);
        }
        return pieces;
    }

    private static List<NodeRecord> nodesOf(List<SnapshotPiece> pieces) {
        List<NodeRecord> nodes = new ArrayList<>();
        for (SnapshotPiece piece : pieces) {
            if (piece instanceof Nodes some) {
                assertThat(some.nodes()).hasSizeBetween(1, SnapshotDecoder.MAX_BATCH);
                nodes.addAll(some.nodes());
            }
        }
        return nodes;
    }

    private static Bytes encode(Source source, List<SnapshotPiece> pieces) {
        JuteWriter out = new JuteWriter();
        for (SnapshotPiece piece : pieces) {
            SnapshotEncoder.encode(piece, out);
        }
        if (source == Source.WIRE) {
            SnapshotEncoder.encodeSignature(out);
        }
        return out.toBytes();
    }

    private static long adler(JuteWriter out) {
        Adler32 adler = new Adler32();
        adler.update(out.array(), 0, out.length());
        return adler.getValue();
    }

    private static Tables tables(Samples any) {
        Map<Long, Integer> sessions = new LinkedHashMap<>();
        Map<Long, List<Acl>> acls = new LinkedHashMap<>();
        for (int i = any.random().nextInt(20); i > 0; i--) {
            sessions.put(any.random().nextLong(), any.anInt());
            acls.put((long) i, any.acl());
        }
        return new Tables(sessions, acls);
    }

    private static List<NodeRecord> nodes(Samples any, int count) {
        List<NodeRecord> nodes = new ArrayList<>();
        for (int i = 0; i <= count; i++) {
            nodes.add(new NodeRecord(
                    i == 0 ? "" : any.path(),
                    any.nullableBytes(),
                    any.aLong(),
                    any.aLong(),
                    any.aLong(),
                    any.aLong(),
                    any.aLong(),
                    any.anInt(),
                    any.anInt(),
                    any.anInt(),
                    any.aLong(),
                    any.aLong()));
        }
        return nodes;
    }
}
