package io.matriarch.server.sasl;

import io.matriarch.server.link.Gate;
import io.matriarch.wire.quorum.AuthPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/**
 * The side that was dialled: tells by the first byte whether the dialler authenticates itself, and if so runs the
 * exchange. Without success it goes on, or not, as the configuration says.
 */
final class SaslAcceptor extends SaslStage {
    /** Challenges at most, as in Apache. */
    private static final int MAX_ROUNDS = 5;

    private final Supplier<Dialogue> dialogues;
    private final boolean requires;
    private @Nullable Dialogue dialogue;
    private int rounds;

    /** When nobody has to authenticate, silence says soon that this one will not: it may have nothing to say at all. */
    SaslAcceptor(
            Supplier<Dialogue> dialogues,
            Executor executor,
            boolean requires,
            int timeoutMillis,
            Gate.Passage passage) {
        super(executor, requires ? timeoutMillis : Math.max(1, timeoutMillis / 2), passage);
        this.dialogues = dialogues;
        this.requires = requires;
    }

    @Override
    void read(ChannelHandlerContext context, ByteBuf in) throws SaslException {
        if (dialogue == null && !AuthPacket.canBeginWith(in.getByte(in.readerIndex()))) {
            goOnOrRefuse(context, "it did not authenticate itself; set quorum.auth.learnerRequireSasl=true there");
            return;
        }
        Dialogue current = dialogue == null ? dialogues.get() : dialogue;
        dialogue = current;
        AuthPacket packet = packetOf(in);
        if (packet == null) {
            return;
        }
        if (packet.status() != AuthPacket.Status.IN_PROGRESS) {
            throw new SaslException("it broke off the exchange");
        }
        byte[] token = tokenOf(packet);
        think(context, () -> current.answer(token), challenge -> answered(context, current, challenge));
    }

    private void answered(ChannelHandlerContext context, Dialogue current, byte @Nullable [] challenge)
            throws SaslException {
        if (current.isComplete()) {
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
        if (dialogue == null) {
            goOnOrRefuse(context, "it said nothing, where it should have authenticated itself");
        } else {
            failed(context, "it stopped in the middle");
        }
    }

    @Override
    void failed(ChannelHandlerContext context, String why) {
        String user = dialogue == null ? "" : dialogue.user();
        if (dialogue != null) {
            send(context, AuthPacket.Status.ERROR, null);
        }
        goOnOrRefuse(context, (user.isEmpty() ? "" : user + ": ") + why);
    }

    @Override
    void removed() {
        if (dialogue != null) {
            dialogue.end();
        }
    }

    private void goOnOrRefuse(ChannelHandlerContext context, String why) {
        if (requires) {
            refuse(why);
        } else {
            pass(context);
        }
    }
}
