package io.matriarch.server.sasl;

import io.matriarch.server.link.Gate;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.quorum.AuthPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/** One side of an exchange: reads packets until it is over, then makes way and hands on what came behind them. */
abstract class SaslStage extends ByteToMessageDecoder {
    /** Why an exchange failed whose other side went away, which it may do without anything being wrong. */
    static final String HUNG_UP = "hung up before it was over";

    private static final byte[] NONE = new byte[0];

    private final int timeoutMillis;
    private final Gate.Passage passage;
    private @Nullable ScheduledFuture<?> alarm;
    private boolean isOver;

    SaslStage(int timeoutMillis, Gate.Passage passage) {
        this.timeoutMillis = timeoutMillis;
        this.passage = passage;
    }

    /** The next packet, or null while it is incomplete. */
    static @Nullable AuthPacket packetOf(ByteBuf in) {
        JuteReader reader = new JuteReader(Bytes.wrap(ByteBufUtil.getBytes(in)));
        AuthPacket packet = AuthPacket.tryDecode(reader);
        if (packet != null) {
            in.skipBytes(reader.position());
        }
        return packet;
    }

    static byte[] tokenOf(AuthPacket packet) {
        Bytes token = packet.token();
        return token == null ? NONE : token.toByteArray();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failed write ends the channel, which is noticed
    static void send(ChannelHandlerContext context, AuthPacket.Status status, byte @Nullable [] token) {
        Bytes bytes = new AuthPacket(status, token == null ? null : Bytes.wrap(token)).encode();
        context.writeAndFlush(Unpooled.wrappedBuffer(bytes.array(), bytes.offset(), bytes.length()));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        alarm = context.executor()
                .schedule(() -> run(context, () -> timedOut(context)), timeoutMillis, TimeUnit.MILLISECONDS);
        run(context, () -> begin(context));
    }

    /** Called when the handler is in its place. */
    void begin(ChannelHandlerContext context) throws SaslException {}

    /** Called with every byte that is there. */
    abstract void read(ChannelHandlerContext context, ByteBuf in) throws SaslException;

    /** The other side took too long. */
    abstract void timedOut(ChannelHandlerContext context);

    /** The exchange failed, or broke the rules. */
    abstract void failed(ChannelHandlerContext context, String why);

    @Override
    protected final void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        run(context, () -> read(context, in));
    }

    @Override
    protected final void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        run(context, () -> {
            if (in.isReadable()) {
                read(context, in);
            }
            failed(context, HUNG_UP);
        });
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        run(context, () -> failed(context, String.valueOf(reason.getMessage())));
    }

    /** The other side may speak from now on, authenticated or not. */
    final void pass(ChannelHandlerContext context) {
        if (!isOver) {
            isOver = true;
            passage.ready();
            context.pipeline().remove(this);
        }
    }

    final void refuse(String why) {
        if (!isOver) {
            isOver = true;
            passage.refused(why);
        }
    }

    @Override
    protected final void handlerRemoved0(ChannelHandlerContext context) {
        isOver = true;
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    private void run(ChannelHandlerContext context, Step step) {
        if (isOver) {
            return;
        }
        try {
            step.take();
        } catch (SaslException | MalformedException e) {
            failed(context, String.valueOf(e.getMessage()));
        }
    }

    private interface Step {
        void take() throws SaslException;
    }
}
