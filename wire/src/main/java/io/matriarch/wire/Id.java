package io.matriarch.wire;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who: a scheme and a name in it. As a record: scheme ustring, id ustring.
 *
 * @param scheme such as {@code world}, {@code digest}, {@code ip}; null only in requests that will be refused
 * @param id the name within the scheme; null arrives from kazoo where others send an empty text (client.md 21)
 */
public record Id(@Nullable String scheme, @Nullable String id) {
    /** Everybody. */
    public static final Id ANYONE = new Id("world", "anyone");

    /** Bytes of the shortest encoded id. */
    public static final int MIN_BYTES = 8;

    /** Reads one. */
    public static Id decode(JuteReader in) {
        String scheme = in.readString();
        return new Id(scheme, in.readString());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Id that && Objects.equals(that.scheme, scheme) && Objects.equals(that.id, id);
    }

    @Override
    public int hashCode() {
        return 31 * Objects.hashCode(scheme) + Objects.hashCode(id);
    }

    /** Writes both fields. */
    public void encode(JuteWriter out) {
        out.writeString(scheme);
        out.writeString(id);
    }
}
