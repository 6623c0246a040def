package io.matriarch.cli.ensemble;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Stat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values on one line, without anything that a terminal would obey. */
final class Showing {
    private static final int MAX_DATA_BYTES = 60;
    private static final int LAST_ASCII = 0x7E;

    private Showing() {}

    /** Data: as text if it is UTF-8 without control characters, else in hexadecimal; its first bytes, if it is long. */
    static String data(@Nullable Bytes data) {
        if (data == null) {
            return "no data";
        }
        Bytes start = data.length() > MAX_DATA_BYTES ? data.slice(0, MAX_DATA_BYTES) : data;
        String rest = data.length() > MAX_DATA_BYTES ? "… (" + data.length() + " bytes)" : "";
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(start.array(), start.offset(), start.length()))
                    .toString();
            if (text.chars().noneMatch(Character::isISOControl)) {
                return "\"" + text + "\"" + rest;
            }
        } catch (CharacterCodingException notText) {
            // Falls through to hexadecimal.
        }
        return "0x" + HexFormat.of().formatHex(start.toByteArray()) + rest;
    }

    /** Every field of a Stat, shortest names. */
    static String stat(Stat stat) {
        return "czxid " + hex(stat.czxid()) + " mzxid " + hex(stat.mzxid()) + " pzxid " + hex(stat.pzxid()) + " ctime "
                + stat.ctime() + " mtime " + stat.mtime() + " version " + stat.version() + " cversion "
                + stat.cversion()
                + " aversion " + stat.aversion() + " owner " + hex(stat.ephemeralOwner()) + " length "
                + stat.dataLength() + " children " + stat.numChildren();
    }

    /** An access list. */
    static String acl(@Nullable List<Acl> acl) {
        return acl == null
                ? "no ACL"
                : acl.stream()
                        .map(entry -> entry.id().scheme() + ":" + entry.id().id() + ":" + entry.perms())
                        .map(Showing::text)
                        .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Any text. */
    static String text(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (c > LAST_ASCII ? Character.isISOControl(c) : c < ' ') {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
