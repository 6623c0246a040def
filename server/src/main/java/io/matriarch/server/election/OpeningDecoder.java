package io.matriarch.server.election;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.election.Opening;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads who dialled us (election.md 1.2), however the bytes are split, then makes way for what follows. */
final class OpeningDecoder extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(OpeningDecoder.class);

    private final Consumer<Opening> opened;

    /** @param opened called once; adds what comes next to the pipeline, behind this handler, which then goes away */
    OpeningDecoder(Consumer<Opening> opened) {
        this.opened = opened;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        JuteReader reader = new JuteReader(Bytes.wrap(ByteBufUtil.getBytes(in)));
        Opening opening = Opening.tryDecode(reader);
        if (opening != null) {
            in.skipBytes(reader.position());
            opened.accept(opening);
            context.pipeline().remove(this);
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a closed connection is gone whatever closing it says
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("election connection from {} closed: {}", context.channel().remoteAddress(), cause.getMessage());
        context.close();
    }
}
