package io.matriarch.wire.client;

import io.matriarch.wire.Samples;

/** Random requests, one maker per operation. */
final class SampleRequests {
    static final int[] OPCODES = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 100, 101, 102, 103, 104, 105, 106,
        107, -10, -11
    };
    private static final int[] WRITES = {1, 2, 5, 13, 15, 19, 21};
    private static final int[] READS = {4, 8};

    private SampleRequests() {}

    static Request of(int opcode, Samples any) {
        return switch (opcode) {
            case 1, 15, 19 ->
                new Request.Create(
                        opcode,
                        any.path(),
                        any.nullableBytes(),
                        any.nullableAcl(),
                        any.random().nextInt(7),
                        -1);
            case 21 ->
                new Request.Create(
                        21,
                        any.path(),
                        any.nullableBytes(),
                        any.nullableAcl(),
                        any.random().nextInt(7),
                        any.aLong());
            case 2 -> new Request.Delete(any.path(), any.anInt());
            case 3 -> new Request.Exists(any.path(), any.aBoolean());
            case 4 -> new Request.GetData(any.path(), any.aBoolean());
            case 5 -> new Request.SetData(any.path(), any.nullableBytes(), any.anInt());
            case 6 -> new Request.GetAcl(any.path());
            case 7 -> new Request.SetAcl(any.path(), any.nullableAcl(), any.anInt());
            case 8 -> new Request.GetChildren(any.path(), any.aBoolean(), false);
            case 12 -> new Request.GetChildren(any.path(), any.aBoolean(), true);
            case 9 -> new Request.Sync(any.nullableText());
            case 11 -> new Request.Ping();
            case 13 -> new Request.Check(any.path(), any.anInt());
            case 14 -> new Request.Multi(any.list(() -> of(oneOf(WRITES, any), any)));
            case 22 -> new Request.MultiRead(any.list(() -> of(oneOf(READS, any), any)));
            default -> rare(opcode, any);
        };
    }

    private static Request rare(int opcode, Samples any) {
        return switch (opcode) {
            case 16 -> new Request.Reconfig(any.nullableText(), any.nullableText(), any.nullableText(), any.aLong());
            case 17 -> new Request.CheckWatches(any.path(), any.anInt());
            case 18 -> new Request.RemoveWatches(any.path(), any.anInt());
            case 20 -> new Request.DeleteContainer(any.path());
            case 100 -> new Request.Auth(any.anInt(), any.nullableText(), any.nullableBytes());
            case 101 ->
                new Request.SetWatches(
                        any.aLong(),
                        any.paths(),
                        any.paths(),
                        any.paths(),
                        java.util.List.of(),
                        java.util.List.of(),
                        false);
            case 105 ->
                new Request.SetWatches(
                        any.aLong(), any.paths(), any.paths(), any.paths(), any.paths(), any.paths(), true);
            case 102 -> new Request.Sasl(any.nullableBytes());
            case 103 -> new Request.GetEphemerals(any.nullableText());
            case 104 -> new Request.GetAllChildrenNumber(any.path());
            case 106 -> new Request.AddWatch(any.path(), any.anInt());
            case 107 -> new Request.WhoAmI();
            case -10 -> new Request.CreateSession(any.anInt());
            case -11 -> new Request.CloseSession();
            default -> throw new IllegalArgumentException("no sample of " + opcode);
        };
    }

    private static int oneOf(int[] opcodes, Samples any) {
        return opcodes[any.random().nextInt(opcodes.length)];
    }
}
