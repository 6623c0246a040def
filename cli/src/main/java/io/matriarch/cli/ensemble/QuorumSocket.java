package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Network;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.SnapshotDecoder;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.QuorumPacket;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** A learner's end of a connection to a quorum port: packets, and the one snapshot between them (zab.md 3, 9). Reading is for one thread. */
final class QuorumSocket implements Closeable {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int MAX_IDS = 4096;

    private final Socket socket;
    private final PushbackInputStream bytes;
    private final DataInputStream in;
    private final OutputStream out;

    QuorumSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.bytes = new PushbackInputStream(socket.getInputStream(), CHUNK_BYTES);
        this.in = new DataInputStream(bytes);
        this.out = socket.getOutputStream();
    }

    /** Sends one packet at once; any thread may. */
    void send(QuorumPacket packet) throws IOException {
        byte[] frame = packet.encode().toByteArray();
        synchronized (out) {
            out.write(frame);
            out.flush();
        }
    }

    /**
     * The next packet.
     *
     * @throws MalformedException if the bytes are none
     */
    QuorumPacket read() throws IOException {
        int type = in.readInt();
        long zxid = in.readLong();
        int length = in.readInt();
        Bytes data = length < 0 ? null : Bytes.wrap(readExactly(length));
        int ids = in.readInt();
        if (ids > MAX_IDS) {
            throw new MalformedException("a packet with " + ids + " ids");
        }
        for (int i = 0; i < 2 * ids; i++) {
            readExactly(Math.max(0, in.readInt()));
        }
        return QuorumPacket.of(type, zxid, data);
    }

    /**
     * Reads the stream behind SNAP.
     *
     * @param soFar told how many znodes were read
     */
    DataTree readSnapshot(Zxid label, LongConsumer soFar) throws IOException {
        SnapshotDecoder decoder = new SnapshotDecoder(SnapshotDecoder.Source.WIRE, Network.MAX_LENGTH_BYTES);
        DataTree.Loader loader = new DataTree.Loader();
        byte[] chunk = new byte[CHUNK_BYTES];
        long nodes = 0;
        while (!decoder.isDone()) {
            int count = bytes.read(chunk, 0, chunk.length);
            if (count < 0) {
                throw new EOFException("the snapshot broke off after " + nodes + " znodes");
            }
            decoder.feed(Bytes.wrap(Arrays.copyOf(chunk, count)));
            for (SnapshotPiece piece = decoder.next(); piece != null; piece = decoder.next()) {
                loader.accept(piece);
                if (piece instanceof SnapshotPiece.Nodes some) {
                    nodes += some.nodes().size();
                    soFar.accept(nodes);
                }
            }
        }
        bytes.unread(decoder.rest().toByteArray());
        return loader.finish(label);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Allocates as bytes arrive, so that a length which is a lie costs nothing. */
    private byte[] readExactly(int length) throws IOException {
        if (length > Network.MAX_LENGTH_BYTES) {
            throw new MalformedException(
                    "a packet of " + length + " bytes; the most here is " + Network.MAX_LENGTH_BYTES);
        }
        byte[] read = in.readNBytes(length);
        if (read.length < length) {
            throw new EOFException("the packet broke off");
        }
        return read;
    }
}
