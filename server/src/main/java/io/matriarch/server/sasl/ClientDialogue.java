package io.matriarch.server.sasl;

import javax.security.auth.Subject;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/** The side of an exchange that proves who it is. */
final class ClientDialogue implements Dialogue {
    private final String user;
    private final Login login;
    private final Opening opening;
    private @Nullable Subject subject;
    private @Nullable SaslClient client;

    /** Makes the mechanism's client for one exchange. */
    @FunctionalInterface
    interface Opening {
        SaslClient open(@Nullable Subject subject) throws SaslException;
    }

    /** @param user who we are, for messages */
    ClientDialogue(String user, Login login, Opening opening) {
        this.user = user;
        this.login = login;
        this.opening = opening;
    }

    @Override
    public byte[] begin() throws SaslException {
        Subject self = login.subject();
        subject = self;
        SaslClient opened = Behalf.of(self, () -> opening.open(self));
        client = opened;
        byte[] first =
                opened.hasInitialResponse() ? Behalf.of(self, () -> opened.evaluateChallenge(new byte[0])) : null;
        return first == null ? new byte[0] : first;
    }

    @Override
    public byte @Nullable [] answer(byte[] token) throws SaslException {
        SaslClient opened = client;
        if (opened == null) {
            throw new SaslException("it answers before it was asked");
        }
        return opened.isComplete() ? null : Behalf.of(subject, () -> opened.evaluateChallenge(token));
    }

    @Override
    public boolean isComplete() {
        return client != null && client.isComplete();
    }

    @Override
    public String user() {
        return user;
    }

    @Override
    public void end() {
        if (client != null) {
            Behalf.end(client::dispose);
        }
    }
}
