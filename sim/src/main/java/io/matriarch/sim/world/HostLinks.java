package io.matriarch.sim.world;

import static java.util.Objects.requireNonNull;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.sim.net.VirtualNetwork;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.disk.SnapshotDecoder;
import io.matriarch.wire.disk.SnapshotEncoder;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A process's connections on the quorum and client ports, between the core's links and the network's streams. */
final class HostLinks {
    private static final int SNAPSHOT_LENGTH_LIMIT = QuorumPacket.DEFAULT_LENGTH_LIMIT;

    /** One link of this process. */
    private final class Link implements StreamEnd {
        final LinkId id;
        final Stream stream;
        final int side;
        final boolean isClient;
        final ArrayDeque<Bytes> held = new ArrayDeque<>();
        boolean isPaused;

        @Nullable
        SnapshotDecoder snapshot;

        Link(LinkId id, Stream stream, int side, boolean isClient) {
            this.id = id;
            this.stream = stream;
            this.side = side;
            this.isClient = isClient;
        }

        @Override
        public void received(Object message) {
            if (links.get(id) != this) {
                return;
            }
            if (isClient) {
                held.addLast((Bytes) message);
                drain();
            } else if (message instanceof QuorumPacket packet) {
                packet(packet);
            } else if (message instanceof SnapshotPiece piece) {
                process.deliver(new Event.SnapshotPieceReceived(id, piece));
            } else {
                snapshotBytes((Bytes) message);
            }
        }

        @Override
        public void closed(String reason) {
            if (links.get(id) == this) {
                process.deliver(new Event.LinkDown(id, reason));
                links.remove(id);
            }
        }

        void drain() {
            while (!isPaused && !held.isEmpty() && links.get(id) == this) {
                process.deliver(new Event.ClientFrame(id, held.removeFirst()));
            }
        }

        private void packet(QuorumPacket packet) {
            if (packet.type() == PacketType.SNAP) {
                snapshot = new SnapshotDecoder(SnapshotDecoder.Source.WIRE, SNAPSHOT_LENGTH_LIMIT);
            }
            process.deliver(new Event.PacketReceived(id, packet));
        }

        private void snapshotBytes(Bytes chunk) {
            SnapshotDecoder decoder = requireNonNull(snapshot);
            decoder.feed(chunk);
            for (SnapshotPiece piece = decoder.next(); piece != null; piece = decoder.next()) {
                process.deliver(new Event.SnapshotPieceReceived(id, piece));
            }
        }
    }

    private final SimHost host;
    private final SimProcess process;
    private final Map<LinkId, Link> links = new LinkedHashMap<>();
    private final Set<LinkId> dials = new HashSet<>();
    private final Set<LinkId> abandonedDials = new HashSet<>();
    private long nextLink = 1;
    private boolean isListening;
    private boolean isListeningForObservers;

    HostLinks(SimHost host, SimProcess process) {
        this.host = host;
        this.process = process;
    }

    // --- from outside ------------------------------------------------------------------------------------------------

    boolean isListening() {
        return isListening;
    }

    boolean isListeningForObservers() {
        return isListeningForObservers;
    }

    StreamEnd acceptLearner(Stream stream) {
        Link link = add(new LinkId(nextLink++), stream, 1, false);
        process.deliver(new Event.LearnerLinkUp(link.id, "10.0.0." + stream.node(0)));
        return link;
    }

    StreamEnd acceptClient(Stream stream) {
        Link link = add(new LinkId(nextLink++), stream, 1, true);
        process.deliver(new Event.ClientLinkUp(link.id, "10.0.1." + stream.node(0) % 256));
        return link;
    }

    /** The process is gone. */
    void processGone(boolean isSilent) {
        for (Link link : List.copyOf(links.values())) {
            if (isSilent) {
                link.stream.vanish(link.side);
            } else {
                link.stream.crash(link.side);
            }
        }
        links.clear();
    }

    private Link add(LinkId id, Stream stream, int side, boolean isClient) {
        Link link = new Link(id, stream, side, isClient);
        links.put(id, link);
        return link;
    }

    // --- effects -----------------------------------------------------------------------------------------------------

    void perform(Effect effect) {
        if (effect instanceof Effect.SendPacket send) {
            sendPacket(send);
        } else if (effect instanceof Effect.SendReply send) {
            send(send.link(), encoded(send.reply()));
        } else if (effect instanceof Effect.SendConnectResponse send) {
            send(send.link(), send.response().encode());
        } else if (effect instanceof Effect.CloseLink close) {
            close(close);
        } else if (effect instanceof Effect.ConnectToLeader connect) {
            dial(connect.link(), (int) connect.leader().value(), SimHost::quorumPort);
        } else if (effect instanceof Effect.ConnectToObserverMaster connect) {
            dial(connect.link(), (int) connect.master().value(), SimHost::observerPort);
        } else if (effect instanceof Effect.ListenForObservers) {
            isListeningForObservers = true;
        } else if (effect instanceof Effect.StopListeningForObservers) {
            isListeningForObservers = false;
        } else if (effect instanceof Effect.ListenForLearners) {
            isListening = true;
        } else if (effect instanceof Effect.StopListening) {
            isListening = false;
        } else if (effect instanceof Effect.SendSnapshotPiece send) {
            sendPiece(send);
        } else if (effect instanceof Effect.AwaitWritable await) {
            tellWhenTaken(await.link());
        } else if (effect instanceof Effect.PauseReads pause) {
            setPaused(pause.link(), true);
        } else if (effect instanceof Effect.ResumeReads resume) {
            setPaused(resume.link(), false);
        } else {
            throw new IllegalArgumentException("not for links: " + effect);
        }
    }

    private void send(LinkId id, Object message) {
        Link link = links.get(id);
        if (link != null) {
            link.stream.send(link.side, message);
        }
    }

    private static Bytes encoded(Reply reply) {
        JuteWriter out = new JuteWriter();
        reply.encode(out);
        return out.toBytes();
    }

    private void sendPacket(Effect.SendPacket send) {
        boolean isCoded = host.world().plan().isCoded();
        send(send.link(), isCoded ? QuorumPacket.decode(send.packet().encode()) : send.packet());
    }

    private void sendPiece(Effect.SendSnapshotPiece send) {
        if (host.world().plan().isCoded()) {
            JuteWriter out = new JuteWriter();
            SnapshotEncoder.encode(send.piece(), out);
            if (send.piece() instanceof SnapshotPiece.End) {
                SnapshotEncoder.encodeSignature(out);
            }
            Bytes bytes = out.toBytes();
            int cut = host.chance().below(bytes.length() + 1);
            send(send.link(), bytes.slice(0, cut));
            send(send.link(), bytes.slice(cut, bytes.length()));
        } else {
            send(send.link(), send.piece());
        }
        tellWhenTaken(send.link());
    }

    private void tellWhenTaken(LinkId id) {
        process.after(1 + host.chance().below((int) host.world().plan().takingNanos()), () -> {
            if (links.containsKey(id)) {
                process.deliver(new Event.LinkWritable(id));
            }
        });
    }

    private void close(Effect.CloseLink close) {
        Link link = links.remove(close.link());
        if (link != null) {
            link.stream.close(link.side, "closed by server " + host.sid() + ": " + close.reason());
        } else if (dials.remove(close.link())) {
            abandonedDials.add(close.link());
        }
        host.checks().linkEnded(close.link());
    }

    private void setPaused(LinkId id, boolean isPaused) {
        Link link = links.get(id);
        if (link != null) {
            link.isPaused = isPaused;
            process.after(0, link::drain);
        }
    }

    private void dial(LinkId id, int to, Function<SimHost, VirtualNetwork.Acceptor> port) {
        dials.add(id);
        host.world().dialServer(host.sid(), to, port, new VirtualNetwork.Dialler() {
            @Override
            public @Nullable StreamEnd connected(Stream stream) {
                if (process.isGone() || abandonedDials.remove(id)) {
                    return null;
                }
                dials.remove(id);
                Link link = add(id, stream, 0, false);
                process.deliver(new Event.LeaderLinkUp(id));
                return link;
            }

            @Override
            public void failed(String reason) {
                if (dials.remove(id)) {
                    process.deliver(new Event.LinkDown(id, reason));
                }
            }
        });
    }
}
