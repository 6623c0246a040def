package io.matriarch.server.tls;

import io.matriarch.server.config.QuorumTls;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in one line why a TLS handshake failed and what to do about it. */
final class HandshakeFailure {
    private static final int MAX_CAUSES = 10;

    private HandshakeFailure() {}

    /** Whether the connection ended before the handshake did, from whichever side. */
    static boolean isHangUp(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (isHangUpItself(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isHangUpItself(Throwable cause) {
        return cause instanceof ClosedChannelException
                || cause instanceof SocketException
                // Netty's words for an answer that found the socket closed.
                || String.valueOf(cause.getMessage()).contains("writing TLS control frames")
                // The JDK's for an alert that a dialler sent before it had keys.
                || String.valueOf(cause.getMessage()).contains("Insufficient buffer remaining for AEAD");
    }

    /** @param who the other side, as a person knows it */
    static String explain(@Nullable Throwable failure, String who, boolean isAcceptor, QuorumTls config) {
        String prefix = "no TLS with " + who + ": ";
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            String reason = reasonOf(cause, isAcceptor, config);
            if (reason != null) {
                return prefix + reason;
            }
            cause = cause.getCause();
        }
        return prefix + (failure == null ? "unknown" : failure.getMessage());
    }

    private static @Nullable String reasonOf(Throwable cause, boolean isAcceptor, QuorumTls config) {
        String text = String.valueOf(cause.getMessage());
        if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
            return "its certificate is not valid now (" + text + "); issue a new one, or set the clock";
        }
        if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
            return "its certificate is signed by nobody in the trust store "
                    + config.trustStore().location() + "; add its issuer there";
        }
        if (cause instanceof NotSslRecordException) {
            return isAcceptor
                    ? "it speaks clear text; set sslQuorum=true there, and portUnification=true here meanwhile"
                    : "it speaks clear text; set portUnification=true there before sslQuorum=true here";
        }
        if (text.contains("Empty client certificate chain")) {
            return "it has no certificate signed by somebody in the trust store "
                    + config.trustStore().location()
                    + "; add its issuer there, or give it ssl.quorum.keyStore.location";
        }
        if (isHangUpItself(cause)) {
            return "it hung up in the middle; its log may say why, or it has no TLS (portUnification)";
        }
        if (cause instanceof SSLException && text.toLowerCase(Locale.ROOT).contains("fatal alert")) {
            return "it refuses (" + text + "), mostly because of our certificate in "
                    + config.keyStore().location() + "; its log says why";
        }
        return null;
    }
}
