package io.matriarch.sim.world;

import static java.util.Objects.requireNonNull;

import io.matriarch.wire.JuteReader;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.txn.TxnHeader;
import java.util.HashSet;
import java.util.Set;

/** What leaders say that is worth counting; what they say to each of their learners once. */
final class PacketTally {
    private static final int SID_SHIFT = 56;

    private final WorldPlan plan;
    private final Tally tally;
    private final Set<Long> epochsLed = new HashSet<>();
    private final Set<Long> configurationsAgreed = new HashSet<>();
    private final Set<Long> upgraded = new HashSet<>();

    PacketTally(WorldPlan plan, Tally tally) {
        this.plan = plan;
        this.tally = tally;
    }

    /** Server {@code sid} sends this. */
    void count(int sid, QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.DIFF, PacketType.TRUNC, PacketType.SNAP ->
                tally.count(Tally.SYNCS, plan.kindOf(sid) + " " + PacketType.name(packet.type()));
            case PacketType.NEWLEADER -> {
                if (epochsLed.add(packet.zxid())) {
                    tally.count(Tally.LED, plan.kindOf(sid));
                }
            }
            case PacketType.PROPOSAL -> {
                if (plan.sessionRules().hasLocal()) {
                    proposed(sid, TxnHeader.decode(new JuteReader(requireNonNull(packet.data()))));
                }
            }
            case PacketType.COMMITANDACTIVATE -> {
                if (configurationsAgreed.add(packet.zxid())) {
                    boolean isKept = new JuteReader(requireNonNull(packet.data())).readLong() == sid;
                    tally.count(Tally.CONFIGURATIONS, plan.kindOf(sid) + (isKept ? "" : " hands over"));
                }
            }
            default -> {}
        }
    }

    /** With local sessions no other session is ever made known to all. */
    private void proposed(int leader, TxnHeader header) {
        if (header.type() == OpCode.CREATE_SESSION && upgraded.add(header.clientId())) {
            int home = (int) (header.clientId() >>> SID_SHIFT);
            tally.count(Tally.UPGRADES, plan.kindOf(home) + " under " + plan.kindOf(leader));
        }
    }
}
