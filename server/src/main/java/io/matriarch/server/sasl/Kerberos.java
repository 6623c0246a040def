package io.matriarch.server.sasl;

import io.matriarch.server.config.QuorumSasl;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;

/** GSSAPI with tickets of Kerberos, as Apache has it between servers (election.md 1.10, zab.md 2.3). */
final class Kerberos {
    private static final String MECHANISM = "GSSAPI";

    private Kerberos() {}

    /** @param host the configured host of the server that we dial */
    static Dialogue initiator(QuorumSasl.Ticket ticket, KerberosLogin login, String host) {
        String named = ticket.host().equals("_HOST") ? host : ticket.host();
        String who = "ticket for " + ticket.service() + "/" + named;
        return new ClientDialogue(who, login, subject -> {
            if (subject == null) {
                throw new SaslException("not logged in to Kerberos");
            }
            SaslClient client = Sasl.createSaslClient(
                    new String[] {MECHANISM},
                    KerberosLogin.principalOf(subject),
                    ticket.service(),
                    named,
                    Map.of(),
                    callbacks -> {
                        throw new UnsupportedCallbackException(callbacks[0]);
                    });
            if (client == null) {
                throw new SaslException("this Java has no mechanism GSSAPI (module jdk.security.jgss)");
            }
            return client;
        });
    }

    /** @param hosts of the members: a principal must be of one of them */
    static Dialogue acceptor(KerberosLogin login, Set<String> hosts) {
        return new ServerDialogue(login, (subject, claim) -> {
            if (subject == null) {
                throw new SaslException("not logged in to Kerberos");
            }
            String[] parts = KerberosLogin.principalOf(subject).split("[/@]", -1);
            if (parts.length != 3) {
                throw new SaslException("our principal " + KerberosLogin.principalOf(subject)
                        + " must be name/host@REALM; see the section of the JAAS file");
            }
            SaslServer server = Sasl.createSaslServer(
                    MECHANISM, parts[0], parts[1], Map.of(), callbacks -> authorize(callbacks, hosts, claim));
            if (server == null) {
                throw new SaslException("this Java has no mechanism GSSAPI (module jdk.security.jgss)");
            }
            return server;
        });
    }

    /** Compat: whoever has a ticket of the realm is let in if the host of the principal is a member's. */
    private static void authorize(Callback[] callbacks, Set<String> hosts, ServerDialogue.Claim claim)
            throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (!(callback instanceof AuthorizeCallback authorize)) {
                throw new UnsupportedCallbackException(callback);
            }
            String principal = authorize.getAuthenticationID();
            String[] parts = principal.split("[/@]", -1);
            boolean isMember = parts.length == 3 && hosts.contains(parts[1]);
            boolean isSame = principal.equals(authorize.getAuthorizationID());
            claim.by("principal " + principal + (isMember ? "" : ", whose host is no member's"));
            authorize.setAuthorized(isSame && isMember);
            if (isSame && isMember) {
                authorize.setAuthorizedID(principal);
            }
        }
    }
}
