package io.matriarch.testkit.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One connection through a relay: two sockets, and a {@link Flow} in each direction. Each socket learns what happened at
 * the other, bytes, the end of output and resets alike, when the link lets it. For the network's thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, which is noticed
final class Passage {
    /** Beyond it a side is read no further: as if a socket's buffer were full. */
    private static final long MAX_HELD_BYTES = 256 * 1024;

    private final Link link;
    private final Side near;
    private @Nullable Side far;

    private Passage(Link link, Channel accepted) {
        this.link = link;
        this.near = new Side(accepted);
        link.add(this);
    }

    /** Of a connection that was accepted; the other side is still to be joined. */
    static Passage of(Link link, Channel accepted) {
        Passage passage = new Passage(link, accepted);
        accepted.pipeline().addLast(passage.near);
        accepted.closeFuture().addListener(closed -> passage.sideClosed());
        return passage;
    }

    /** Has {@code dial} called when the link lets it; nothing that the first side sends overtakes that. */
    void dialling(Runnable dial) {
        near.flow.add(0, () -> {
            near.flow.block(true);
            dial.run();
        });
    }

    /** The other side is there. */
    void join(Channel dialled) {
        if (!near.channel.isOpen()) {
            reset(dialled);
            return;
        }
        Side joined = new Side(dialled);
        far = joined;
        dialled.pipeline().addLast(joined);
        dialled.closeFuture().addListener(closed -> sideClosed());
        near.other = joined;
        joined.other = near;
        joined.regulate();
        near.flow.block(false);
        near.regulate();
    }

    /** Both sockets see a reset. */
    void reset() {
        near.reset();
        Side other = far;
        if (other != null) {
            other.reset();
        }
        if (!near.channel.isOpen()) {
            sideClosed();
        }
    }

    private void sideClosed() {
        Side other = far;
        if (near.channel.isOpen() || (other != null && other.channel.isOpen())) {
            return;
        }
        near.flow.end();
        if (other != null) {
            other.flow.end();
        }
        link.remove(this);
    }

    /** One of the two sockets, and the flow that begins there. */
    private final class Side extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private final Flow flow = new Flow(link);
        private @Nullable Side other;
        private boolean hasInputEnded;
        private boolean hasOutputEnded;

        Side(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf read = (ByteBuf) message;
            byte[] bytes = new byte[read.readableBytes()];
            read.readBytes(bytes);
            ReferenceCountUtil.release(message);
            flow.add(bytes.length, () -> deliver(bytes));
            regulate();
        }

        private void deliver(byte[] bytes) {
            if (other != null) {
                other.channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
            }
            regulate();
        }

        /** Reads on only if the other side keeps up. */
        void regulate() {
            boolean isTaken = other == null || other.channel.isWritable();
            channel.config().setAutoRead(isTaken && flow.heldBytes() < MAX_HELD_BYTES);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (other != null) {
                other.regulate();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE && !hasInputEnded) {
                hasInputEnded = true;
                flow.add(0, () -> {
                    if (other != null) {
                        other.endOutput();
                    }
                });
                closeIfDone();
            }
        }

        /** The system told of a reset. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            channel.close();
        }

        /** Also after its output ended: otherwise the other side would write to nobody, and be read no further. */
        @Override
        public void channelInactive(ChannelHandlerContext context) {
            hasInputEnded = true;
            flow.add(0, () -> {
                if (other != null) {
                    other.reset();
                }
            });
        }

        private void endOutput() {
            hasOutputEnded = true;
            if (channel.isActive()) {
                ((DuplexChannel) channel).shutdownOutput();
            }
            closeIfDone();
        }

        private void closeIfDone() {
            if (hasInputEnded && hasOutputEnded) {
                channel.close();
            }
        }

        /** Closes so that the peer sees a reset, not an end. */
        void reset() {
            Passage.reset(channel);
        }
    }

    /** Closes {@code channel} so that its peer sees a reset, not an end. */
    static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }
}
