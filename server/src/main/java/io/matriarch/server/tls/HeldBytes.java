package io.matriarch.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Keeps what was decrypted until it is known whether the peer may speak; goes on to the next handler when this one is
 * removed. What it can hold is what the peer sent in one go: reading stops with the handshake.
 */
final class HeldBytes extends ByteToMessageDecoder {
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        // Nothing is taken before its time.
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // The handshake's own future tells.
    }
}
