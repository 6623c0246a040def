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
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jspecify.annotations.Nullable;

/**
 * The side that was dialled: tells by the first byte whether the dialler authenticates itself, and if so runs the
 * exchange. Without success it goes on, or not, as the configuration says.
 */
final class SaslAcceptor extends SaslStage {
    /** Challenges at most, as in Apache. */
    private static final int MAX_ROUNDS = 5;

    private final QuorumSasl config;
    private @Nullable SaslServer server;
    private @Nullable String user;
    private int rounds;

    /** When nobody has to authenticate, silence says soon that this one will not: it may have nothing to say at all. */
    SaslAcceptor(QuorumSasl config, int timeoutMillis, Gate.Passage passage) {
        super(config.requires() ? timeoutMillis : Math.max(1, timeoutMillis / 2), passage);
        this.config = config;
    }

    @Override
    void read(ChannelHandlerContext context, ByteBuf in) throws SaslException {
        if (server == null) {
            if (!AuthPacket.canBeginWith(in.getByte(in.readerIndex()))) {
                goOnOrRefuse(context, "it did not authenticate itself; set quorum.auth.learnerRequireSasl=true there");
                return;
            }
            server = Sasl.createSaslServer(
                    PeerSasl.MECHANISM, PeerSasl.PROTOCOL, PeerSasl.SERVER_NAME, Map.of(), this::answer);
        }
        AuthPacket packet = packetOf(in);
        if (packet == null || server == null) {
            return;
        }
        if (packet.status() != AuthPacket.Status.IN_PROGRESS) {
            throw new SaslException("it broke off the exchange");
        }
        byte[] challenge = server.evaluateResponse(tokenOf(packet));
        if (server.isComplete()) {
            send(context, AuthPacket.Status.SUCCESS, challenge);
            pass(context);
        } else if (++rounds > MAX_ROUNDS) {
            throw new SaslException("it is not done after " + MAX_ROUNDS + " rounds");
        } else {
            send(context, AuthPacket.Status.IN_PROGRESS, challenge);
        }
    }

    @Override
    void timedOut(ChannelHandlerContext context) {
        if (server == null) {
            goOnOrRefuse(context, "it said nothing, where it should have authenticated itself");
        } else {
            failed(context, "it stopped in the middle");
        }
    }

    @Override
    void failed(ChannelHandlerContext context, String why) {
        if (server != null) {
            send(context, AuthPacket.Status.ERROR, null);
        }
        goOnOrRefuse(context, (user == null ? "" : "user " + user + ": ") + why);
    }

    private void goOnOrRefuse(ChannelHandlerContext context, String why) {
        if (config.requires()) {
            refuse(why);
        } else {
            pass(context);
        }
    }

    private void answer(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                user = name.getDefaultName();
                name.setName(user);
            } else if (callback instanceof PasswordCallback password) {
                String known = user == null ? null : config.passwords().get(user);
                if (known != null) {
                    password.setPassword(known.toCharArray());
                }
            } else if (callback instanceof RealmCallback realm) {
                realm.setText(realm.getDefaultText());
            } else if (callback instanceof AuthorizeCallback authorize) {
                boolean isSame = authorize.getAuthenticationID().equals(authorize.getAuthorizationID());
                authorize.setAuthorized(isSame);
                if (isSame) {
                    authorize.setAuthorizedID(authorize.getAuthorizationID());
                }
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }
}
