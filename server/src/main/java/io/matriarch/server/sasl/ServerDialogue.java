package io.matriarch.server.sasl;

import javax.security.auth.Subject;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jspecify.annotations.Nullable;

/** The side of an exchange that asks who the other one is. */
final class ServerDialogue implements Dialogue {
    private final Login login;
    private final Opening opening;
    private final Claim claim = new Claim();
    private @Nullable Subject subject;
    private @Nullable SaslServer server;

    /** Who the other side says that it is. Written by the thread of the exchange, read by the replica thread. */
    static final class Claim {
        private volatile String user = "";

        void by(String name) {
            user = name;
        }

        String user() {
            return user;
        }
    }

    /** Makes the mechanism's server for one exchange. */
    @FunctionalInterface
    interface Opening {
        SaslServer open(@Nullable Subject subject, Claim claim) throws SaslException;
    }

    ServerDialogue(Login login, Opening opening) {
        this.login = login;
        this.opening = opening;
    }

    /** The other side has the first word. */
    @Override
    public byte[] begin() {
        return new byte[0];
    }

    @Override
    public byte @Nullable [] answer(byte[] token) throws SaslException {
        SaslServer opened = server;
        if (opened == null) {
            Subject self = login.subject();
            subject = self;
            opened = Behalf.of(self, () -> opening.open(self, claim));
            server = opened;
        }
        SaslServer asked = opened;
        return Behalf.of(subject, () -> asked.evaluateResponse(token));
    }

    @Override
    public boolean isComplete() {
        return server != null && server.isComplete();
    }

    @Override
    public String user() {
        return claim.user();
    }

    @Override
    public void end() {
        if (server != null) {
            Behalf.end(server::dispose);
        }
    }
}
