package io.matriarch.core.zab;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LinkId;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;

/** A learner's side of {@link EpochRollOver}, while it goes on serving. */
final class LearnerRollOver {
    private final Zab zab;
    private final LinkId link;
    private long epoch;
    private long coming;

    LearnerRollOver(Zab zab, LinkId link, long epoch) {
        this.zab = zab;
        this.link = link;
        this.epoch = epoch;
    }

    /** The epoch that is served. */
    long epoch() {
        return epoch;
    }

    /** Whether {@code packet} is a step on the way to the next epoch; if so it was taken. */
    boolean received(QuorumPacket packet, Exit exit) {
        switch (packet.type()) {
            case PacketType.LEADERINFO -> promise(new Zxid(packet.zxid()).epoch(), exit);
            case PacketType.NEWLEADER -> take(new Zxid(packet.zxid()));
            case PacketType.UPTODATE -> {
                if (coming > epoch && zab.epochs().current() == coming) {
                    epoch = coming;
                    zab.history().enterEpoch(epoch);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void promise(long offered, Exit exit) {
        if (offered <= zab.epochs().accepted()) {
            exit.because("the leader offers epoch " + offered + ", but "
                    + zab.epochs().accepted() + " is promised");
            return;
        }
        coming = offered;
        long before = zab.epochs().current();
        zab.epochs().accept(offered);
        long last = zab.history().lastLogged().value();
        zab.gate()
                .promise(new Effect.SendPacket(
                        link, new QuorumPacket(PacketType.ACKEPOCH, last, new AckEpoch((int) before).encode(), null)));
    }

    /** All that the leader committed before is logged: it came on this link. */
    private void take(Zxid newLeader) {
        if (newLeader.epoch() != coming || zab.epochs().accepted() != coming) {
            throw new MalformedException("NEWLEADER " + newLeader + " while epoch " + coming + " was offered");
        }
        zab.enter(coming);
        zab.promiseAck(link, newLeader.value());
    }
}
