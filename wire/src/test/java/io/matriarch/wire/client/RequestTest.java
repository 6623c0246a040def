package io.matriarch.wire.client;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** client.md 5, 6 and 12.1. */
class RequestTest {
    private static final Bytes HI = Bytes.utf8("hi");
    private static final List<Acl> TWO =
            List.of(new Acl(31, new Id("world", "anyone")), new Acl(1, new Id("digest", "alice:h=")));

    /** What Apache's own classes were given when the golden bytes were made. */
    private static Map<String, Request> golden() {
        Map<String, Request> all = new LinkedHashMap<>();
        all.put("create", new Request.Create(1, "/a", HI, Acl.OPEN, 3, -1));
        all.put("createNulls", new Request.Create(1, "/käse/日", null, null, 0, -1));
        all.put("create2", new Request.Create(15, "/a", Bytes.EMPTY, TWO, 0, -1));
        all.put("createContainer", new Request.Create(19, "/a", HI, Acl.OPEN, 4, -1));
        all.put("createTTL", new Request.Create(21, "/a", HI, Acl.OPEN, 5, 60_000));
        all.put("delete", new Request.Delete("/a", -1));
        all.put("exists", new Request.Exists("/a", true));
        all.put("getData", new Request.GetData("/a", false));
        all.put("getChildren", new Request.GetChildren("/a", true, false));
        all.put("getChildren2", new Request.GetChildren("/a", false, true));
        all.put("setData", new Request.SetData("/a", HI, 9));
        all.put("getACL", new Request.GetAcl("/a"));
        all.put("setACL", new Request.SetAcl("/a", TWO, 2));
        all.put("sync", new Request.Sync("/a"));
        all.put("check", new Request.Check("/a", 3));
        all.put("reconfig", new Request.Reconfig("server.4=h:1:2;3", null, null, -1));
        all.put("sasl", new Request.Sasl(HI));
        all.put("auth", new Request.Auth(0, "digest", Bytes.utf8("a:b")));
        List<String> a = List.of("/a");
        List<String> bc = List.of("/b", "/c");
        all.put("setWatches", new Request.SetWatches(0x100000005L, a, bc, List.of(), List.of(), List.of(), false));
        all.put(
                "setWatches2",
                new Request.SetWatches(0x100000005L, a, bc, List.of(), List.of("/p"), List.of("/r"), true));
        all.put("addWatch", new Request.AddWatch("/a", 1));
        all.put("checkWatches", new Request.CheckWatches("/a", 3));
        all.put("removeWatches", new Request.RemoveWatches("/a", 2));
        all.put("getEphemerals", new Request.GetEphemerals("/a"));
        all.put("getAllChildrenNumber", new Request.GetAllChildrenNumber("/a"));
        all.put(
                "multi",
                new Request.Multi(List.of(
                        new Request.Create(1, "/m", HI, Acl.OPEN, 0, -1),
                        new Request.Create(21, "/t", HI, Acl.OPEN, 5, 60_000),
                        new Request.Create(19, "/c", HI, Acl.OPEN, 4, -1),
                        new Request.Delete("/a", 1),
                        new Request.SetData("/b", null, 2),
                        new Request.Check("/d", 3))));
        all.put(
                "multiRead",
                new Request.MultiRead(
                        List.of(new Request.GetData("/a", false), new Request.GetChildren("/b", false, false))));
        all.put("multiEmpty", new Request.Multi(List.of()));
        return all;
    }

    @Test
    void encodesAndDecodesAsApache() {
        golden().forEach((name, request) -> {
            Bytes bytes = Golden.bytes("request." + name);
            assertThat(request.encode()).as(name).isEqualTo(bytes);
            assertThat(Request.decode(request.opcode(), bytes)).as(name).isEqualTo(request);
        });
        assertThat(Golden.names().stream().filter(n -> n.startsWith("request.")))
                .hasSameSizeAs(golden().keySet());
    }

    @Test
    void everyRequestRoundTripsAndSurvivesCutsAndNoise() {
        Samples any = new Samples(2);
        for (int opcode : SampleRequests.OPCODES) {
            for (int i = 0; i < 40; i++) {
                Request request = SampleRequests.of(opcode, any);
                Bytes bytes = CodecLaws.inTheMiddle(request.encode());
                assertThat(request.opcode()).isEqualTo(opcode);
                assertThat(Request.decode(opcode, bytes)).isEqualTo(request);
                CodecLaws.refusesEveryCut(bytes, b -> Request.decode(opcode, b));
                CodecLaws.survivesNoise(any.random(), bytes, b -> Request.decode(opcode, b));
            }
            CodecLaws.survivesRandomBytes(any.random(), b -> Request.decode(opcode, b));
        }
    }

    @Test
    void bytesBehindARequestAreIgnored() {
        assertThat(Request.decode(OpCode.GET_ACL, Golden.hex("00000002 2f61 0102")))
                .isEqualTo(new Request.GetAcl("/a"));
    }

    @Test
    void aNullPathIsMalformed() {
        Bytes nulls = Bytes.wrap(new byte[64]);
        java.util.Arrays.fill(nulls.array(), (byte) -1);
        for (int opcode : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15, 17, 18, 19, 20, 21, 104, 106}) {
            assertThatThrownBy(() -> Request.decode(opcode, nulls))
                    .as(OpCode.name(opcode))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("null path");
        }
    }

    @Test
    void identitiesWithNullsDecodeSoThatTheyCanBeRefusedAsInvalid() {
        Bytes body = Golden.hex("00000002 2f61 ffffffff 00000001 0000001f ffffffff ffffffff 00000000");
        Request.Create create = (Request.Create) Request.decode(OpCode.CREATE, body);
        assertThat(create.acl()).containsExactly(new Acl(31, new Id(null, null)));
    }

    @Test
    void unknownCreateModesDecodeAloneButSpoilAMulti() {
        Request create = new Request.Create(OpCode.CREATE, "/a", HI, Acl.OPEN, 7, -1);
        assertThat(Request.decode(OpCode.CREATE, create.encode())).isEqualTo(create);
        Bytes multi = new Request.Multi(List.of(create)).encode();
        assertThatThrownBy(() -> Request.decode(OpCode.MULTI, multi)).hasMessageContaining("create mode 7");
    }

    @Test
    void multiTakesWritesOnlyAndMultiReadTakesReadsOnly() {
        Samples any = new Samples(3);
        for (int opcode : SampleRequests.OPCODES) {
            Request op = SampleRequests.of(opcode, any);
            Bytes body = new Request.Multi(List.of(op)).encode();
            boolean write = List.of(1, 2, 5, 13, 15, 19, 21).contains(opcode);
            boolean read = List.of(4, 8).contains(opcode);
            assertThat(decodes(OpCode.MULTI, body)).as("multi of %d", opcode).isEqualTo(write);
            assertThat(decodes(OpCode.MULTI_READ, body))
                    .as("multiRead of %d", opcode)
                    .isEqualTo(read);
        }
    }

    @Test
    void aDeeplyNestedMultiIsRefusedAtOnce() {
        JuteWriter out = new JuteWriter();
        for (int i = 0; i < 100_000; i++) {
            MultiHeader.encode(out, OpCode.MULTI, -1);
        }
        assertThat(decodes(OpCode.MULTI, out.toBytes())).isFalse();
    }

    @Test
    void onlyTheOperationsOfTheTableAreKnown() {
        List<Integer> known = List.of(
                1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17, 18, 19, 21, 22, 100, 101, 102, 103, 104, 105, 106,
                107, -11);
        for (int opcode = -1000; opcode < 1000; opcode++) {
            assertThat(Request.isKnown(opcode)).as("%d", opcode).isEqualTo(known.contains(opcode));
        }
    }

    @Test
    void aFrameIsXidTypeAndBody() {
        Bytes frame = Golden.bytes("clientRequest");
        ClientRequest request = ClientRequest.decode(frame);
        assertThat(request).isEqualTo(new ClientRequest(5, 4, new Request.GetData("/a", true).encode()));
        assertThat(request.encode()).isEqualTo(frame);
        CodecLaws.refusesEveryCut(frame.slice(0, 8), ClientRequest::decode);
    }

    private static boolean decodes(int opcode, Bytes body) {
        try {
            Request.decode(opcode, body);
            return true;
        } catch (MalformedException refused) {
            return false;
        }
    }
}
