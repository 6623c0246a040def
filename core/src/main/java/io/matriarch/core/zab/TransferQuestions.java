package io.matriarch.core.zab;

import io.matriarch.core.port.LinkId;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.quorum.LeadTransfer;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.Map;
import java.util.TreeMap;

/** A learner's side of {@link HandOver}: wishes passed on to the leader, and the word that another one leads. */
final class TransferQuestions {
    /** Operators ask one by one. */
    private static final int MAX_OPEN = 100;

    private final Zab zab;
    private final LinkId leader;
    private final Map<Long, TransferAsker> open = new TreeMap<>();
    private long asked;

    TransferQuestions(Zab zab, LinkId leader) {
        this.zab = zab;
        this.leader = leader;
    }

    void ask(ServerId server, TransferAsker asker) {
        if (open.size() == MAX_OPEN) {
            asker.answered(false, "too many such wishes are under way");
            return;
        }
        open.put(++asked, asker);
        zab.send(leader, PacketType.TRANSFER, asked, LeadTransfer.ask(server).encode());
    }

    void received(QuorumPacket packet, Exit exit) {
        LeadTransfer word = LeadTransfer.decode(packet.data());
        switch (word.kind()) {
            case GO -> {
                HandOver.prepare(zab, word.server());
                exit.handOver(word.server(), "the leader hands over to server " + word.server());
            }
            case ANSWER -> {
                TransferAsker asker = open.remove(packet.zxid());
                if (asker != null) {
                    asker.answered(word.isDone(), word.text());
                }
            }
            case ASK -> {} // a question for leaders
        }
    }

    /** The link ends: what has no answer gets none from this leader. */
    void leave(String reason) {
        open.values().forEach(asker -> asker.answered(false, "no answer came from the leader: " + reason));
        open.clear();
    }
}
