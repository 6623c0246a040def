package io.matriarch.compat;

import io.matriarch.wire.quorum.PacketType;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a learner and the quorum port of its leader, and can hold the leader's stream back at a chosen packet of a synchronization
 * (zab.md 3, 8.2, 9), so that what happens there happens for certain. Without {@link #holdBefore} it passes everything on.
 */
final class QuorumGate implements AutoCloseable {
    private static final byte[] SNAPSHOT_END = "\0\0\0\nBenWasHere".getBytes(StandardCharsets.US_ASCII);

    /** How much of a snapshot passes before it is held midway: less than the least one that is sent here. */
    private static final int SNAPSHOT_BYTES = 4_000;

    private final ServerSocket listening;
    private final Set<Socket> sockets = Collections.synchronizedSet(new HashSet<>());
    private final List<Method> begun = new CopyOnWriteArrayList<>();
    private volatile Hold hold = new Hold(Place.NOWHERE);

    /** How a learner is brought up to date. */
    enum Method {
        DIFF,
        TRUNC,
        SNAP
    }

    /** Where a stream is held. */
    enum Place {
        NOWHERE,
        /** Of several proposals some have passed, of a snapshot the first part; where there are none of either, as the next. */
        MIDWAY,
        /** All of the history has passed, NEWLEADER has not. */
        BEFORE_NEWLEADER,
        /** The learner may have acknowledged NEWLEADER. */
        BEFORE_UPTODATE
    }

    /** One wish to hold the stream. */
    private static final class Hold {
        final Place place;
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);

        Hold(Place place) {
            this.place = place;
        }
    }

    /** A gate to the leader at this loopback port. */
    QuorumGate(int leaderPort) throws IOException {
        InetSocketAddress leader = new InetSocketAddress(InetAddress.getLoopbackAddress(), leaderPort);
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon("gate-" + leaderPort, () -> accept(leader));
    }

    /** The port that the learner has to dial. */
    int port() {
        return listening.getLocalPort();
    }

    /** How each synchronization that came through here began, oldest first. */
    List<Method> begun() {
        return List.copyOf(begun);
    }

    /** The next synchronization stops there. */
    void holdBefore(Place place) {
        hold = new Hold(place);
    }

    /** Waits until a stream is held. */
    void awaitHeld(Duration bound) throws InterruptedException {
        if (!hold.reached.await(bound.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("no stream came to " + hold.place + " within " + bound);
        }
    }

    /** Breaks all connections, what is held is lost, and lets later ones pass. */
    void cut() {
        Hold last = hold;
        hold = new Hold(Place.NOWHERE);
        Set.copyOf(sockets).forEach(QuorumGate::closeQuietly);
        last.released.countDown();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }

    private void accept(InetSocketAddress leader) {
        while (!listening.isClosed()) {
            try {
                connect(listening.accept(), leader);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket learner, InetSocketAddress leader) {
        sockets.add(learner);
        Socket onward = new Socket();
        sockets.add(onward);
        try {
            onward.connect(leader);
            onward.setTcpNoDelay(true);
            learner.setTcpNoDelay(true);
        } catch (IOException nobodyLeads) {
            end(learner, onward);
            return;
        }
        daemon("from-learner", () -> {
            try (Socket from = learner) {
                from.getInputStream().transferTo(onward.getOutputStream());
            } catch (IOException broken) {
                // as the learner or the leader ends it
            } finally {
                end(learner, onward);
            }
        });
        daemon("from-leader", () -> {
            try {
                new Stream(onward, learner, hold, begun).pass();
            } catch (IOException broken) {
                // as the learner or the leader ends it
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                end(learner, onward);
            }
        });
    }

    private void end(Socket learner, Socket onward) {
        for (Socket socket : new Socket[] {learner, onward}) {
            closeQuietly(socket);
            sockets.remove(socket);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** What a leader sends on one connection. */
    private static final class Stream {
        private final DataInputStream in;
        private final DataOutputStream out;
        private final Hold hold;
        private final List<Method> begun;
        private int proposals;
        private boolean isBegun;

        Stream(Socket from, Socket to, Hold hold, List<Method> begun) throws IOException {
            in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
            out = new DataOutputStream(new BufferedOutputStream(to.getOutputStream()));
            this.hold = hold;
            this.begun = begun;
        }

        void pass() throws IOException, InterruptedException {
            while (true) {
                int type = in.readInt();
                if (isHeldBefore(type)) {
                    hold();
                }
                out.writeInt(type);
                out.writeLong(in.readLong());
                passBuffer();
                passAuthentication();
                noteBeginning(type);
                if (type == PacketType.SNAP) {
                    passSnapshot();
                }
                proposals += type == PacketType.PROPOSAL ? 1 : 0;
                flushIfIdle();
            }
        }

        private void noteBeginning(int type) {
            switch (type) {
                case PacketType.DIFF -> begun.add(Method.DIFF);
                case PacketType.TRUNC -> begun.add(Method.TRUNC);
                case PacketType.SNAP -> begun.add(Method.SNAP);
                default -> {
                    return;
                }
            }
            isBegun = true;
        }

        private boolean isHeldBefore(int type) {
            return switch (hold.place) {
                case NOWHERE -> false;
                case MIDWAY ->
                    (type == PacketType.PROPOSAL && proposals == 5) || (type == PacketType.NEWLEADER && isBegun);
                case BEFORE_NEWLEADER -> type == PacketType.NEWLEADER;
                case BEFORE_UPTODATE -> type == PacketType.UPTODATE;
            };
        }

        private void passBuffer() throws IOException {
            int length = in.readInt();
            out.writeInt(length);
            if (length > 0) {
                out.write(in.readNBytes(length));
            }
        }

        private void passAuthentication() throws IOException {
            int count = in.readInt();
            out.writeInt(count);
            for (int i = 0; i < count; i++) {
                passBuffer();
                passBuffer();
            }
        }

        private void passSnapshot() throws IOException, InterruptedException {
            int matched = 0;
            for (int passed = 0; matched < SNAPSHOT_END.length; passed++) {
                if (passed == SNAPSHOT_BYTES && hold.place == Place.MIDWAY) {
                    hold();
                }
                byte next = in.readByte();
                out.writeByte(next);
                matched = next == SNAPSHOT_END[matched] ? matched + 1 : restart(matched, next);
                flushIfIdle();
            }
        }

        /** The end begins with three equal bytes, so that a fourth in front of it is no reason to begin again. */
        private static int restart(int matched, byte next) {
            if (next != 0) {
                return 0;
            }
            return matched == 3 ? 3 : 1;
        }

        private void hold() throws IOException, InterruptedException {
            out.flush();
            hold.reached.countDown();
            hold.released.await();
        }

        private void flushIfIdle() throws IOException {
            if (in.available() == 0) {
                out.flush();
            }
        }
    }
}
