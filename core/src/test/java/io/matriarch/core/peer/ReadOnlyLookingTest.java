package io.matriarch.core.peer;

import static io.matriarch.core.peer.Entries.entry;
import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.core.session.SessionRules;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** election.md 4.2, zab.md D20: who looks for long serves readers meanwhile, and does nothing else differently. */
class ReadOnlyLookingTest {
    private static final SessionRules READ_ONLY = new SessionRules(false, false, true);
    private static final int WAIT_MILLIS = 2_000;

    private static PeerFixture looking(long self, SessionRules rules) {
        MemoryDisk disk = new MemoryDisk().epochs(1, 1).log(List.of(entry(1, 1), entry(1, 2)));
        return new PeerFixture(self, 3, disk, rules);
    }

    private static Request read() {
        return new Request.GetData(Entries.path(z(1, 2)), true);
    }

    @Test
    void participantsAndObserversServeReadersAfterTheWait() {
        for (long self : new long[] {1, 4}) {
            PeerFixture server = looking(self, READ_ONLY).afterMillis(WAIT_MILLIS - 1);
            assertThat(server.status().isReadOnly()).isFalse();
            server.afterMillis(1);
            assertThat(server.status().isReadOnly()).isTrue();
            assertThat(server.status().isServing()).isFalse();
            assertThat(server.status().role()).isEqualTo(PeerState.LOOKING);
            ScriptedClient client = server.client().connectsReadOnly(1_000);
            client.asks(1, read()).asks(2, ScriptedClient.create("/x", 0));
            assertThat(client.answers()).containsExactly("1 0", "2 " + ErrorCode.NOT_READ_ONLY);
        }
    }

    @Test
    void withoutTheSettingNobodyIsServed() {
        PeerFixture server = looking(1, SessionRules.DEFAULT).afterMillis(3 * WAIT_MILLIS);
        assertThat(server.status().isReadOnly()).isFalse();
        ScriptedClient client = server.client().connectsReadOnly(1_000);
        server.afterMillis(PeerFixture.TICK + PeerFixture.TICK);
        assertThat(client.sessionId()).isZero();
        assertThat(client.answers()).containsExactly("CLOSED");
    }

    @Test
    void d20_neitherLogNorHistoryNorVoteIsTouched() {
        PeerFixture reading = looking(1, READ_ONLY);
        PeerFixture plain = looking(1, SessionRules.DEFAULT);
        for (PeerFixture server : List.of(reading, plain)) {
            server.forget().afterMillis(WAIT_MILLIS);
            server.client().connectsReadOnly(1_000).asks(1, read()).asks(2, ScriptedClient.create("/x", 0));
            server.afterMillis(WAIT_MILLIS);
            server.looks(2, 2, z(1, 1), 1);
        }
        assertThat(reading.effects(Effect.StorageEffect.class)).isEmpty();
        assertThat(reading.toldTo(2)).isEqualTo(plain.toldTo(2)).isNotEmpty();
        assertThat(reading.status().lastLogged()).isEqualTo(z(1, 2));
        assertThat(reading.status().lastCommitted()).isEqualTo(plain.status().lastCommitted());
        // What it offers, once it is elected, to a learner that lacks one transaction.
        for (PeerFixture server : List.of(reading, plain)) {
            ScriptedLearner two = server.votesForUs(2).votesForUs(3).learner(2).ofOurs();
            two.synchronizes(1, 1, z(1, 1));
        }
        assertThat(offer(reading)).isEqualTo(offer(plain)).isNotEmpty();
    }

    private static List<String> offer(PeerFixture server) {
        return server.effects(Effect.SendPacket.class).stream()
                .map(send -> send.packet().type() + " " + new Zxid(send.packet().zxid()))
                .toList();
    }

    @Test
    void r3_clientsAreClosedWhenItJoinsNotWhenItMerelyHopesTo() {
        PeerFixture server = looking(1, READ_ONLY).afterMillis(WAIT_MILLIS);
        ScriptedClient client = server.client().connectsReadOnly(10_000);
        ScriptedLeader leader = server.turnsTo(3).accepts();
        client.asks(1, read());
        assertThat(client.answers()).containsExactly("1 0");
        leader.leaderInfo(2);
        assertThat(client.answers()).containsExactly("1 0", "CLOSED");
        assertThat(server.status().isReadOnly()).isFalse();
        leader.diff(z(1, 2)).newLeader(2).upToDate();
        assertThat(server.status().isServing()).isTrue();
        server.forget();
        leader.disconnects();
        server.afterMillis(WAIT_MILLIS - 1);
        assertThat(server.status().isReadOnly()).as("the wait begins anew").isFalse();
        server.afterMillis(1);
        assertThat(server.status().isReadOnly()).isTrue();
    }

    @Test
    void aServerElectedWhileItServesReadersLeads() {
        PeerFixture server = looking(3, READ_ONLY).afterMillis(WAIT_MILLIS);
        ScriptedClient client = server.client().connectsReadOnly(10_000);
        server.elected();
        assertThat(client.answers()).containsExactly("CLOSED");
        assertThat(server.status().role()).isEqualTo(PeerState.LEADING);
        assertThat(server.status().localSessionCount()).isZero();
    }
}
