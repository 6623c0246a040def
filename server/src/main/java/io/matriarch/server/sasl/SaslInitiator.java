package io.matriarch.server.sasl;

import io.matriarch.server.config.QuorumSasl;
import io.matriarch.server.link.Gate;
import io.matriarch.wire.quorum.AuthPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/** The dialler's side: speaks first, answers challenges, and goes on only when the other side says success. */
final class SaslInitiator extends SaslStage {
    private final QuorumSasl config;
    private @Nullable SaslClient client;

    SaslInitiator(QuorumSasl config, int timeoutMillis, Gate.Passage passage) {
        super(timeoutMillis, passage);
        this.config = config;
    }

    @Override
    void begin(ChannelHandlerContext context) throws SaslException {
        SaslClient created = Sasl.createSaslClient(
                new String[] {PeerSasl.MECHANISM},
                config.user(),
                PeerSasl.PROTOCOL,
                PeerSasl.SERVER_NAME,
                Map.of(),
                this::answer);
        if (created == null) {
            throw new SaslException("this Java has no mechanism " + PeerSasl.MECHANISM);
        }
        client = created;
        byte[] first = created.hasInitialResponse() ? created.evaluateChallenge(new byte[0]) : new byte[0];
        send(context, AuthPacket.Status.IN_PROGRESS, first);
    }

    @Override
    void read(ChannelHandlerContext context, ByteBuf in) throws SaslException {
        AuthPacket packet = packetOf(in);
        if (packet == null || client == null) {
            return;
        }
        switch (packet.status()) {
            case IN_PROGRESS -> send(context, AuthPacket.Status.IN_PROGRESS, client.evaluateChallenge(tokenOf(packet)));
            case SUCCESS -> {
                if (!client.isComplete()) {
                    client.evaluateChallenge(tokenOf(packet));
                }
                if (!client.isComplete()) {
                    throw new SaslException("it claims success without having proved that it knows us");
                }
                pass(context);
            }
            case ERROR -> refuse("it refused our user " + config.user() + "; check the password in both JAAS files");
        }
    }

    @Override
    void timedOut(ChannelHandlerContext context) {
        refuse("it did not answer; is quorum.auth.enableSasl=true there?");
    }

    @Override
    void failed(ChannelHandlerContext context, String why) {
        refuse(why);
    }

    private void answer(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(config.user());
            } else if (callback instanceof PasswordCallback password) {
                password.setPassword(config.password().toCharArray());
            } else if (callback instanceof RealmCallback realm) {
                realm.setText(realm.getDefaultText());
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }
}
