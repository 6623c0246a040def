package io.matriarch.wire.quorum;

import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;

/**
 * What only our servers can do, announced behind the fields that Apache reads in LearnerInfo and LEADERINFO; Apache
 * ignores bytes there (zab.md 4). Eight bytes: magic int "MTRC", bits int. A peer without them has none.
 */
public final class Capabilities {
    /** A peer without any: every Apache server. */
    public static final int NONE = 0;

    private static final int MAGIC = 0x4D545243;
    private static final int SIZE_BYTES = 8;

    private Capabilities() {}

    /** The bits behind the known fields; {@link #NONE} if there is no such trailer. */
    static int decode(JuteReader in) {
        if (in.remaining() < SIZE_BYTES || in.readInt() != MAGIC) {
            return NONE;
        }
        return in.readInt();
    }

    /** Writes the trailer; nothing for {@link #NONE}, so that the record is exactly Apache's. */
    static void encode(JuteWriter out, int bits) {
        if (bits != NONE) {
            out.writeInt(MAGIC);
            out.writeInt(bits);
        }
    }
}
