package io.matriarch.wire.client;

import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import java.util.List;

/**
 * What precedes each operation or result of a multi, and ends it (client.md 12): type int, done boolean, err int; 9
 * bytes.
 */
record MultiHeader(int type, boolean done, int err) {
    static final int SIZE_BYTES = 9;

    static MultiHeader decode(JuteReader in) {
        int type = in.readInt();
        boolean done = in.readBoolean();
        return new MultiHeader(type, done, in.readInt());
    }

    static void encode(JuteWriter out, int type, int err) {
        out.writeInt(type);
        out.writeBoolean(false);
        out.writeInt(err);
    }

    static void encodeEnd(JuteWriter out) {
        out.writeInt(OpCode.ERROR);
        out.writeBoolean(true);
        out.writeInt(-1);
    }

    /** The body of a multi or multiRead request. */
    static void encodeAll(JuteWriter out, List<Request> ops) {
        for (Request op : ops) {
            encode(out, op.opcode(), -1);
            op.encode(out);
        }
        encodeEnd(out);
    }
}
