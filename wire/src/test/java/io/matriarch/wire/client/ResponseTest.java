package io.matriarch.wire.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.CodecLaws;
import io.matriarch.wire.Golden;
import io.matriarch.wire.Id;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.Samples;
import io.matriarch.wire.Stat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** client.md 4, 5, 12.2, 12.3 and 13.5. */
class ResponseTest {
    private static final Bytes HI = Bytes.utf8("hi");
    private static final Stat STAT = new Stat(
            0x100000001L,
            0x100000002L,
            1700000000000L,
            1700000000001L,
            3,
            4,
            5,
            0x100001882620000L,
            2,
            6,
            0x100000003L);
    private static final int[] OPCODES = {1, 3, 4, 6, 8, 9, 12, 14, 15, 22, 102, 103, 104, 106, 107, 0};

    private record Case(int opcode, Response response) {}

    private static Map<String, Case> golden() {
        Map<String, Case> all = new LinkedHashMap<>();
        List<Acl> two = List.of(new Acl(31, new Id("world", "anyone")), new Acl(1, new Id("digest", "alice:h=")));
        all.put("create", new Case(1, new Response.Created("/a")));
        all.put("create2", new Case(15, new Response.CreatedWithStat("/a", STAT)));
        all.put("exists", new Case(3, new Response.StatOnly(STAT)));
        all.put("getData", new Case(4, new Response.Data(HI, STAT)));
        all.put("getChildren", new Case(8, new Response.Children(List.of("x", "y"))));
        all.put("getChildren2", new Case(12, new Response.ChildrenWithStat(List.of(), STAT)));
        all.put("getACL", new Case(6, new Response.AclList(two, STAT)));
        all.put("sync", new Case(9, new Response.SyncPath("/a")));
        all.put("sasl", new Case(102, new Response.SaslToken(null)));
        all.put("addWatch", new Case(106, new Response.ErrorBody(0)));
        all.put("getEphemerals", new Case(103, new Response.Ephemerals(List.of("/e"))));
        all.put("getAllChildrenNumber", new Case(104, new Response.ChildCount(13)));
        all.put(
                "whoAmI",
                new Case(107, new Response.WhoAmI(List.of(new Id("ip", "127.0.0.1"), new Id("digest", "a")))));
        all.put(
                "multi",
                multi(
                        14,
                        new OpResult(1, 0, new Response.Created("/m")),
                        new OpResult(15, 0, new Response.CreatedWithStat("/t", STAT)),
                        new OpResult(2, 0, null),
                        new OpResult(5, 0, new Response.StatOnly(STAT)),
                        new OpResult(13, 0, null)));
        all.put("multiFailed", multi(14, OpResult.failed(0), OpResult.failed(-101), OpResult.failed(-2)));
        all.put(
                "multiRead",
                multi(
                        22,
                        new OpResult(4, 0, new Response.Data(HI, STAT)),
                        new OpResult(8, 0, new Response.Children(List.of("x"))),
                        OpResult.failed(-102)));
        return all;
    }

    private static Case multi(int opcode, OpResult... results) {
        return new Case(opcode, new Response.MultiResults(List.of(results)));
    }

    @Test
    void encodesAndDecodesAsApache() {
        golden().forEach((name, expected) -> {
            Bytes bytes = Golden.bytes("response." + name);
            assertThat(encode(expected.response)).as(name).isEqualTo(bytes);
            assertThat(decode(expected.opcode, bytes)).as(name).isEqualTo(expected.response);
        });
        assertThat(Golden.names().stream().filter(n -> n.startsWith("response.")))
                .hasSameSizeAs(golden().keySet());
    }

    @Test
    void repliesAreHeaderAndBody() {
        Map<String, Reply> replies = Map.of(
                "getData", new Reply(5, 0x100000005L, 0, new Response.Data(HI, STAT)),
                "failed", Reply.failed(5, 0x100000005L, ErrorCode.NO_NODE),
                "notification", Reply.notification(0x100000005L, new WatchEvent(3, 3, "/a")));
        replies.forEach((name, reply) -> {
            JuteWriter out = new JuteWriter();
            reply.encode(out);
            Bytes frame = out.toBytes();
            assertThat(frame).as(name).isEqualTo(Golden.bytes("reply." + name));
            assertThat(Reply.decode(OpCode.GET_DATA, frame)).isEqualTo(reply);
        });
    }

    @Test
    void aFramedReplyStartsWithItsLength() {
        JuteWriter out = new JuteWriter();
        Reply.failed(1, 2, -101).encodeFramed(out);
        Reply.failed(2, 3, 0).encodeFramed(out);
        assertThat(out.toBytes())
                .isEqualTo(Golden.hex(
                        "00000010 00000001 0000000000000002 ffffff9b" + "00000010 00000002 0000000000000003 00000000"));
    }

    @Test
    void aSaslRefusalHasABodyBesideItsError() {
        Reply refusal = new Reply(3, 0, ErrorCode.AUTH_FAILED, new Response.SaslToken(null));
        JuteWriter out = new JuteWriter();
        refusal.encode(out);
        Bytes frame = out.toBytes();
        assertThat(frame.length()).isEqualTo(20);
        assertThat(Reply.decode(OpCode.SASL, frame)).isEqualTo(refusal);
    }

    @Test
    void operationsWithoutABodyAnswerNone() {
        for (int opcode : new int[] {2, 11, 17, 18, 100, 101, 105, -11}) {
            assertThat(decode(opcode, Bytes.EMPTY)).isNull();
        }
    }

    @Test
    void everyResponseRoundTripsAndSurvivesCutsAndNoise() {
        Samples any = new Samples(4);
        for (int opcode : OPCODES) {
            for (int i = 0; i < 40; i++) {
                Response response = sample(opcode, any);
                Bytes bytes = CodecLaws.inTheMiddle(encode(response));
                assertThat(decode(opcode, bytes)).isEqualTo(response);
                CodecLaws.refusesEveryCut(bytes, b -> decode(opcode, b));
                CodecLaws.survivesNoise(any.random(), bytes, b -> decode(opcode, b));
            }
            CodecLaws.survivesRandomBytes(any.random(), b -> decode(opcode, b));
        }
    }

    private static Response sample(int opcode, Samples any) {
        return switch (opcode) {
            case 0 -> new WatchEvent(any.anInt(), any.anInt(), any.path());
            case 1 -> new Response.Created(any.path());
            case 3 -> new Response.StatOnly(any.stat());
            case 4 -> new Response.Data(any.nullableBytes(), any.stat());
            case 6 -> new Response.AclList(any.acl(), any.stat());
            case 8 -> new Response.Children(any.list(any::text));
            case 9 -> new Response.SyncPath(any.nullableText());
            case 12 -> new Response.ChildrenWithStat(any.list(any::text), any.stat());
            case 15 -> new Response.CreatedWithStat(any.path(), any.stat());
            case 102 -> new Response.SaslToken(any.nullableBytes());
            case 103 -> new Response.Ephemerals(any.paths());
            case 104 -> new Response.ChildCount(any.anInt());
            case 106 -> new Response.ErrorBody(any.anInt());
            case 107 -> new Response.WhoAmI(any.list(any::id));
            case 14 ->
                new Response.MultiResults(any.list(
                        () -> any.aBoolean() ? OpResult.failed(any.anInt()) : new OpResult(15, 0, sample(15, any))));
            case 22 -> new Response.MultiResults(any.list(() -> new OpResult(4, 0, sample(4, any))));
            default -> throw new IllegalArgumentException("no sample of " + opcode);
        };
    }

    private static Bytes encode(Response response) {
        JuteWriter out = new JuteWriter();
        response.encode(out);
        return out.toBytes();
    }

    private static Response decode(int opcode, Bytes bytes) {
        return Response.decode(opcode, new JuteReader(bytes));
    }
}
