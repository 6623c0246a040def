package io.matriarch.sim.check;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.LinkId;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.quorum.LeadTransfer;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader that told its learners to turn to another: what it may still send (invariant 39). */
class WireChecksTest {
    private static final LinkId EARLIER = new LinkId(1);
    private static final LinkId JOINING = new LinkId(2);
    private static final long EPOCH = 1L << 32;
    private static final long COMMITTED = EPOCH + 1;
    private static final long OUTSTANDING = COMMITTED + 1;

    private final EpochFiles epochs = new EpochFiles(1, name -> Bytes.utf8("1"));
    private final WireChecks checks = new WireChecks(
            1,
            new ServerLog(1, new Proposals(new TxnBounds(1000, 1000))),
            epochs,
            List.of(epochs),
            new Electorate(Quorums.majorityOf(1), 1),
            new HashMap<>());

    private void sends(LinkId link, int type, long zxid) {
        checks.sent(link, QuorumPacket.of(type, zxid));
    }

    @BeforeEach
    void handsOverWhileSomethingIsOutstanding() {
        sends(EARLIER, PacketType.LEADERINFO, EPOCH);
        sends(EARLIER, PacketType.PROPOSAL, COMMITTED);
        sends(EARLIER, PacketType.COMMIT, COMMITTED);
        sends(EARLIER, PacketType.PROPOSAL, OUTSTANDING);
        sends(JOINING, PacketType.LEADERINFO, EPOCH);
        checks.sent(
                EARLIER,
                QuorumPacket.of(
                        PacketType.TRANSFER, 0, LeadTransfer.go(new ServerId(2)).encode()));
    }

    @Test
    void whoJoinsDuringTheHandOverIsSentWhatIsCommitted() {
        sends(JOINING, PacketType.PROPOSAL, COMMITTED);
        sends(JOINING, PacketType.COMMIT, COMMITTED);
    }

    @Test
    void nothingMoreIsCommittedAfterTheHandOver() {
        assertThatThrownBy(() -> sends(EARLIER, PacketType.COMMIT, OUTSTANDING)).hasMessageContaining("handed over");
    }

    @Test
    void nothingMoreIsProposedAfterTheHandOverWhoeverConnectsMeanwhile() {
        sends(new LinkId(3), PacketType.LEADERINFO, EPOCH);
        assertThatThrownBy(() -> sends(JOINING, PacketType.PROPOSAL, OUTSTANDING))
                .hasMessageContaining("handed over");
    }
}
