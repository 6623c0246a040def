package io.matriarch.server.client;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.request.ClientStats;
import io.matriarch.server.link.Link;
import io.matriarch.server.link.Outbox;
import io.matriarch.server.link.ReceiveBuffer;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client connection. The core hears of it only when its first four bytes are no four-letter word.
 *
 * <pre>
 * length int, 0 to jute.maxbuffer | that many bytes     (client.md 2)
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, which is noticed
public final class ClientLink extends ChannelInboundHandlerAdapter implements Link {
    /** How long a closing connection may take to read our last words and hang up. */
    private static final int LINGER_MILLIS = 1000;

    private enum Phase {
        FIRST_BYTES,
        /** The line of {@link LeadWord} is coming. */
        LINE,
        /** The eight bytes of {@link TraceMaskWord} are coming. */
        MASK,
        FRAMES,
        CLOSING
    }

    private final ClientPort port;
    private final Channel channel;
    private final Outbox outbox;
    private final ReceiveBuffer received = new ReceiveBuffer();
    private final String ip;
    private Phase phase = Phase.FIRST_BYTES;
    private @Nullable LinkId id;
    private boolean isPausedByCore;
    private boolean isHeld;
    private long framesReceived;
    private long framesSent;

    ClientLink(ClientPort port, Channel channel, String ip) {
        this.port = port;
        this.channel = channel;
        this.ip = ip;
        this.outbox = new Outbox(channel, port.touched());
    }

    // --- from the core -----------------------------------------------------------------------------------------------

    /** Answers the handshake; {@code scratch} is used meanwhile. */
    public void send(ConnectResponse response, JuteWriter scratch) {
        Bytes frame = response.encode();
        scratch.reset();
        scratch.writeBuffer(frame);
        append(scratch);
    }

    /** Answers a request, or tells of a watch. */
    public void send(Reply reply, JuteWriter scratch) {
        scratch.reset();
        reply.encodeFramed(scratch);
        append(scratch);
    }

    /** No further frames are wanted for now; those already received may still be reported. */
    public void pause() {
        isPausedByCore = true;
        adjustReading();
    }

    /** Frames are wanted again. */
    public void resume() {
        isPausedByCore = false;
        adjustReading();
    }

    /** Stops or resumes reading while storage is behind. */
    public void hold(boolean isHolding) {
        isHeld = isHolding;
        adjustReading();
    }

    @Override
    public void close(String reason) {
        forget();
        closeAfterFlush();
    }

    private void append(JuteWriter scratch) {
        if (phase != Phase.FRAMES) {
            return;
        }
        long backlog = outbox.backlogBytes();
        if (backlog > port.maxBacklogBytes()) {
            fail("does not read its answers: " + backlog + " bytes wait for it");
            return;
        }
        framesSent++;
        port.countSent();
        outbox.append(scratch);
    }

    private void adjustReading() {
        // While closing, reads go on: what the client still sends is thrown away until it hangs up.
        channel.config().setAutoRead(phase == Phase.CLOSING || !(isPausedByCore || isHeld));
    }

    // --- from the socket ---------------------------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!port.admit(this)) {
            phase = Phase.CLOSING;
            context.close();
            return;
        }
        channel.eventLoop().schedule(this::closeIfSilent, ClientPort.FIRST_BYTES_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (phase != Phase.CLOSING) {
                received.append((ByteBuf) message);
                decode();
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void decode() {
        if (phase == Phase.FIRST_BYTES && received.length() >= 4) {
            decodeFirst(received.peekInt());
        }
        if (phase == Phase.LINE && LeadWord.isComplete(received.view())) {
            phase = Phase.CLOSING;
            port.lead(LeadWord.server(received.view()), channel.remoteAddress(), this);
        }
        if (phase == Phase.MASK && TraceMaskWord.isComplete(received.view())) {
            phase = Phase.CLOSING;
            port.traceMask(TraceMaskWord.mask(received.view()), this);
        }
        while (phase == Phase.FRAMES && received.length() >= 4) {
            int length = received.peekInt();
            if (length < 0 || length > port.maxFrameBytes()) {
                fail("sent a frame of " + length + " bytes; at most jute.maxbuffer, " + port.maxFrameBytes()
                        + ", are allowed");
                return;
            }
            if (received.length() < 4 + length) {
                return;
            }
            received.skip(4);
            framesReceived++;
            port.countReceived();
            port.events().add(new Event.ClientFrame(requiredId(), received.take(length)));
        }
    }

    private void decodeFirst(int first) {
        String word = FirstBytes.word(first);
        if (LeadWord.NAME.equals(word)) {
            phase = Phase.LINE;
            return;
        }
        if (TraceMaskWord.NAME.equals(word) && port.isAllowed(word)) {
            phase = Phase.MASK;
            return;
        }
        if (word != null) {
            phase = Phase.CLOSING;
            port.answer(word, this);
            return;
        }
        String protocol = FirstBytes.foreignProtocol(first);
        if (protocol != null) {
            port.warnOfStranger(ip, protocol);
            phase = Phase.CLOSING;
            channel.close();
            return;
        }
        phase = Phase.FRAMES;
        id = port.nextId(this);
        port.events().add(new Event.ClientLinkUp(id, ip));
    }

    private void closeIfSilent() {
        boolean isUnfinished = phase == Phase.FIRST_BYTES || phase == Phase.LINE || phase == Phase.MASK;
        if (isUnfinished || (phase == Phase.FRAMES && framesReceived == 0)) {
            fail("said nothing in " + ClientPort.FIRST_BYTES_MILLIS + " ms");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        outbox.discard();
        fail("closed by the client");
        port.left(this);
    }

    // --- the end -----------------------------------------------------------------------------------------------------

    /** Answers a four-letter word and hangs up. */
    void answer(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        outbox.append(bytes, 0, bytes.length);
        closeAfterFlush();
    }

    private void fail(String reason) {
        if (forget()) {
            port.events().add(new Event.LinkDown(requiredId(), reason));
        }
        phase = Phase.CLOSING;
        channel.close();
    }

    /** The core no longer knows this link; answers whether it did. */
    private boolean forget() {
        return id != null && port.remove(id);
    }

    /**
     * Sends what was gathered, then our FIN, and waits for the client's: closing with unread requests in the socket would
     * reset the connection and could destroy our last words on their way.
     */
    private void closeAfterFlush() {
        phase = Phase.CLOSING;
        adjustReading();
        outbox.flushAndTell().addListener(done -> {
            if (done.isSuccess() && channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            } else {
                channel.close();
            }
        });
        channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private LinkId requiredId() {
        if (id == null) {
            throw new IllegalStateException("the core does not know this connection");
        }
        return id;
    }

    String ip() {
        return ip;
    }

    ConnectionLine line(boolean isOwn, Map<LinkId, ClientStats.Link> known) {
        ClientStats.Link core = id == null ? null : known.get(id);
        return new ConnectionLine(String.valueOf(channel.remoteAddress()), isOwn, framesReceived, framesSent, core);
    }
}
