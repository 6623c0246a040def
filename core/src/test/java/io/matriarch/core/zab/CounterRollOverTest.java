package io.matriarch.core.zab;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.peer.MemoryDisk;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Membership;
import io.matriarch.core.quorum.ReconfigRules;
import io.matriarch.core.request.ClientDesk;
import io.matriarch.core.request.DeskConfig;
import io.matriarch.core.request.WriteRequest;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 5 and scenario 37 of 19: the last transaction id of an epoch. */
class CounterRollOverTest {
    private static final Now NOW = new Now(0, 0);

    private final List<Effect> effects = new ArrayList<>();
    private final Exit exit = new Exit();

    /** A broadcast whose next transaction comes after {@code start}; only a standalone server needs no links. */
    private Broadcast broadcastAfter(Zxid start) {
        ServerId self = new ServerId(1);
        Recovered recovered = new MemoryDisk().epochs(5, 5).recovered();
        DurabilityGate gate = new DurabilityGate(effects::add);
        ClientDesk desk = new ClientDesk(DeskConfig.of(self, 100, 200, 2000), recovered.tree(), effects::add);
        Configurations configurations =
                new Configurations(Membership.of(self, Configuration.standalone(self)), ReconfigRules.DISABLED, gate);
        Zab zab = new Zab(
                self,
                Standing.DEFAULT,
                configurations,
                Zab.Limits.ofTicks(100, 10, 4),
                ZabRules.CORRECT,
                ObserverConfig.DEFAULT,
                effects::add,
                gate,
                new Epochs(gate, 5, 5),
                new History(gate, desk, configurations, recovered, ReplicationConfig.DEFAULT),
                desk,
                NOW);
        return new Broadcast(zab, start, List.of(), exit);
    }

    private static WriteRequest write(long sessionId) {
        return new WriteRequest(
                sessionId, 0, OpCode.CREATE_SESSION, new Request.CreateSession(1000).encode(), List.of());
    }

    private List<Zxid> logged() {
        return effects.stream()
                .filter(Effect.Append.class::isInstance)
                .map(effect -> ((Effect.Append) effect).entry().zxid())
                .toList();
    }

    @Test
    void scenario37_theLastCounterIsUsedAndTheNextWriteEndsTheEpoch() {
        Broadcast broadcast = broadcastAfter(Zxid.of(5, Zxid.LAST_COUNTER - 1));
        broadcast.submit(write(1));
        assertThat(logged()).containsExactly(Zxid.of(5, 0xFFFFFFFEL));
        assertThat(exit.isDue()).isFalse();
        broadcast.submit(write(2));
        assertThat(exit.isDue()).isTrue();
        broadcast.submit(write(3));
        assertThat(logged()).as("(5,0xFFFFFFFF) is never proposed").hasSize(1);
    }

    @Test
    void scenario37_anEpochBeginsWithCounterOne() {
        broadcastAfter(Zxid.of(6, 0)).submit(write(1));
        assertThat(logged()).containsExactly(Zxid.of(6, 1));
    }
}
