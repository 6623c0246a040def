package io.matriarch.server.election;

import io.matriarch.server.link.ReceiveBuffer;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.election.Notification;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket of the election port, once both sides know each other.
 *
 * <pre>
 * both ways: length int, 1 to 524288 | notification (election.md 1.4)
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, which is noticed
final class ElectionChannel extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ElectionChannel.class);

    private final long id;
    private final ElectionPort port;
    private final ReceiveBuffer received = new ReceiveBuffer();
    private @Nullable Channel channel;
    private boolean isClosed;

    ElectionChannel(long id, ElectionPort port) {
        this.id = id;
        this.port = port;
    }

    void send(Notification notification) {
        if (channel == null) {
            return;
        }
        Bytes body = notification.encode();
        ByteBuf frame = channel.alloc().ioBuffer(4 + body.length());
        frame.writeInt(body.length());
        frame.writeBytes(body.array(), body.offset(), body.length());
        channel.writeAndFlush(frame).addListener(done -> {
            if (done.isSuccess()) {
                port.flushed(id);
            }
        });
    }

    /** Closes after what was sent before; the port hears nothing more of it. */
    void close() {
        isClosed = true;
        if (channel != null) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (!isClosed) {
                received.append((ByteBuf) message);
                decode();
            }
        } catch (MalformedException e) {
            LOG.debug(
                    "election connection from {} closed: {}", context.channel().remoteAddress(), e.getMessage());
            end();
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void decode() {
        while (!isClosed && received.length() >= 4) {
            int length = received.peekInt();
            if (length < 1 || length > Notification.MAX_BYTES) {
                throw new MalformedException("frame of " + length + " bytes");
            }
            if (received.length() < 4 + length) {
                return;
            }
            received.skip(4);
            decodeNotification(received.take(length));
        }
    }

    private void decodeNotification(Bytes body) {
        Notification notification;
        try {
            notification = Notification.decode(body);
        } catch (MalformedException e) {
            // 2.2: a body that makes no sense is ignored, and the connection stays.
            LOG.debug("notification ignored: {}", e.getMessage());
            return;
        }
        port.received(id, notification);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
    }

    private void end() {
        if (!isClosed) {
            isClosed = true;
            if (channel != null) {
                channel.close();
            }
            port.lost(id);
        }
    }
}
