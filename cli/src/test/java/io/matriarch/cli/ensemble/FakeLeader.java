package io.matriarch.cli.ensemble;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.Capabilities;
import io.matriarch.wire.quorum.LeaderInfo;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A quorum port that follows a script for one observer after the other: handshake, then what it is told to say. */
final class FakeLeader implements Closeable {
    private static final int FOREVER_MILLIS = 30_000;

    private final ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<QuorumPacket> heard = Collections.synchronizedList(new ArrayList<>());

    FakeLeader(List<QuorumPacket> beforeAck, List<QuorumPacket> afterAck) throws IOException {
        Thread thread = new Thread(
                () -> {
                    while (!port.isClosed()) {
                        serve(beforeAck, afterAck);
                    }
                },
                "fake-leader");
        thread.setDaemon(true);
        thread.start();
    }

    /** A leader of epoch 2 that sends all its history and {@code live} afterwards. */
    static FakeLeader of(List<QuorumPacket> history, List<QuorumPacket> live) throws IOException {
        List<QuorumPacket> before = new ArrayList<>(history);
        before.add(QuorumPacket.of(PacketType.NEWLEADER, Zxid.of(2, 0).value()));
        List<QuorumPacket> after = new ArrayList<>(live);
        after.add(0, QuorumPacket.of(PacketType.UPTODATE, -1));
        return new FakeLeader(before, after);
    }

    /** A configuration that names it as server 7. */
    Path config(Path directory) throws IOException {
        return Files.writeString(
                directory.resolve("zoo.cfg"),
                "dataDir=/nowhere\nserver.7=127.0.0.1:%d:1:participant\n".formatted(port.getLocalPort()));
    }

    /** What the observer sent. */
    List<QuorumPacket> heard() {
        return heard;
    }

    private void serve(List<QuorumPacket> beforeAck, List<QuorumPacket> afterAck) {
        try (Socket socket = port.accept()) {
            socket.setSoTimeout(FOREVER_MILLIS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            heard.add(read(in));
            Bytes version = new LeaderInfo(LearnerInfo.PROTOCOL_VERSION, Capabilities.NONE).encode();
            send(socket, QuorumPacket.of(PacketType.LEADERINFO, Zxid.of(2, 0).value(), version));
            heard.add(read(in));
            for (QuorumPacket packet : beforeAck) {
                send(socket, packet);
            }
            heard.add(read(in));
            for (QuorumPacket packet : afterAck) {
                send(socket, packet);
            }
            while (true) {
                heard.add(read(in));
            }
        } catch (IOException e) {
            // The other side has gone.
        }
    }

    private static void send(Socket socket, QuorumPacket packet) throws IOException {
        socket.getOutputStream().write(packet.encode().toByteArray());
    }

    private static QuorumPacket read(DataInputStream in) throws IOException {
        byte[] head = in.readNBytes(16);
        if (head.length < 16) {
            throw new IOException("closed");
        }
        int length = Math.max(0, new JuteReader(Bytes.wrap(head, 12, 4)).readInt());
        byte[] rest = in.readNBytes(length + 4);
        byte[] all = new byte[head.length + rest.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(rest, 0, all, head.length, rest.length);
        return QuorumPacket.decode(Bytes.wrap(all));
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
