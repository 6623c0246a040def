package io.matriarch.core.zab;

import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.disk.LogFormat;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.Txn;
import java.util.List;
import org.junit.jupiter.api.Test;

/** zab.md 1, D16, scenario 43: what nobody could read is not proposed, and harms nobody but who asked for it. */
class SizeLimitClausesTest {
    private static final long SESSION = 0x100000000000001L;
    private static final int LIMIT = QuorumPacket.DEFAULT_LENGTH_LIMIT;

    private final PeerFixture leader = new PeerFixture(3, 3);
    private final List<ScriptedLearner> followers = leader.leadsWith(2, 1);

    SizeLimitClausesTest() {
        asks(0, new Request.CreateSession(1000), 1);
    }

    private Txn asks(int cxid, Request request, int counter) {
        leader.forget();
        followers.get(0).forwards(SESSION, cxid, request);
        Txn proposed =
                Txn.decode(leader.effects(Effect.Append.class).get(0).entry().payload());
        followers.forEach(follower -> follower.ack(z(1, counter)));
        return proposed;
    }

    private List<TraceEvent.WriteTooLong> traced() {
        return leader.effects(Effect.Trace.class).stream()
                .map(Effect.Trace::event)
                .filter(TraceEvent.WriteTooLong.class::isInstance)
                .map(TraceEvent.WriteTooLong.class::cast)
                .toList();
    }

    private static Request create(String path, int bytes, int flags) {
        Bytes data = Bytes.wrap(new byte[bytes]);
        return new Request.Create(OpCode.CREATE, path, data, Acl.OPEN, flags, Request.Create.NO_TTL);
    }

    @Test
    void d16_whatIsLongerThanPeersReadBecomesAnErrorAndTheNextWriteGoesOn() {
        Txn refused = asks(1, create("/big", LIMIT, 0), 2);
        assertThat(refused.body()).isEqualTo(new ErrorTxn(ErrorCode.BAD_ARGUMENTS));
        assertThat(refused.header().cxid()).isEqualTo(1);
        assertThat(traced()).singleElement().satisfies(told -> {
            assertThat(told.sessionId()).isEqualTo(SESSION);
            assertThat(told.limitBytes()).isEqualTo(LIMIT);
            assertThat(told.sizeBytes()).isGreaterThan(LIMIT);
        });
        assertThat(asks(2, create("/small", 10, 0), 3).header().type()).isEqualTo(OpCode.CREATE);
        assertThat(followers.get(0).got()).doesNotContain("CLOSED");
    }

    @Test
    void aProposalThatNoLogTakesIsNotTakenFromALeader() {
        Bytes tooLong = Bytes.wrap(new byte[LogFormat.MAX_PAYLOAD_BYTES + 1]);
        assertThatThrownBy(() -> Proposal.decode(z(1, 1), tooLong))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("67108865 bytes");
    }
}
