package io.matriarch.server.link;

import io.matriarch.wire.JuteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what one connection is to send during a batch, so that it leaves with one system call at the batch's end. For
 * the replica thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, which is noticed
public final class Outbox {
    private static final int MIN_BYTES = 1024;
    /** Beyond it, gathering would copy more than a further write costs. */
    private static final int MAX_GATHERED_BYTES = 256 * 1024;

    private final Channel channel;
    private final Consumer<Outbox> touched;
    private @Nullable ByteBuf gathered;
    private boolean isTouched;

    /** @param touched told once per batch that there is something to {@link #flush} */
    public Outbox(Channel channel, Consumer<Outbox> touched) {
        this.channel = channel;
        this.touched = touched;
    }

    /** Appends a copy of what {@code writer} holds. */
    public void append(JuteWriter writer) {
        append(writer.array(), 0, writer.length());
    }

    /** Appends a copy of {@code length} bytes. */
    public void append(byte[] array, int offset, int length) {
        ByteBuf target = gathered;
        if (target != null && target.readableBytes() + length > MAX_GATHERED_BYTES) {
            channel.write(target, channel.voidPromise());
            target = null;
        }
        if (target == null) {
            target = channel.alloc().ioBuffer(Math.max(length, MIN_BYTES));
            gathered = target;
        }
        target.writeBytes(array, offset, length);
        if (!isTouched) {
            isTouched = true;
            touched.accept(this);
        }
    }

    /** Bytes that the other side has not taken yet, gathered ones included. */
    public long backlogBytes() {
        ChannelOutboundBuffer queued = channel.unsafe().outboundBuffer();
        ByteBuf target = gathered;
        return (queued == null ? 0 : queued.totalPendingWriteBytes()) + (target == null ? 0 : target.readableBytes());
    }

    /** Hands everything to the socket. A failure closes the channel. */
    public void flush() {
        isTouched = false;
        ByteBuf target = gathered;
        gathered = null;
        if (target != null) {
            channel.write(target, channel.voidPromise());
        }
        channel.flush();
    }

    /** As {@link #flush}; the answer is done when the socket took all that was appended so far. */
    public ChannelFuture flushAndTell() {
        isTouched = false;
        ByteBuf target = gathered;
        gathered = null;
        return channel.writeAndFlush(target == null ? channel.alloc().ioBuffer(0) : target);
    }

    /** Lets go of what was gathered; for a channel that is gone. */
    public void discard() {
        ByteBuf target = gathered;
        gathered = null;
        if (target != null) {
            target.release();
        }
    }
}
