package io.matriarch.server.quorum;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.server.link.EventQueue;
import io.matriarch.server.link.Link;
import io.matriarch.server.link.LinkTable;
import io.matriarch.server.link.Outbox;
import io.matriarch.server.link.ReceiveBuffer;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.disk.SnapshotDecoder;
import io.matriarch.wire.disk.SnapshotEncoder;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream between a leader and a learner. Packets follow each other without any prefix; on the learner's side the
 * bytes behind a SNAP packet are a snapshot up to its signature (zab.md 9), then packets again.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, which is noticed
public final class QuorumLink extends ChannelInboundHandlerAdapter implements Link {
    /** A peer that has let this much wait is not reading; the leader's timers would take far longer to say so. */
    static final long MAX_BACKLOG_BYTES = 256L << 20;

    private final LinkId id;
    private final boolean isDialled;
    private final int lengthLimit;
    private final EventQueue events;
    private final LinkTable links;
    private final Consumer<Outbox> touched;
    private final ReceiveBuffer received = new ReceiveBuffer();
    private @Nullable Channel channel;
    private @Nullable Outbox outbox;
    private @Nullable SnapshotDecoder snapshot;
    private long mostWaitingBytes;
    private boolean isClosed;
    private boolean isHeld;
    private @Nullable Runnable giveUp;

    QuorumLink(
            LinkId id,
            boolean isDialled,
            int lengthLimit,
            EventQueue events,
            LinkTable links,
            Consumer<Outbox> touched) {
        this.id = id;
        this.isDialled = isDialled;
        this.lengthLimit = lengthLimit;
        this.events = events;
        this.links = links;
        this.touched = touched;
    }

    // --- from the core -----------------------------------------------------------------------------------------------

    /** Appends one packet to what leaves at the end of the batch; {@code scratch} is used meanwhile. */
    public void send(QuorumPacket packet, JuteWriter scratch) {
        scratch.reset();
        packet.encode(scratch);
        append(scratch);
    }

    /** Sends a piece of a snapshot at once and reports when the socket took it. */
    public void send(SnapshotPiece piece, JuteWriter scratch) {
        scratch.reset();
        SnapshotEncoder.encode(piece, scratch);
        if (piece instanceof SnapshotPiece.End) {
            SnapshotEncoder.encodeSignature(scratch);
        }
        append(scratch);
        tellWhenTaken();
    }

    /** Sends what was appended at once and reports when the socket took it. */
    public void tellWhenTaken() {
        if (outbox != null && !isClosed) {
            outbox.flushAndTell().addListener(done -> {
                if (done.isSuccess() && !isClosed) {
                    events.add(new Event.LinkWritable(id));
                }
            });
        }
    }

    @Override
    public void close(String reason) {
        isClosed = true;
        links.remove(id);
        if (giveUp != null) {
            giveUp.run();
        }
        if (channel == null || outbox == null) {
            return;
        }
        outbox.flushAndTell().addListener(ChannelFutureListener.CLOSE);
        Channel closing = channel;
        // A peer that does not read must not keep the socket: nothing that it misses now could matter to it.
        channel.eventLoop().schedule(() -> closing.close(), 1, java.util.concurrent.TimeUnit.SECONDS);
    }

    /** Stops or resumes reading from the peer, while storage is behind. */
    public void hold(boolean isHolding) {
        isHeld = isHolding;
        if (channel != null) {
            channel.config().setAutoRead(!isHolding);
        }
    }

    /** The most that waited for the peer to take it since this was asked last. */
    public long takeMostWaitingBytes() {
        long most = mostWaitingBytes;
        mostWaitingBytes = 0;
        return most;
    }

    private void append(JuteWriter scratch) {
        if (isClosed || outbox == null) {
            return;
        }
        long waiting = outbox.backlogBytes();
        if (waiting > MAX_BACKLOG_BYTES) {
            fail("does not read: " + waiting + " bytes wait for it");
            return;
        }
        outbox.append(scratch);
        mostWaitingBytes = Math.max(mostWaitingBytes, waiting + scratch.length());
    }

    // --- from the socket ---------------------------------------------------------------------------------------------

    /** What to do if the link is closed before it can be used. */
    void entering(Runnable onClose) {
        giveUp = onClose;
    }

    /** The connection can be used from now on. */
    void begin(Channel begun) {
        giveUp = null;
        if (isClosed) {
            begun.close();
            return;
        }
        channel = begun;
        outbox = new Outbox(channel, touched);
        if (isHeld) {
            channel.config().setAutoRead(false);
        }
        if (isDialled) {
            events.add(new Event.LeaderLinkUp(id));
        } else {
            links.add(id, this);
            events.add(new Event.LearnerLinkUp(id, String.valueOf(channel.remoteAddress())));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (!isClosed) {
                received.append((ByteBuf) message);
                decode();
            }
        } catch (MalformedException e) {
            fail("sent no packet: " + e.getMessage());
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void decode() {
        while (received.length() > 0 && !isClosed) {
            if (snapshot != null) {
                decodeSnapshot(snapshot);
                continue;
            }
            int size = QuorumPacket.sizeIfComplete(received.view(), lengthLimit);
            if (size == QuorumPacket.INCOMPLETE) {
                return;
            }
            QuorumPacket packet = QuorumPacket.decode(received.take(size));
            events.add(new Event.PacketReceived(id, packet));
            if (isDialled && packet.type() == PacketType.SNAP) {
                snapshot = new SnapshotDecoder(SnapshotDecoder.Source.WIRE, lengthLimit);
            }
        }
    }

    private void decodeSnapshot(SnapshotDecoder decoder) {
        decoder.feed(received.take(received.length()));
        SnapshotPiece piece = decoder.next();
        while (piece != null) {
            events.add(new Event.SnapshotPieceReceived(id, piece));
            piece = decoder.next();
        }
        if (decoder.isDone()) {
            received.append(decoder.rest());
            snapshot = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail(String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (outbox != null) {
            outbox.discard();
        }
        fail("closed by the other side");
    }

    /** The link is no more, for a reason that is not the core's. */
    void fail(String reason) {
        if (isClosed) {
            return;
        }
        isClosed = true;
        links.remove(id);
        if (isDialled || channel != null) {
            events.add(new Event.LinkDown(id, reason));
        }
        if (channel != null) {
            channel.close();
        }
    }
}
