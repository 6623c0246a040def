package io.matriarch.sim.world;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.Recovered;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.txn.Txn;
import java.util.Locale;

/** Events and effects as people read them. */
final class TraceText {
    private static final double NANOS_PER_SECOND = 1e9;

    private TraceText() {}

    /** "  12.345678 s2 ". */
    static StringBuilder start(long nanos, String who) {
        return new StringBuilder(String.format(Locale.ROOT, "%11.6f %-5s ", nanos / NANOS_PER_SECOND, who));
    }

    static String of(Event event) {
        if (event instanceof Event.NotificationReceived received) {
            return "hears from s" + received.from() + ": " + of(received.notification());
        } else if (event instanceof Event.PacketReceived received) {
            return "receives on " + received.link() + ": " + of(received.packet());
        } else if (event instanceof Event.SnapshotPieceReceived received) {
            return "receives on " + received.link() + ": " + of(received.piece());
        } else if (event instanceof Event.ClientFrame received) {
            return "client " + received.link() + " sends " + frame(received.frame());
        }
        if (event instanceof Event.Reloaded reloaded) {
            Recovered found = reloaded.recovered();
            return "has reloaded its database: snapshot " + found.snapshotZxid() + ", log up to " + found.lastLogged()
                    + ", digest " + Long.toHexString(found.tree().digest());
        }
        return event.toString();
    }

    static String of(Effect effect) {
        if (effect instanceof Effect.SendNotification send) {
            return "tells s" + send.to() + ": " + of(send.notification());
        } else if (effect instanceof Effect.SendPacket send) {
            return "sends on " + send.link() + ": " + of(send.packet());
        } else if (effect instanceof Effect.SendSnapshotPiece send) {
            return "sends on " + send.link() + ": " + of(send.piece());
        } else if (effect instanceof Effect.SendReply send) {
            return "answers " + send.link() + ": " + send.reply();
        } else if (effect instanceof Effect.Append append) {
            return "#" + append.ticket() + " appends " + append.entry().zxid() + " "
                    + txn(append.entry().payload());
        } else if (effect instanceof Effect.Trace trace) {
            return "trace " + trace.event();
        } else if (effect instanceof Effect.StorageEffect storage) {
            return "#" + storage.ticket() + " " + storage;
        } else if (effect instanceof Effect.WriteSnapshot write) {
            return "writes snapshot " + write.snapshotId() + " at " + write.zxid() + ": " + of(write.piece());
        }
        return effect.toString();
    }

    static String of(Notification vote) {
        return vote.state() + " (" + vote.peerEpoch() + ", " + vote.zxid() + ", " + vote.leader() + ") in round "
                + vote.round();
    }

    private static String of(QuorumPacket packet) {
        return packet.toString();
    }

    private static String of(SnapshotPiece piece) {
        return piece instanceof SnapshotPiece.Nodes nodes ? nodes.nodes().size() + " nodes" : piece.toString();
    }

    private static String txn(Bytes payload) {
        Txn txn = Txn.decode(payload);
        return "of 0x" + Long.toHexString(txn.header().clientId()) + "/"
                + txn.header().cxid() + " " + txn.body();
    }

    private static String frame(Bytes frame) {
        try {
            ClientRequest request = ClientRequest.decode(frame);
            return "#" + request.xid() + " " + OpCode.name(request.opcode()) + " " + request.body();
        } catch (MalformedException e) {
            return frame.toString();
        }
    }
}
