package io.matriarch.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells by its first five bytes, or by its silence, whether an accepted connection speaks TLS (election.md 1.9). */
final class FirstBytes extends ByteToMessageDecoder {
    private static final int RECORD_HEADER_BYTES = 5;
    private static final int FIRST_RECORD_TYPE = 20;
    private static final int LAST_RECORD_TYPE = 24;

    private final int timeoutMillis;
    private final Verdict verdict;
    private @Nullable ScheduledFuture<?> alarm;
    private boolean isKnown;

    /** Called once; adds what comes next to the pipeline, behind this handler, which then goes away. */
    @FunctionalInterface
    interface Verdict {
        void reached(boolean isTls);
    }

    FirstBytes(int timeoutMillis, Verdict verdict) {
        this.timeoutMillis = timeoutMillis;
        this.verdict = verdict;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        alarm = context.executor().schedule(() -> reached(context, false), timeoutMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int first = in.readableBytes() == 0 ? FIRST_RECORD_TYPE : in.getUnsignedByte(in.readerIndex());
        if (first < FIRST_RECORD_TYPE || first > LAST_RECORD_TYPE) {
            reached(context, false);
        } else if (in.readableBytes() >= RECORD_HEADER_BYTES) {
            reached(context, SslHandler.isEncrypted(in, false));
        }
    }

    private void reached(ChannelHandlerContext context, boolean isTls) {
        if (isKnown || context.isRemoved()) {
            return;
        }
        isKnown = true;
        verdict.reached(isTls);
        context.pipeline().remove(this);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a closed connection is gone whatever closing it says
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }
}
