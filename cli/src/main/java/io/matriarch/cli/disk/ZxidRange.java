package io.matriarch.cli.disk;

import io.matriarch.wire.Zxid;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which records are printed. All are read, and checked. */
final class ZxidRange {
    private static final int HEX = 16;

    @Option(
            names = "--from",
            paramLabel = "ZXID",
            converter = Hexadecimal.class,
            description = "Print nothing below; hexadecimal, with or without 0x.")
    private @Nullable Zxid from;

    @Option(names = "--to", paramLabel = "ZXID", converter = Hexadecimal.class, description = "Print nothing above.")
    private @Nullable Zxid to;

    boolean contains(Zxid zxid) {
        boolean isBelow = from != null && from.isAfter(zxid);
        return !isBelow && (to == null || !zxid.isAfter(to));
    }

    /** A zxid as the names of files and the messages have it. */
    static final class Hexadecimal implements ITypeConverter<Zxid> {
        @Override
        public Zxid convert(String text) {
            String digits = text.startsWith("0x") ? text.substring(2) : text;
            try {
                return new Zxid(Long.parseUnsignedLong(digits, HEX));
            } catch (NumberFormatException notHexadecimal) {
                throw new TypeConversionException("'" + text + "' is no zxid; write it like 0x100000002");
            }
        }
    }
}
