package io.matriarch.sim.apache;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.sim.net.Stream;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.quorum.QuorumPacket;
import org.jspecify.annotations.Nullable;

/** One connection on a quorum port, and what the checks are told of it. */
final class ApacheLink {
    private final ApacheServer server;
    private final LinkId id;
    private final Stream stream;
    private final int side;
    /** An observer acknowledges NEWLEADER before it has logged anything, and nobody counts it (zab.md 8.3, 15). */
    private final boolean isChecked;

    ApacheLink(ApacheServer server, Stream stream, int side) {
        this.server = server;
        this.id = new LinkId(server.nextLink());
        this.stream = stream;
        this.side = side;
        this.isChecked = side == 1 || !server.isObserver();
    }

    void send(QuorumPacket packet) {
        ApacheSurroundings around = server.around();
        if (isChecked) {
            around.checks()
                    .emitted(new Effect.SendPacket(id, packet), around.now().nanos());
        }
        around.trace(() -> "sends " + packet + " over " + id);
        stream.send(side, around.coded(packet));
    }

    void send(int type, long zxid, @Nullable Bytes data) {
        send(new QuorumPacket(type, zxid, data, null));
    }

    /** What an old release says too early, without our doing (zab.md 4685). */
    void sendEarly(QuorumPacket packet) {
        stream.send(side, server.around().coded(packet));
    }

    /** Something other than a packet. */
    void sendRaw(Object message) {
        stream.send(side, message);
    }

    void received(QuorumPacket packet) {
        ApacheSurroundings around = server.around();
        around.trace(() -> "receives " + packet + " over " + id);
        if (isChecked) {
            around.checks()
                    .aboutTo(new Event.PacketReceived(id, packet), around.now().nanos());
        }
    }

    LinkId id() {
        return id;
    }

    void close(String why) {
        server.around().checks().linkEnded(id);
        stream.close(side, "closed by server " + server.sid() + ": " + why);
    }
}
