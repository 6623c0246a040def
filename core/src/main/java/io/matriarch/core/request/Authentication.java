package io.matriarch.core.request;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.client.Request;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a connection may call itself after an auth packet (client.md 11.4). */
final class Authentication {
    private final @Nullable String superDigest;

    Authentication(@Nullable String superDigest) {
        this.superDigest = superDigest;
    }

    /** The identities gained; null if the packet is refused. A wrong password is just another identity. */
    @Nullable
    List<Id> identities(Request.Auth packet, String address) {
        if (AccessControl.IP.equals(packet.scheme())) {
            return List.of(new Id(AccessControl.IP, address));
        }
        Bytes auth = packet.auth();
        if (!AccessControl.DIGEST.equals(packet.scheme()) || auth == null) {
            return null;
        }
        String digest = digest(auth);
        Id id = new Id(AccessControl.DIGEST, digest);
        return digest.equals(superDigest) ? List.of(id, new Id(AccessControl.SUPER, "")) : List.of(id);
    }

    /** {@code user:} and the Base64 of the SHA-1 of {@code user:password}. */
    static String digest(Bytes userAndPassword) {
        String text = userAndPassword.asUtf8();
        int colon = text.indexOf(':');
        String user = colon < 0 ? text : text.substring(0, colon);
        byte[] hash = sha1().digest(Bytes.utf8(text).toByteArray());
        return user + ":" + Base64.getEncoder().encodeToString(hash);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
