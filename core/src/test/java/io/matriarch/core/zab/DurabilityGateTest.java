package io.matriarch.core.zab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.peer.Entries;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LinkId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The one rule behind zab.md R1, R2, R14 and R19: no promise leaves before what it rests on is durable. */
class DurabilityGateTest {
    private final List<Effect> effects = new ArrayList<>();
    private final DurabilityGate gate = new DurabilityGate(effects::add);

    private static Effect promise(long zxid) {
        return new Effect.SendPacket(new LinkId(1), QuorumPacket.of(PacketType.ACK, zxid));
    }

    private List<Effect> promises() {
        return effects.stream().filter(Effect.SendPacket.class::isInstance).toList();
    }

    @Test
    void aPromiseLeavesAtOnceIfNothingIsUnderWay() {
        gate.promise(promise(1));
        assertThat(promises()).containsExactly(promise(1));
    }

    @Test
    void aPromiseWaitsForEveryWriteIssuedBeforeIt() {
        gate.append(Entries.entry(1, 1));
        gate.storeCurrentEpoch(1);
        gate.promise(promise(1));
        gate.stored(1);
        assertThat(promises()).as("the epoch is not durable").isEmpty();
        gate.stored(2);
        assertThat(promises()).containsExactly(promise(1));
    }

    @Test
    void aPromiseDoesNotWaitForWritesIssuedAfterIt() {
        gate.append(Entries.entry(1, 1));
        gate.promise(promise(1));
        gate.append(Entries.entry(1, 2));
        gate.stored(1);
        assertThat(promises()).containsExactly(promise(1));
    }

    @Test
    void promisesLeaveInTheOrderInWhichTheyWereMade() {
        gate.append(Entries.entry(1, 1));
        gate.promise(promise(1));
        gate.append(Entries.entry(1, 2));
        gate.promise(promise(2));
        gate.promise(promise(3));
        gate.stored(2);
        assertThat(promises()).containsExactly(promise(1), promise(2), promise(3));
    }

    @Test
    void aReportThatComesTwiceReleasesNothingTwice() {
        gate.append(Entries.entry(1, 1));
        gate.promise(promise(1));
        gate.stored(1);
        gate.stored(1);
        assertThat(promises()).containsExactly(promise(1));
    }

    @Test
    void forgottenPromisesNeverLeave() {
        gate.append(Entries.entry(1, 1));
        gate.promise(promise(1));
        gate.forgetPromises();
        gate.stored(1);
        assertThat(promises()).isEmpty();
    }

    @Test
    void theLogListenerHearsOnlyOfDurableEntriesAndOncePerGroup() {
        List<Zxid> durable = new ArrayList<>();
        gate.onLogDurable(durable::add);
        gate.append(Entries.entry(1, 1));
        gate.append(Entries.entry(1, 2));
        gate.append(Entries.entry(1, 3));
        gate.stored(2);
        assertThat(durable).containsExactly(Entries.z(1, 2));
    }

    @Test
    void ticketsAscendByOneFromOne() {
        gate.append(Entries.entry(1, 1));
        gate.truncate(Zxid.ZERO);
        gate.storeAcceptedEpoch(2);
        gate.storeCurrentEpoch(2);
        gate.installSnapshot(7, Entries.z(2, 0));
        gate.rollLog();
        assertThat(effects)
                .extracting(effect -> ((Effect.StorageEffect) effect).ticket())
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void aReportOfATicketThatWasNeverIssuedStopsTheServer() {
        assertThatThrownBy(() -> gate.stored(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ticket 1");
    }
}
