package io.matriarch.core.zab;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import org.jspecify.annotations.Nullable;

/**
 * What a newly agreed configuration means to a learner: it may have to take another role, or to turn to another leader, and
 * does so without an election where the leader named one (zab.md 14, election.md 4.4).
 *
 * <p>Made before the configuration is agreed, ended after; also the codec of the two packets that say so:
 *
 * <pre>
 * COMMITANDACTIVATE: designated leader id long
 * INFORMANDACTIVATE: designated leader id long, then the data of the proposal
 * </pre>
 */
final class Activation {
    private final Zab zab;
    private final ServerId leader;
    private final Exit exit;
    private final Configuration before;

    /** @param leader whom we follow now */
    Activation(Zab zab, ServerId leader, Exit exit) {
        this.zab = zab;
        this.leader = leader;
        this.exit = exit;
        this.before = zab.membership().committed();
    }

    /** The new configuration is agreed. {@code designated} is whom the leader named; null if it named nobody. */
    void end(@Nullable ServerId designated) {
        Configuration now = zab.membership().committed();
        if (now.version() == before.version()) {
            return;
        }
        zab.out()
                .trace(new TraceEvent.ConfigurationAgreed(
                        now.version(), now.members().size()));
        if (now.isSameBut(before)) {
            return;
        }
        ServerId next = designated != null ? designated : before.keepsAsVoter(leader, now) ? leader : null;
        String version = "configuration " + new Zxid(now.version());
        if (next == null) {
            exit.because(version + " does not name server " + leader + " as a voter at the same place");
        } else if (!next.equals(leader)) {
            exit.toward(next, version + " gives the lead to server " + next);
        } else if (before.isObserver(zab.self()) != now.isObserver(zab.self())) {
            exit.toward(next, version + " gives us another role");
        }
    }

    /** A configuration that no leader has established yet gets its version from the first that does (election.md 4.4). */
    static void labelFirst(Zab zab, long epoch) {
        boolean isFirst = zab.membership().lastSeen().version() == 0;
        if (zab.configurations().mayChange() && isFirst && zab.rules().labelsFirstConfiguration()) {
            Configuration first = zab.membership().committed();
            zab.configurations().see(first.withVersion(Zxid.of(epoch, 0).value()));
        }
    }

    /** What a leader saw last was carried by its NEWLEADER, which a quorum of it acknowledged: it is agreed (zab.md 14). */
    static void complete(Zab zab, Configuration before, Exit exit) {
        Configuration next = zab.membership().lastSeen();
        if (zab.configurations().mayChange() && zab.configurations().commit(next)) {
            zab.showConfig();
        }
        Configuration now = zab.membership().committed();
        if (now.version() == before.version()) {
            return;
        }
        zab.out()
                .trace(new TraceEvent.ConfigurationAgreed(
                        now.version(), now.members().size()));
        if (!before.keepsAsVoter(zab.self(), now)) {
            exit.because("configuration " + new Zxid(now.version()) + " does not name us as a voter at the same place");
        }
    }

    static QuorumPacket commit(Zxid zxid, ServerId designated) {
        return new QuorumPacket(PacketType.COMMITANDACTIVATE, zxid.value(), data(designated, null), null);
    }

    static QuorumPacket inform(Proposal proposal, ServerId designated) {
        Bytes data = data(designated, proposal.entry().payload());
        return new QuorumPacket(PacketType.INFORMANDACTIVATE, proposal.zxid().value(), data, null);
    }

    /** Throws MalformedException if the packet names nobody. */
    static ServerId designatedIn(QuorumPacket packet) {
        return new ServerId(new JuteReader(required(packet)).readLong());
    }

    /** The INFORM that an INFORMANDACTIVATE holds. */
    static QuorumPacket withoutDesignated(QuorumPacket packet) {
        Bytes data = required(packet);
        return new QuorumPacket(PacketType.INFORM, packet.zxid(), data.slice(Long.BYTES, data.length()), null);
    }

    private static Bytes required(QuorumPacket packet) {
        Bytes data = packet.data();
        if (data == null || data.length() < Long.BYTES) {
            throw new MalformedException(PacketType.name(packet.type()) + " without a designated leader");
        }
        return data;
    }

    private static Bytes data(ServerId designated, @Nullable Bytes proposal) {
        JuteWriter out = new JuteWriter(Long.BYTES + (proposal == null ? 0 : proposal.length()));
        out.writeLong(designated.value());
        if (proposal != null) {
            out.writeRaw(proposal);
        }
        return out.toBytes();
    }
}
