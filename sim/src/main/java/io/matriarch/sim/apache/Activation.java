package io.matriarch.sim.apache;

import static java.util.Objects.requireNonNull;

import io.matriarch.core.port.LogEntry;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.txn.Txn;
import org.jspecify.annotations.Nullable;

/**
 * What a learner of Apache's does with the configurations that its leader sends: with proposals, with NEWLEADER, and with
 * COMMITANDACTIVATE and INFORMANDACTIVATE (zab.md 8.3, 10.2, 14). Lives as long as the learner.
 */
final class Activation {
    private final ApacheMembership membership;
    /** What NEWLEADER carried. */
    private @Nullable Configuration offered;

    Activation(ApacheMembership membership) {
        this.membership = membership;
    }

    /** The data of the two packets: who leads from now on, and for an observer the transaction. */
    static Bytes data(int designated, @Nullable Bytes transaction) {
        JuteWriter out = new JuteWriter(Long.BYTES + (transaction == null ? 0 : transaction.length()));
        out.writeLong(designated);
        if (transaction != null) {
            out.writeRaw(transaction);
        }
        return out.toBytes();
    }

    /** Who leads from now on. */
    static int designatedIn(QuorumPacket packet) {
        return (int) new JuteReader(requireNonNull(packet.data())).readLong();
    }

    /** The INFORM that an INFORMANDACTIVATE holds. */
    static LogEntry entryIn(QuorumPacket informed) {
        Bytes data = requireNonNull(informed.data());
        return new LogEntry(new Zxid(informed.zxid()), data.slice(Long.BYTES, data.length()));
    }

    /** A configuration in a proposal is the one seen last, and on disk before the proposal is logged. */
    void proposed(LogEntry entry) {
        Configuration proposed = configurationIn(entry);
        if (proposed != null) {
            membership.see(proposed);
        }
    }

    /** NEWLEADER: what the leader saw last, which may be older than what this server saw. */
    void offered(@Nullable Bytes text) {
        if (membership.mayChange() && text != null && text.length() > 1) {
            Configuration seen = Configuration.parse(text.asUtf8());
            membership.see(seen);
            offered = seen;
        }
    }

    /** Whether this is a configuration that this server has not agreed to yet. */
    boolean isNews(@Nullable LogEntry entry) {
        Configuration next = entry == null ? null : configurationIn(entry);
        return next != null && next.version() > membership.version();
    }

    /** {@code packet} activates what {@code entry} proposed. Says whether the role is over with it. */
    boolean activated(QuorumPacket packet, LogEntry entry) {
        Configuration next = configurationIn(entry);
        int designated = designatedIn(packet);
        return next != null && membership.commit(next, designated, entry.zxid());
    }

    /**
     * UPTODATE: what NEWLEADER carried is agreed, unless the leader has only proposed it (see {@link ApacheServer}): it is newer
     * than its epoch, and than what is {@code committed}. Says whether the role is over with it.
     */
    boolean upToDate(long epoch, Zxid committed) {
        Configuration agreed = offered;
        if (agreed == null) {
            return false;
        }
        Zxid version = new Zxid(agreed.version());
        boolean isOnlyProposed = version.isAfter(Zxid.of(epoch, 0)) && version.isAfter(committed);
        return !isOnlyProposed && membership.commit(agreed, null, version);
    }

    private @Nullable Configuration configurationIn(LogEntry entry) {
        return membership.mayChange() ? ApacheMembership.in(Txn.decode(entry.payload())) : null;
    }
}
