package io.matriarch.wire.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.CodecLaws;
import io.matriarch.wire.Golden;
import io.matriarch.wire.Id;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Samples;
import io.matriarch.wire.Zxid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** zab.md 6 and appendix A. */
class TxnTest {
    private static final long SESSION = 0x100001882620000L;
    private static final Bytes HI = Bytes.utf8("hi");
    private static final TxnDigest DIGEST = new TxnDigest(2, 0x51c6d660L);
    private static final List<Acl> TWO =
            List.of(new Acl(31, new Id("world", "anyone")), new Acl(1, new Id("digest", "alice:h=")));
    private static final int[] TYPES = {-11, -10, -1, 1, 2, 5, 7, 14, 15, 16, 19, 20, 21};
    private static final int[] PART_TYPES = {-1, 1, 2, 5, 13, 15, 19, 20, 21};

    private static TxnHeader header(int type) {
        return new TxnHeader(SESSION, 7, new Zxid(0x100000005L), 1700000000000L, type);
    }

    private static Txn txn(int type, TxnBody body) {
        return new Txn(header(type), body, DIGEST);
    }

    private static Map<String, Txn> golden() {
        Map<String, Txn> all = new LinkedHashMap<>();
        all.put("createSession", txn(-10, new CreateSessionTxn(8000)));
        all.put("closeSession", txn(-11, new CloseSessionTxn(List.of("/a", "/b"))));
        all.put("closeSessionBare", new Txn(header(-11), new CloseSessionTxn(null), null));
        all.put("error", new Txn(header(-1), new ErrorTxn(-101), null));
        all.put("create", txn(1, new CreateTxn("/a", HI, Acl.OPEN, true, 4)));
        all.put("create2", txn(15, new CreateTxn("/a", null, TWO, false, 4)));
        all.put("delete", txn(2, new DeleteTxn("/a")));
        all.put("setData", txn(5, new SetDataTxn("/a", HI, 4)));
        all.put("setACL", txn(7, new SetAclTxn("/a", TWO, 4)));
        all.put("reconfig", txn(16, new SetDataTxn("/zookeeper/config", HI, -1)));
        all.put("createContainer", txn(19, new CreateContainerTxn("/a", HI, Acl.OPEN, 4)));
        all.put("deleteContainer", txn(20, new DeleteTxn("/a")));
        all.put("createTTL", txn(21, new CreateTtlTxn("/a", HI, Acl.OPEN, 4, 60_000)));
        all.put(
                "multi",
                txn(
                        14,
                        new MultiTxn(List.of(
                                new SubTxn(1, new CreateTxn("/m", HI, Acl.OPEN, false, 1)),
                                new SubTxn(5, new SetDataTxn("/m", null, 1)),
                                new SubTxn(13, new CheckTxn("/m", 1)),
                                new SubTxn(2, new DeleteTxn("/m"))))));
        return all;
    }

    @Test
    void encodesAndDecodesAsApache() {
        golden().forEach((name, txn) -> {
            Bytes bytes = Golden.bytes("txn." + name);
            assertThat(txn.encode()).as(name).isEqualTo(bytes);
            assertThat(Txn.decode(bytes)).as(name).isEqualTo(txn);
        });
    }

    @Test
    void sizesAreThoseOfTheBytes() {
        golden().forEach((name, txn) ->
                assertThat(txn.sizeBytes()).as(name).isEqualTo(txn.encode().length()));
        for (String path : List.of("/\u00e9", "/\u4e2d", "/\ud83d\ude00", "/\ud800", "/plain")) {
            Txn txn = txn(7, new SetAclTxn(path, List.of(new Acl(1, new Id(path, null))), 1));
            assertThat(txn.sizeBytes()).as(path).isEqualTo(txn.encode().length());
        }
        assertThat(JuteWriter.sizeOf((List<String>) null)).isEqualTo(4);
    }

    @Test
    void decodesAndReproducesTheVectorsOfALiveServer() {
        for (String hex : List.of(
                "0100001882620000 00000000 0000000100000001 000001a200fba216 fffffff6 · 00001f40 · 00000002 0000000051c6d660",
                "0100001882620000 00000004 0000000100000005 000001a200fba6e4 ffffffff · ffffff9b",
                "0100001882620000 00000008 0000000100000008 000001a200fbac02 fffffff5 ·"
                        + "00000001 0000000f 2f6531363834313731313732313738 · 00000002 000000035764da84",
                "0000000000001000 00000005 0000000100000001 0000018bcfe56800 00000001 · 00000002 2f61 00000002 6869"
                        + "00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65 00 00000001 ·"
                        + "00000002 00000001353f52c4")) {
            Bytes bytes = Golden.hex(hex);
            assertThat(Txn.decode(bytes).encode()).isEqualTo(bytes);
        }
    }

    @Test
    void creationsFromBefore34EndAfterTheEphemeralFlag() {
        assertThat(Txn.decode(Golden.bytes("txn.createV0")))
                .isEqualTo(new Txn(header(1), new CreateTxn("/a", HI, TWO, true, CreateTxn.INCREMENT), null));
    }

    @Test
    void aCloseSessionWithADigestButNoBodyLosesTheDigest() {
        assertThat(Txn.decode(Golden.bytes("txn.closeSessionBareDigest")))
                .isEqualTo(new Txn(header(-11), new CloseSessionTxn(null), null));
        assertThatThrownBy(() -> txn(-11, new CloseSessionTxn(null))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFailedPartOfAMultiMayHoldGarbage() {
        Txn txn = Txn.decode(Golden.bytes("txn.multiFailedGarbage"));
        MultiTxn multi = (MultiTxn) txn.body();
        assertThat(multi.isFailed()).isTrue();
        assertThat(multi.parts())
                .containsExactly(
                        new SubTxn(-1, new ErrorTxn(9)),
                        new SubTxn(-1, new ErrorTxn(-101)),
                        new SubTxn(-1, new ErrorTxn(-2)));
        assertThat(txn.digest()).isEqualTo(DIGEST);
        assertThat(((MultiTxn) golden().get("multi").body()).isFailed()).isFalse();
    }

    @Test
    void checkExistsInsideMultiOnly() {
        assertThatThrownBy(() -> txn(13, new CheckTxn("/a", 1))).isInstanceOf(IllegalArgumentException.class);
        JuteWriter out = new JuteWriter();
        header(13).encode(out);
        new CheckTxn("/a", 1).encode(out);
        assertThatThrownBy(() -> Txn.decode(out.toBytes()))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("check");
    }

    @Test
    void unknownTypesAreRefused() {
        for (int type : new int[] {0, 3, 6, 22, 23, 100, -2, -12, Integer.MIN_VALUE}) {
            JuteWriter out = new JuteWriter();
            header(type).encode(out);
            out.writeRaw(Bytes.wrap(new byte[100]));
            assertThatThrownBy(() -> Txn.decode(out.toBytes()))
                    .as("type %d", type)
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void aBodyMustFitItsType() {
        assertThatThrownBy(() -> txn(1, new DeleteTxn("/a"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SubTxn(14, new MultiTxn(List.of()))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SubTxn(5, new DeleteTxn("/a"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNullAccessListMeansOpen() {
        JuteWriter out = new JuteWriter();
        header(1).encode(out);
        out.writeString("/a");
        out.writeBuffer(null);
        out.writeInt(-1);
        out.writeBoolean(false);
        out.writeInt(1);
        assertThat(Txn.decode(out.toBytes()).body()).isEqualTo(new CreateTxn("/a", null, Acl.OPEN, false, 1));
    }

    @Test
    void aPieceOfADigestIsMalformed() {
        Bytes whole = golden().get("delete").encode();
        for (int missing = 1; missing < TxnDigest.SIZE_BYTES; missing++) {
            Bytes cut = whole.slice(0, whole.length() - missing);
            assertThatThrownBy(() -> Txn.decode(cut)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void everyTransactionRoundTripsAndSurvivesCutsAndNoise() {
        Samples any = new Samples(11);
        for (int type : TYPES) {
            for (int i = 0; i < 60; i++) {
                TxnBody body = body(type, any);
                boolean bare = body instanceof CloseSessionTxn close && close.paths() == null;
                TxnDigest digest = bare || any.aBoolean() ? null : new TxnDigest(2, any.aLong());
                TxnHeader header = new TxnHeader(any.aLong(), any.anInt(), any.zxid(), any.aLong(), type);
                Txn txn = new Txn(header, body, digest);
                Bytes bytes = CodecLaws.inTheMiddle(txn.encode());
                assertThat(Txn.decode(bytes)).isEqualTo(txn);
                CodecLaws.refusesEveryCut(bytes.slice(0, TxnHeader.SIZE_BYTES), Txn::decode);
                CodecLaws.survivesEveryCut(bytes, Txn::decode);
                CodecLaws.survivesNoise(any.random(), bytes, Txn::decode);
            }
        }
        CodecLaws.survivesRandomBytes(any.random(), Txn::decode);
    }

    private static TxnBody body(int type, Samples any) {
        return switch (type) {
            case -11 -> new CloseSessionTxn(any.random().nextInt(4) == 0 ? null : any.paths());
            case -10 -> new CreateSessionTxn(any.anInt());
            case -1 -> new ErrorTxn(any.anInt());
            case 1, 15 -> new CreateTxn(any.path(), any.nullableBytes(), any.acl(), any.aBoolean(), any.anInt());
            case 2, 20 -> new DeleteTxn(any.path());
            case 5, 16 -> new SetDataTxn(any.path(), any.nullableBytes(), any.anInt());
            case 7 -> new SetAclTxn(any.path(), any.acl(), any.anInt());
            case 13 -> new CheckTxn(any.path(), any.anInt());
            case 14 -> new MultiTxn(any.list(() -> part(PART_TYPES[any.random().nextInt(PART_TYPES.length)], any)));
            case 19 -> new CreateContainerTxn(any.path(), any.nullableBytes(), any.acl(), any.anInt());
            case 21 -> new CreateTtlTxn(any.path(), any.nullableBytes(), any.acl(), any.anInt(), any.aLong());
            default -> throw new IllegalArgumentException("no sample of " + type);
        };
    }

    private static SubTxn part(int type, Samples any) {
        return new SubTxn(type, body(type, any));
    }
}
