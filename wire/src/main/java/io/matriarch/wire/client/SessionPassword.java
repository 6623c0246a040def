package io.matriarch.wire.client;

import io.matriarch.wire.Bytes;
import java.security.MessageDigest;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The password of a session: 16 bytes from {@link Random} seeded with the session id XOR 0xB3415C00.
 *
 * <p>Compat: it is a function of the id alone, hence no secret, but every server of a mixed ensemble must agree on it or
 * clients could not move between them (zab.md 12).
 */
public final class SessionPassword {
    private static final long SALT = 0xB3415C00L;

    private SessionPassword() {}

    /** The password of {@code sessionId}. */
    public static Bytes of(long sessionId) {
        byte[] password = new byte[ConnectResponse.PASSWORD_BYTES];
        new Random(sessionId ^ SALT).nextBytes(password);
        return Bytes.wrap(password);
    }

    /** Whether {@code password} is the one of {@code sessionId}; takes the same time wherever they differ. */
    public static boolean matches(long sessionId, @Nullable Bytes password) {
        return password != null && MessageDigest.isEqual(of(sessionId).array(), password.toByteArray());
    }
}
