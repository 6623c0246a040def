package io.matriarch.wire.election;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a dialler says first on the election port (election.md 1.2).
 *
 * <pre>
 * bare (3.4):  sid long, not negative
 * V1, V2:      version long, negative | sid long | n int, 1 to 2048 | n bytes of addresses, host:port joined by |
 * </pre>
 *
 * @param sid who dials
 * @param addresses its own election addresses: none is the bare form, one is V1, more are V2, which 3.5 refuses
 */
public record Opening(ServerId sid, List<HostPort> addresses) {
    /** The longest address text. */
    public static final int MAX_TEXT_BYTES = 2048;

    private static final long V1 = -65_536;
    private static final long V2 = -65_535;

    /** Takes a copy of the list. */
    public Opening {
        addresses = List.copyOf(addresses);
    }

    /** The addresses at which the dialler can be called back: all but wildcards. */
    public List<HostPort> callBackAddresses() {
        List<HostPort> usable = new ArrayList<>(addresses);
        usable.removeIf(HostPort::isWildcard);
        return List.copyOf(usable);
    }

    /**
     * Reads an opening and moves {@code in} behind it; returns null and leaves {@code in} where it is if more bytes must
     * come first (at most 2068 in all).
     *
     * @throws MalformedException if the connection is to be closed
     */
    public static @Nullable Opening tryDecode(JuteReader in) {
        int start = in.position();
        Opening opening = in.remaining() < 8 ? null : decodeFrom(in);
        if (opening == null) {
            in.seek(start);
        }
        return opening;
    }

    /** All bytes, to be sent in one write: Apache reads the address text with a single read. */
    public Bytes encode() {
        JuteWriter out = new JuteWriter();
        if (addresses.isEmpty()) {
            out.writeLong(sid.value());
            return out.toBytes();
        }
        out.writeLong(addresses.size() == 1 ? V1 : V2);
        out.writeLong(sid.value());
        StringBuilder text = new StringBuilder();
        for (HostPort address : addresses) {
            text.append(text.isEmpty() ? "" : "|").append(address);
        }
        Bytes bytes = Bytes.utf8(text.toString());
        if (bytes.length() > MAX_TEXT_BYTES) {
            throw new IllegalStateException("election addresses take " + bytes.length() + " bytes");
        }
        out.writeBuffer(bytes);
        return out.toBytes();
    }

    private static @Nullable Opening decodeFrom(JuteReader in) {
        long first = in.readLong();
        if (first >= 0) {
            return new Opening(new ServerId(first), List.of());
        }
        if (first != V1 && first != V2) {
            throw new MalformedException("unknown protocol version " + first + " in an opening");
        }
        if (in.remaining() < 12) {
            return null;
        }
        ServerId sid = new ServerId(in.readLong());
        int length = in.readInt();
        if (length < 1 || length > MAX_TEXT_BYTES) {
            throw new MalformedException("address text of " + length + " bytes", in.position() - 4);
        }
        if (length > in.remaining()) {
            return null;
        }
        return new Opening(sid, parse(in.readRaw(length).asUtf8()));
    }

    /** Compat: 3.6 and later split V1 texts too. */
    private static List<HostPort> parse(String text) {
        List<HostPort> addresses = new ArrayList<>();
        for (String address : text.split("\\|")) {
            addresses.add(HostPort.parse(address));
        }
        if (addresses.isEmpty()) {
            throw new MalformedException("opening without an address");
        }
        return addresses;
    }
}
