package io.matriarch.server.sasl;

import io.matriarch.server.config.QuorumSasl;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jspecify.annotations.Nullable;

/** DIGEST-MD5 with Apache's names (election.md 1.10). */
final class Digest {
    static final String MECHANISM = "DIGEST-MD5";
    static final String PROTOCOL = "zookeeper-quorum";
    static final String SERVER_NAME = "zk-quorum-sasl-md5";

    private Digest() {}

    static Dialogue initiator(QuorumSasl.Password own) {
        return new ClientDialogue("user " + own.user(), Dialogue.Login.NONE, subject -> {
            SaslClient client = Sasl.createSaslClient(
                    new String[] {MECHANISM},
                    own.user(),
                    PROTOCOL,
                    SERVER_NAME,
                    Map.of(),
                    callbacks -> answer(callbacks, own));
            if (client == null) {
                throw new SaslException("this Java has no mechanism " + MECHANISM);
            }
            return client;
        });
    }

    static Dialogue acceptor(QuorumSasl.Passwords known) {
        return new ServerDialogue(Dialogue.Login.NONE, (subject, claim) -> {
            SaslServer server = Sasl.createSaslServer(
                    MECHANISM, PROTOCOL, SERVER_NAME, Map.of(), callbacks -> answer(callbacks, known, claim));
            if (server == null) {
                throw new SaslException("this Java has no mechanism " + MECHANISM);
            }
            return server;
        });
    }

    private static void answer(Callback[] callbacks, QuorumSasl.Password own) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(own.user());
            } else if (callback instanceof PasswordCallback password) {
                password.setPassword(own.password().toCharArray());
            } else if (callback instanceof RealmCallback realm) {
                realm.setText(realm.getDefaultText());
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private static void answer(Callback[] callbacks, QuorumSasl.Passwords known, ServerDialogue.Claim claim)
            throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                claim.by("user " + name.getDefaultName());
                name.setName(name.getDefaultName());
                givePassword(callbacks, known.byUser().get(name.getDefaultName()));
            } else if (callback instanceof RealmCallback realm) {
                realm.setText(realm.getDefaultText());
            } else if (callback instanceof AuthorizeCallback authorize) {
                boolean isSame = authorize.getAuthenticationID().equals(authorize.getAuthorizationID());
                authorize.setAuthorized(isSame);
                if (isSame) {
                    authorize.setAuthorizedID(authorize.getAuthorizationID());
                }
            } else if (!(callback instanceof PasswordCallback)) {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private static void givePassword(Callback[] callbacks, @Nullable String known) {
        for (Callback callback : callbacks) {
            if (callback instanceof PasswordCallback password && known != null) {
                password.setPassword(known.toCharArray());
            }
        }
    }
}
