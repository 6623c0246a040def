package io.matriarch.sim.apache;

import static java.util.Objects.requireNonNull;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.disk.SnapshotDecoder;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What comes from a leader, read one after the other by the thread that waits for the disk too: while it does, the rest waits
 * for it.
 */
final class Inbound {
    /** The last thing that is read from a connection. */
    private record Closed(String reason) {}

    /** Whom it is read for. */
    interface Reader {
        /** Whether nothing is read any more. */
        boolean isOver();

        void packet(QuorumPacket packet);

        void piece(SnapshotPiece piece);

        void ended(String reason);
    }

    private final ApacheSurroundings around;
    private final Reader reader;
    private final ArrayDeque<Object> queue = new ArrayDeque<>();
    private @Nullable SnapshotDecoder decoder;
    private boolean isBusy;
    private long heardNanos;

    Inbound(ApacheSurroundings around, Reader reader) {
        this.around = around;
        this.reader = reader;
        hear();
    }

    void received(Object message) {
        if (!reader.isOver()) {
            queue.addLast(message);
            drain();
        }
    }

    void closed(String reason) {
        received(new Closed(reason));
    }

    /** What is no packet is a piece of a snapshot from now on. */
    void snapshotBegins() {
        decoder = new SnapshotDecoder(SnapshotDecoder.Source.WIRE, QuorumPacket.DEFAULT_LENGTH_LIMIT);
    }

    /** The thread does nothing else for so long, then {@code work}, and then it reads on. */
    void afterWait(long nanos, Runnable work) {
        isBusy = true;
        around.after(nanos, () -> {
            isBusy = false;
            if (!reader.isOver()) {
                work.run();
                drain();
            }
        });
    }

    /** As if something had been read just now. */
    void hear() {
        heardNanos = around.now().nanos();
    }

    /** Whether it has waited for the other side for longer than that. */
    boolean isSilentFor(long nanos) {
        return !isBusy && around.now().nanos() - heardNanos > nanos;
    }

    private void drain() {
        while (!isBusy && !reader.isOver() && !queue.isEmpty()) {
            hear();
            Object message = queue.removeFirst();
            if (message instanceof QuorumPacket packet) {
                reader.packet(packet);
            } else if (message instanceof SnapshotPiece piece) {
                reader.piece(piece);
            } else if (message instanceof Closed closed) {
                reader.ended(closed.reason);
            } else {
                SnapshotDecoder pieces = requireNonNull(decoder);
                pieces.feed((Bytes) message);
                for (SnapshotPiece piece = pieces.next(); piece != null; piece = pieces.next()) {
                    reader.piece(piece);
                }
            }
        }
    }
}
