package io.matriarch.wire.client;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Id;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Stat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the records of {@link Response}. */
final class ResponseDecoder {
    private ResponseDecoder() {}

    static @Nullable Response decode(int opcode, JuteReader in) {
        return switch (opcode) {
            case OpCode.NOTIFICATION -> WatchEvent.decode(in);
            case OpCode.CREATE -> new Response.Created(in.readString("path"));
            case OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL ->
                new Response.CreatedWithStat(in.readString("path"), Stat.decode(in));
            case OpCode.EXISTS, OpCode.SET_DATA, OpCode.SET_ACL -> new Response.StatOnly(Stat.decode(in));
            case OpCode.GET_DATA, OpCode.RECONFIG -> new Response.Data(in.readBuffer(), Stat.decode(in));
            case OpCode.GET_CHILDREN -> new Response.Children(in.readStrings("children"));
            case OpCode.GET_CHILDREN2 -> new Response.ChildrenWithStat(in.readStrings("children"), Stat.decode(in));
            case OpCode.GET_ACL -> new Response.AclList(acl(in), Stat.decode(in));
            case OpCode.SYNC -> new Response.SyncPath(in.readString());
            case OpCode.MULTI, OpCode.MULTI_READ -> results(in);
            case OpCode.ADD_WATCH, OpCode.ERROR -> new Response.ErrorBody(in.readInt());
            case OpCode.GET_EPHEMERALS -> new Response.Ephemerals(in.readStrings("ephemerals"));
            case OpCode.GET_ALL_CHILDREN_NUMBER -> new Response.ChildCount(in.readInt());
            case OpCode.WHO_AM_I -> whoAmI(in);
            case OpCode.SASL -> new Response.SaslToken(in.readBuffer());
            default -> null;
        };
    }

    private static List<Acl> acl(JuteReader in) {
        List<Acl> acl = Acl.decodeList(in);
        if (acl == null) {
            throw new MalformedException("null access list", in.position());
        }
        return acl;
    }

    private static Response.MultiResults results(JuteReader in) {
        List<OpResult> results = new ArrayList<>();
        while (true) {
            int at = in.position();
            MultiHeader header = MultiHeader.decode(in);
            if (header.done()) {
                return new Response.MultiResults(Collections.unmodifiableList(results));
            }
            if (header.type() == OpCode.MULTI || header.type() == OpCode.MULTI_READ) {
                throw new MalformedException("multi inside multi", at);
            }
            results.add(new OpResult(header.type(), header.err(), decode(header.type(), in)));
        }
    }

    private static Response.WhoAmI whoAmI(JuteReader in) {
        int count = in.readVectorCount(Id.MIN_BYTES);
        List<Id> ids = new ArrayList<>(Math.max(count, 0));
        for (int i = 0; i < count; i++) {
            ids.add(Id.decode(in));
        }
        return new Response.WhoAmI(Collections.unmodifiableList(ids));
    }
}
