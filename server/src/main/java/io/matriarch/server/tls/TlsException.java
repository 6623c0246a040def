package io.matriarch.server.tls;

import org.jspecify.annotations.Nullable;

/** Keys or certificates with which no TLS is possible; the text says which file, why, and what to do. */
public final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
