package io.matriarch.server.sasl;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import javax.security.auth.Subject;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/**
 * Logs in to Kerberos as a section of the JAAS file says, when it is first needed, and again when four fifths of the
 * ticket's life are over: nothing runs in between. Asks the KDC, for up to minutes; never on the replica thread. Safe for
 * use by several threads.
 */
final class KerberosLogin implements Dialogue.Login {
    private static final double RENEWED_AFTER = 0.8;

    private final String section;
    private final Consumer<String> warnings;
    private final Clock clock;
    private @Nullable Subject subject;

    /** @param warnings told when a ticket could not be renewed that is still good */
    KerberosLogin(String section, Consumer<String> warnings, Clock clock) {
        this.section = section;
        this.warnings = warnings;
        this.clock = clock;
    }

    @Override
    public synchronized Subject subject() throws SaslException {
        Subject known = subject;
        KerberosTicket ticket = known == null ? null : ticketOf(known);
        if (known != null && (ticket == null || partOver(ticket) < RENEWED_AFTER)) {
            return known;
        }
        try {
            Subject fresh = login();
            subject = fresh;
            return fresh;
        } catch (LoginException e) {
            String why = "no login to Kerberos as section " + section + " of the JAAS file says: "
                    + KerberosFailure.explain(e);
            if (known == null || ticket == null || partOver(ticket) >= 1) {
                throw new SaslException(why, e);
            }
            warnings.accept(why + "; the ticket at hand is good until "
                    + ticket.getEndTime().toInstant());
            return known;
        }
    }

    /** The name of the account, such as zkquorum/host@REALM. */
    static String principalOf(Subject subject) throws SaslException {
        for (KerberosPrincipal principal : subject.getPrincipals(KerberosPrincipal.class)) {
            return principal.getName();
        }
        throw new SaslException("the login to Kerberos gave no principal");
    }

    /** When a login's ticket ends; at once if it has none. */
    static Instant endOf(Subject subject) {
        KerberosTicket ticket = ticketOf(subject);
        return ticket == null ? Instant.EPOCH : ticket.getEndTime().toInstant();
    }

    private Subject login() throws LoginException {
        Subject fresh = new Subject();
        LoginContext context = new LoginContext(section, fresh, callbacks -> {
            throw new UnsupportedCallbackException(
                    callbacks[0], "nobody can be asked for a password; use a keyTab or a ticket cache");
        });
        context.login();
        return context.getSubject();
    }

    private static @Nullable KerberosTicket ticketOf(Subject subject) {
        synchronized (subject.getPrivateCredentials()) {
            for (KerberosTicket ticket : subject.getPrivateCredentials(KerberosTicket.class)) {
                if (ticket.getServer().getName().startsWith("krbtgt/")) {
                    return ticket;
                }
            }
        }
        return null;
    }

    /** How much of a ticket's life is over: 0 at its start, 1 at its end, and more behind it. */
    private double partOver(KerberosTicket ticket) {
        Instant start = (ticket.getStartTime() == null ? ticket.getAuthTime() : ticket.getStartTime()).toInstant();
        long life = Duration.between(start, ticket.getEndTime().toInstant()).toMillis();
        return (double) Duration.between(start, clock.instant()).toMillis() / Math.max(1, life);
    }
}
