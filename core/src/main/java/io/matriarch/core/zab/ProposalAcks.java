package io.matriarch.core.zab;

import io.matriarch.core.port.LinkId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.PacketType;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a follower owes its leader for proposals: an ACK of each, in order, once it is durable (zab.md R19); to a leader of ours
 * one for all that became durable together (R20).
 */
final class ProposalAcks {
    private final Zab zab;
    private final LinkId link;
    private final boolean isCumulative;
    private final Deque<Zxid> owed = new ArrayDeque<>();

    /** @param isCumulative whether the leader takes one ACK for all before it */
    ProposalAcks(Zab zab, LinkId link, boolean isCumulative) {
        this.zab = zab;
        this.link = link;
        this.isCumulative = isCumulative;
    }

    /** Whether the leader lets one ACK, and one COMMIT of its own, stand for all before it. */
    boolean isCumulative() {
        return isCumulative;
    }

    /** This proposal is on its way to the disk. */
    void owe(Zxid zxid) {
        owed.addLast(zxid);
    }

    /** The log is durable up to {@code durable}. */
    void durableThrough(Zxid durable) {
        Zxid newest = null;
        while (!owed.isEmpty() && !owed.peekFirst().isAfter(durable)) {
            newest = owed.removeFirst();
            if (!isCumulative) {
                zab.send(link, PacketType.ACK, newest.value(), null);
            }
        }
        if (isCumulative && newest != null) {
            zab.send(link, PacketType.ACK, newest.value(), null);
        }
    }
}
