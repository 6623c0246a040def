package io.matriarch.server.sasl;

import io.matriarch.server.link.Gate;
import io.matriarch.wire.quorum.AuthPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Executor;
import javax.security.sasl.SaslException;

/** The dialler's side: speaks first, answers challenges, and goes on only when the other side says success. */
final class SaslInitiator extends SaslStage {
    private final Dialogue dialogue;

    SaslInitiator(Dialogue dialogue, Executor executor, int timeoutMillis, Gate.Passage passage) {
        super(executor, timeoutMillis, passage);
        this.dialogue = dialogue;
    }

    @Override
    void begin(ChannelHandlerContext context) {
        think(context, dialogue::begin, first -> send(context, AuthPacket.Status.IN_PROGRESS, first));
    }

    @Override
    void read(ChannelHandlerContext context, ByteBuf in) {
        AuthPacket packet = packetOf(in);
        if (packet == null) {
            return;
        }
        byte[] token = tokenOf(packet);
        switch (packet.status()) {
            case IN_PROGRESS ->
                think(
                        context,
                        () -> dialogue.answer(token),
                        answer -> send(context, AuthPacket.Status.IN_PROGRESS, answer));
            case SUCCESS -> conclude(context, token);
            case ERROR -> refuse("it refused our " + dialogue.user() + "; its log says why, or check both JAAS files");
        }
    }

    private void conclude(ChannelHandlerContext context, byte[] token) {
        if (dialogue.isComplete()) {
            pass(context);
            return;
        }
        think(context, () -> dialogue.answer(token), nothing -> {
            if (!dialogue.isComplete()) {
                throw new SaslException("it claims success without having proved that it knows us");
            }
            pass(context);
        });
    }

    @Override
    void timedOut(ChannelHandlerContext context) {
        refuse("it did not answer; is quorum.auth.enableSasl=true there?");
    }

    @Override
    void failed(ChannelHandlerContext context, String why) {
        refuse(why);
    }

    @Override
    void removed() {
        dialogue.end();
    }
}
