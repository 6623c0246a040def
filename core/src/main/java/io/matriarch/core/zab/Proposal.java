package io.matriarch.core.zab;

import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.LogFormat;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.txn.Txn;

/** A transaction in both its forms: the bytes that are logged and sent, and what they mean. */
record Proposal(LogEntry entry, Txn txn) {
    static Proposal of(Txn txn) {
        return new Proposal(new LogEntry(txn.header().zxid(), txn.encode()), txn);
    }

    /**
     * What a PROPOSAL, an INFORM or an INFORMANDACTIVATE carries.
     *
     * @throws MalformedException if it carries no transaction
     */
    static Proposal in(QuorumPacket packet) {
        if (packet.type() == PacketType.INFORMANDACTIVATE) {
            return in(Activation.withoutDesignated(packet));
        }
        Bytes payload = packet.data();
        if (payload == null) {
            throw new MalformedException(
                    PacketType.name(packet.type()) + " " + new Zxid(packet.zxid()) + " without a transaction");
        }
        return decode(new Zxid(packet.zxid()), payload);
    }

    /** Throws MalformedException if the bytes are no transaction, too many for a log, or carry another zxid. */
    static Proposal decode(Zxid zxid, Bytes payload) {
        if (payload.length() > LogFormat.MAX_PAYLOAD_BYTES) {
            throw new MalformedException("transaction " + zxid + " of " + payload.length() + " bytes; a log takes "
                    + LogFormat.MAX_PAYLOAD_BYTES);
        }
        Txn txn = Txn.decode(payload);
        if (!txn.header().zxid().equals(zxid)) {
            throw new MalformedException(
                    "proposal " + zxid + " holds a transaction " + txn.header().zxid());
        }
        return new Proposal(new LogEntry(zxid, payload), txn);
    }

    Zxid zxid() {
        return entry.zxid();
    }

    static QuorumPacket packet(LogEntry entry) {
        return new QuorumPacket(PacketType.PROPOSAL, entry.zxid().value(), entry.payload(), null);
    }

    /** What an observer gets instead of proposal and commit, once the entry is committed (zab.md 15). */
    static QuorumPacket inform(LogEntry entry) {
        return new QuorumPacket(PacketType.INFORM, entry.zxid().value(), entry.payload(), null);
    }

    static QuorumPacket commit(Zxid zxid) {
        return new QuorumPacket(PacketType.COMMIT, zxid.value(), null, null);
    }
}
