package io.matriarch.wire.client;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.MalformedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the records of {@link Request}. */
final class RequestDecoder {
    /** The highest create mode (client.md 6.2). */
    private static final int LAST_CREATE_FLAG = 6;

    private RequestDecoder() {}

    static Request decode(int opcode, JuteReader in) {
        return switch (opcode) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL -> create(opcode, in);
            case OpCode.DELETE -> new Request.Delete(path(in), in.readInt());
            case OpCode.DELETE_CONTAINER -> new Request.DeleteContainer(path(in));
            case OpCode.EXISTS -> new Request.Exists(path(in), in.readBoolean());
            case OpCode.GET_DATA -> new Request.GetData(path(in), in.readBoolean());
            case OpCode.GET_CHILDREN -> new Request.GetChildren(path(in), in.readBoolean(), false);
            case OpCode.GET_CHILDREN2 -> new Request.GetChildren(path(in), in.readBoolean(), true);
            case OpCode.SET_DATA -> new Request.SetData(path(in), in.readBuffer(), in.readInt());
            case OpCode.GET_ACL -> new Request.GetAcl(path(in));
            case OpCode.SET_ACL -> new Request.SetAcl(path(in), Acl.decodeList(in), in.readInt());
            case OpCode.SYNC -> new Request.Sync(in.readString());
            case OpCode.CHECK -> new Request.Check(path(in), in.readInt());
            case OpCode.MULTI -> new Request.Multi(ops(in, false));
            case OpCode.MULTI_READ -> new Request.MultiRead(ops(in, true));
            case OpCode.PING -> new Request.Ping();
            case OpCode.CLOSE_SESSION -> new Request.CloseSession();
            case OpCode.CREATE_SESSION -> new Request.CreateSession(in.readInt());
            case OpCode.SET_WATCHES -> setWatches(in, false);
            case OpCode.SET_WATCHES2 -> setWatches(in, true);
            case OpCode.ADD_WATCH -> new Request.AddWatch(path(in), in.readInt());
            case OpCode.CHECK_WATCHES -> new Request.CheckWatches(path(in), in.readInt());
            case OpCode.REMOVE_WATCHES -> new Request.RemoveWatches(path(in), in.readInt());
            case OpCode.GET_EPHEMERALS -> new Request.GetEphemerals(in.readString());
            case OpCode.GET_ALL_CHILDREN_NUMBER -> new Request.GetAllChildrenNumber(path(in));
            case OpCode.WHO_AM_I -> new Request.WhoAmI();
            case OpCode.AUTH -> new Request.Auth(in.readInt(), in.readString(), in.readBuffer());
            case OpCode.SASL -> new Request.Sasl(in.readBuffer());
            case OpCode.RECONFIG ->
                new Request.Reconfig(in.readString(), in.readString(), in.readString(), in.readLong());
            default -> throw new MalformedException("no operation has the number " + opcode);
        };
    }

    private static String path(JuteReader in) {
        return in.readString("path");
    }

    private static Request.Create create(int opcode, JuteReader in) {
        String path = path(in);
        Bytes data = in.readBuffer();
        List<Acl> acl = Acl.decodeList(in);
        int flags = in.readInt();
        long ttl = opcode == OpCode.CREATE_TTL ? in.readLong() : Request.Create.NO_TTL;
        return new Request.Create(opcode, path, data, acl, flags, ttl);
    }

    private static Request.SetWatches setWatches(JuteReader in, boolean withPersistent) {
        long relativeZxid = in.readLong();
        List<String> data = in.readStrings("data watches");
        List<String> exist = in.readStrings("exist watches");
        List<String> child = in.readStrings("child watches");
        List<String> persistent = withPersistent ? in.readStrings("persistent watches") : List.of();
        List<String> recursive = withPersistent ? in.readStrings("recursive watches") : List.of();
        return new Request.SetWatches(relativeZxid, data, exist, child, persistent, recursive, withPersistent);
    }

    private static List<Request> ops(JuteReader in, boolean reads) {
        List<Request> ops = new ArrayList<>();
        while (true) {
            int at = in.position();
            MultiHeader header = MultiHeader.decode(in);
            if (header.done()) {
                return Collections.unmodifiableList(ops);
            }
            if (reads ? !isRead(header.type()) : !isWrite(header.type())) {
                throw new MalformedException(OpCode.name(header.type()) + " inside multi", at);
            }
            Request op = decode(header.type(), in);
            // Compat: outside multi an unknown create mode is a bad argument, inside it spoils the whole request.
            if (op instanceof Request.Create create && (create.flags() < 0 || create.flags() > LAST_CREATE_FLAG)) {
                throw new MalformedException("unknown create mode " + create.flags() + " inside multi", at);
            }
            ops.add(op);
        }
    }

    private static boolean isRead(int opcode) {
        return opcode == OpCode.GET_DATA || opcode == OpCode.GET_CHILDREN;
    }

    private static boolean isWrite(int opcode) {
        return switch (opcode) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL -> true;
            case OpCode.DELETE, OpCode.SET_DATA, OpCode.CHECK -> true;
            default -> false;
        };
    }
}
