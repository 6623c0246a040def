package io.matriarch.wire;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of an access list. As a record: perms int, id {@link Id}.
 *
 * @param perms bits of {@link Permission}, unchecked
 * @param id whom they are granted to
 */
public record Acl(int perms, Id id) {
    /** Everything to everybody. */
    public static final List<Acl> OPEN = List.of(new Acl(Permission.ALL, Id.ANYONE));

    /** Reading to everybody. */
    public static final List<Acl> READ = List.of(new Acl(Permission.READ, Id.ANYONE));

    /** Bytes of the shortest encoded entry. */
    public static final int MIN_BYTES = 4 + Id.MIN_BYTES;

    /** Nearly every list on the wire is this one; it is recognised without decoding. */
    private static final byte[] OPEN_ENCODED = encoded(OPEN);

    /** Reads one entry. */
    public static Acl decode(JuteReader in) {
        int perms = in.readInt();
        return new Acl(perms, Id.decode(in));
    }

    /** Writes one entry. */
    public void encode(JuteWriter out) {
        out.writeInt(perms);
        id.encode(out);
    }

    /** Reads a vector of entries; null if its count is -1. The list cannot be changed. */
    public static @Nullable List<Acl> decodeList(JuteReader in) {
        if (in.skipIfNext(OPEN_ENCODED)) {
            return OPEN;
        }
        int count = in.readVectorCount(MIN_BYTES);
        if (count <= 0) {
            return count < 0 ? null : List.of();
        }
        Acl[] entries = new Acl[count];
        for (int i = 0; i < count; i++) {
            entries[i] = decode(in);
        }
        return Collections.unmodifiableList(Arrays.asList(entries));
    }

    /** Writes a vector of entries; count -1 for null. */
    public static void encodeList(JuteWriter out, @Nullable List<Acl> acl) {
        if (acl == null) {
            out.writeInt(-1);
            return;
        }
        out.writeInt(acl.size());
        for (int i = 0; i < acl.size(); i++) {
            acl.get(i).encode(out);
        }
    }

    /** Bytes that {@link #encodeList} takes. */
    public static long sizeOf(@Nullable List<Acl> acl) {
        long size = 4;
        for (int i = 0; acl != null && i < acl.size(); i++) {
            Id id = acl.get(i).id();
            size += 4 + JuteWriter.sizeOf(id.scheme()) + JuteWriter.sizeOf(id.id());
        }
        return size;
    }

    /** Written out, as those of other records that a starting server compares: the JVM would first have to make them up. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Acl that && that.perms == perms && that.id.equals(id);
    }

    @Override
    public int hashCode() {
        return 31 * perms + id.hashCode();
    }

    private static byte[] encoded(List<Acl> acl) {
        JuteWriter out = new JuteWriter();
        encodeList(out, acl);
        return out.toBytes().toByteArray();
    }
}
