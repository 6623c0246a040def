package io.matriarch.server.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What an OCSP responder says about one certificate (RFC 6960), in the few lines of DER that it takes. */
final class OcspAnswer {
    private static final int SEQUENCE = 0x30;
    private static final byte[] BASIC_RESPONSE = bytes(6, hex("2b0601050507300101"));
    private static final byte[] ECDSA_WITH_SHA256 = bytes(SEQUENCE, bytes(6, hex("2a8648ce3d040302")));
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private OcspAnswer() {}

    static byte[] to(byte[] question, List<X509Certificate> revoked, PrivateKey key, X509Certificate issuer)
            throws GeneralSecurityException {
        // OCSPRequest, TBSRequest, requestList, Request: each the first element of the one before.
        ByteBuffer at = ByteBuffer.wrap(question);
        for (int i = 0; i < 4; i++) {
            at = content(at);
        }
        byte[] certificateId = whole(at);
        ByteBuffer parts = content(ByteBuffer.wrap(certificateId));
        whole(parts);
        whole(parts);
        whole(parts);
        BigInteger serial = new BigInteger(rest(content(parts)));
        boolean isRevoked =
                revoked.stream().anyMatch(each -> each.getSerialNumber().equals(serial));
        // A while ago: what is revoked later than the check began is not revoked yet.
        Instant known = Instant.now().minusSeconds(60);
        byte[] now = bytes(0x18, TIME.format(known).getBytes(StandardCharsets.US_ASCII));
        byte[] status = isRevoked ? bytes(0xa1, now) : bytes(0x80);
        byte[] single = bytes(SEQUENCE, certificateId, status, now);
        byte[] responder = bytes(0xa1, issuer.getSubjectX500Principal().getEncoded());
        byte[] told = bytes(SEQUENCE, responder, now, bytes(SEQUENCE, single));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(told);
        byte[] signed = bytes(3, new byte[] {0}, signature.sign());
        byte[] basic = bytes(SEQUENCE, told, ECDSA_WITH_SHA256, signed);
        byte[] response = bytes(SEQUENCE, BASIC_RESPONSE, bytes(4, basic));
        return bytes(SEQUENCE, bytes(10, new byte[] {0}), bytes(0xa0, response));
    }

    /** The inside of the element that comes next, which is passed. */
    private static ByteBuffer content(ByteBuffer in) {
        in.get();
        int length = in.get() & 0xff;
        if (length > 0x80) {
            int count = length - 0x80;
            length = 0;
            for (int i = 0; i < count; i++) {
                length = (length << 8) | (in.get() & 0xff);
            }
        }
        ByteBuffer inside = in.slice(in.position(), length);
        in.position(in.position() + length);
        return inside;
    }

    /** The element that comes next, with its head. */
    private static byte[] whole(ByteBuffer in) {
        int start = in.position();
        content(in);
        return Arrays.copyOfRange(in.array(), in.arrayOffset() + start, in.arrayOffset() + in.position());
    }

    private static byte[] rest(ByteBuffer in) {
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        return rest;
    }

    private static byte[] bytes(int tag, byte[]... parts) {
        ByteArrayOutputStream inside = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            inside.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = inside.size();
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(inside.toByteArray());
        return out.toByteArray();
    }

    private static byte[] hex(String text) {
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(text.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }
}
