package io.matriarch.core.request;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ids of scheme "ip" (client.md 11.4): an IPv4 dotted quad or an IPv6 address in hexadecimal groups, optionally
 * followed by {@code /bits}. Names are never looked up.
 */
final class IpPattern {
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;

    private final byte[] address;
    private final int bits;

    private IpPattern(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /** The pattern, or null if {@code text} is none. */
    static @Nullable IpPattern parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        int bits = slash < 0 ? 8 * address.length : number(text, slash + 1, text.length(), 10, 3);
        return bits < 0 || bits > 8 * address.length ? null : new IpPattern(address, bits);
    }

    /** Whether the address is of the same family and shares the leading bits. */
    boolean matches(String text) {
        byte[] other = address(text);
        if (other == null || other.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((address[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte @Nullable [] address(String text) {
        int zone = text.indexOf('%');
        String plain = zone < 0 ? text : text.substring(0, zone);
        return plain.indexOf(':') < 0 ? v4(plain) : v6(plain);
    }

    private static byte @Nullable [] v4(String text) {
        byte[] address = new byte[V4_BYTES];
        int start = 0;
        for (int i = 0; i < V4_BYTES; i++) {
            int end = i == V4_BYTES - 1 ? text.length() : text.indexOf('.', start);
            int part = end < 0 ? -1 : number(text, start, end, 10, 3);
            if (part < 0 || part > 255) {
                return null;
            }
            address[i] = (byte) part;
            start = end + 1;
        }
        return address;
    }

    private static byte @Nullable [] v6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text);
            return all != null && all.length == V6_BYTES ? all : null;
        }
        byte[] head = groups(text.substring(0, gap));
        byte[] tail = groups(text.substring(gap + 2));
        if (head == null || tail == null || head.length + tail.length > V6_BYTES - 2) {
            return null;
        }
        byte[] address = new byte[V6_BYTES];
        System.arraycopy(head, 0, address, 0, head.length);
        System.arraycopy(tail, 0, address, V6_BYTES - tail.length, tail.length);
        return address;
    }

    /** Groups of up to four hexadecimal digits between colons; two bytes each. */
    private static byte @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        byte[] bytes = new byte[V6_BYTES];
        int count = 0;
        int start = 0;
        while (start <= text.length()) {
            int colon = text.indexOf(':', start);
            int end = colon < 0 ? text.length() : colon;
            int group = number(text, start, end, 16, 4);
            if (group < 0 || count == V6_BYTES) {
                return null;
            }
            bytes[count++] = (byte) (group >> 8);
            bytes[count++] = (byte) group;
            start = end + 1;
        }
        return Arrays.copyOf(bytes, count);
    }

    /** A number of one to {@code maxDigits} digits that fills the range; -1 if it does not. */
    private static int number(String text, int from, int to, int radix, int maxDigits) {
        if (from >= to || to - from > maxDigits) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }
}
