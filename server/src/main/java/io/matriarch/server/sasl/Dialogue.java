package io.matriarch.server.sasl;

import javax.security.auth.Subject;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/** One side of one exchange, whatever the mechanism. Called by one thread at a time. */
interface Dialogue {
    /**
     * Prepares everything, and says the first word.
     *
     * @return nothing, an empty token, where the other side begins
     */
    byte[] begin() throws SaslException;

    /** Our answer to a token; null if nothing is left to say. */
    byte @Nullable [] answer(byte[] token) throws SaslException;

    /** Whether the mechanism is satisfied. */
    boolean isComplete();

    /** Whom this is about, as far as it is known; empty before. */
    String user();

    /** Frees what the mechanism holds. */
    void end();

    /** In whose name an exchange goes on. */
    @FunctionalInterface
    interface Login {
        /** Who has no account but a password. */
        Login NONE = () -> null;

        /** With valid credentials; null if the mechanism needs none. May ask the network. */
        @Nullable
        Subject subject() throws SaslException;
    }
}
