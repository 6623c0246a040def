package io.matriarch.server.sasl;

import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/** Runs steps of a mechanism in somebody's name. */
final class Behalf {
    private Behalf() {}

    /** What a mechanism does. */
    @FunctionalInterface
    interface Step<T extends @Nullable Object> {
        T take() throws SaslException;
    }

    /** Like {@link Step}, without a result. */
    @FunctionalInterface
    interface End {
        void take() throws SaslException;
    }

    /** @param subject in whose name; null if that does not matter */
    static <T extends @Nullable Object> T of(@Nullable Subject subject, Step<T> step) throws SaslException {
        if (subject == null) {
            return step.take();
        }
        try {
            return Subject.doAs(subject, (PrivilegedExceptionAction<T>) step::take);
        } catch (PrivilegedActionException e) {
            if (e.getException() instanceof SaslException failure) {
                throw new SaslException(KerberosFailure.explain(failure), failure);
            }
            throw new SaslException(KerberosFailure.explain(e), e);
        }
    }

    static void end(End step) {
        try {
            step.take();
        } catch (SaslException e) {
            // It is over either way.
            return;
        }
    }
}
