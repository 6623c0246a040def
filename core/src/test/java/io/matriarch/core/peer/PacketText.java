package io.matriarch.core.peer;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LinkId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.LeadTransfer;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.RevalidationAnswer;
import java.util.ArrayList;
import java.util.List;

/** Packets as tests compare them: "PROPOSAL (1,10)", "ACKEPOCH (1,9) of 1", "PING 3". */
public final class PacketText {
    private PacketText() {}

    /** What {@code effects} do to {@code link}, in order; a piece of a snapshot reads "piece", a close "CLOSED". */
    static List<String> to(LinkId link, List<Effect> effects) {
        List<String> words = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.SendPacket send && send.link().equals(link)) {
                words.add(of(send.packet()));
            } else if (effect instanceof Effect.SendSnapshotPiece send
                    && send.link().equals(link)) {
                words.add("piece");
            } else if (effect instanceof Effect.CloseLink close && close.link().equals(link)) {
                words.add("CLOSED");
            }
        }
        return words;
    }

    public static String of(QuorumPacket packet) {
        String name = PacketType.name(packet.type());
        return switch (packet.type()) {
            case PacketType.PING -> name + " " + packet.zxid();
            case PacketType.TRANSFER -> {
                LeadTransfer word = LeadTransfer.decode(packet.data());
                yield name + " " + word.kind() + " " + word.server();
            }
            case PacketType.UPTODATE, PacketType.SYNC -> name;
            case PacketType.ACKEPOCH ->
                name + " " + of(new Zxid(packet.zxid())) + " of "
                        + AckEpoch.decode(packet.data()).epoch();
            case PacketType.REVALIDATE ->
                packet.data().length() > 9
                        ? name
                        : name + " " + RevalidationAnswer.decode(packet.data()).valid();
            case PacketType.REQUEST ->
                name + " " + ForwardedRequest.decode(packet.data()).opcode();
            default -> name + " " + of(new Zxid(packet.zxid()));
        };
    }

    /** As zab.md writes it: (epoch,counter); -1 stays -1. */
    public static String of(Zxid zxid) {
        return zxid.equals(Zxid.NONE) ? "-1" : "(" + zxid.epoch() + "," + zxid.counter() + ")";
    }
}
