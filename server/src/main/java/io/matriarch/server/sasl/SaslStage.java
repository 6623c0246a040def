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
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/** One side of an exchange: reads packets until it is over, then makes way and hands on what came behind them. */
abstract class SaslStage extends ByteToMessageDecoder {
    /** Why an exchange failed whose other side went away, which it may do without anything being wrong. */
    static final String HUNG_UP = "hung up before it was over";

    private static final byte[] NONE = new byte[0];

    private final Executor executor;
    private final int timeoutMillis;
    private final Gate.Passage passage;
    private @Nullable ScheduledFuture<?> alarm;
    private boolean isThinking;
    private boolean isOver;

    /** @param executor where a mechanism may take its time */
    SaslStage(Executor executor, int timeoutMillis, Gate.Passage passage) {
        this.executor = executor;
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

    /** Lets the mechanism think where it may take its time, and goes on with its token here. Nothing is read meanwhile. */
    final void think(ChannelHandlerContext context, Thought thought, Consequence then) {
        isThinking = true;
        try {
            executor.execute(() -> {
                Outcome outcome = outcomeOf(thought);
                if (context.executor().inEventLoop()) {
                    thought(context, outcome, then);
                } else {
                    try {
                        context.executor().execute(() -> {
                            thought(context, outcome, then);
                            readOn(context);
                        });
                    } catch (RejectedExecutionException e) {
                        // The server stopped meanwhile, and its connections with it.
                        return;
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            isThinking = false;
            failed(context, "too many exchanges at a time");
        }
    }

    private static Outcome outcomeOf(Thought thought) {
        try {
            return new Outcome(thought.take(), null);
        } catch (SaslException | MalformedException e) {
            return new Outcome(null, String.valueOf(e.getMessage()));
        }
    }

    private void thought(ChannelHandlerContext context, Outcome outcome, Consequence then) {
        isThinking = false;
        if (isOver) {
            removed();
            return;
        }
        run(context, () -> {
            if (outcome.failure != null) {
                failed(context, outcome.failure);
            } else {
                then.take(outcome.token);
            }
        });
    }

    /** What came while the mechanism was thinking. */
    private void readOn(ChannelHandlerContext context) {
        if (!isOver) {
            try {
                channelRead(context, Unpooled.EMPTY_BUFFER);
            } catch (Exception e) {
                exceptionCaught(context, e);
            }
        }
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
        if (!isThinking) {
            run(context, () -> read(context, in));
        }
    }

    @Override
    protected final void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        run(context, () -> {
            if (in.isReadable() && !isThinking) {
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
        if (!isThinking) {
            removed();
        }
    }

    /** The exchange is over, whatever came of it. */
    abstract void removed();

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

    /** Makes a token, or null. */
    @FunctionalInterface
    interface Thought {
        byte @Nullable [] take() throws SaslException;
    }

    /** What follows from a token. */
    @FunctionalInterface
    interface Consequence {
        void take(byte @Nullable [] token) throws SaslException;
    }

    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    private record Outcome(
            byte @Nullable [] token, @Nullable String failure) {}
}
