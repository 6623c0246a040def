package io.matriarch.core.peer;

import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.SetDataTxn;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Client links survive the loss of a leader unless something that was passed on to it has no outcome. */
class ClientLinksTest {
    private static final int TIMEOUT = 1000;

    private final PeerFixture follower = new PeerFixture(1, 3);
    private final ScriptedLeader leader = follower.follows(3, 1);
    private final ScriptedClient client = follower.client();
    private final long session = leader.opensSession(client, TIMEOUT, z(1, 1));

    /** Follows server 2 in epoch 2, which has these transactions beyond ours. */
    private void followsNext(LogEntry... missed) {
        ScriptedLeader next = follower.turnsTo(2).accepts().leaderInfo(2);
        next.diff(z(1, 1)).sendsCommitted(List.of(missed)).newLeader(2).upToDate();
    }

    @Test
    void anIdleLinkStaysAndIsServedByTheNextLeader() {
        leader.disconnects();
        follower.forget();
        followsNext();
        client.asks(1, new Request.Exists("/", false));
        assertThat(client.answers()).containsExactly("1 0");
    }

    @Test
    void aRequestThatComesWhileThereIsNoLeaderIsAnsweredWhenThereIsOne() {
        leader.disconnects();
        follower.forget();
        client.asks(1, new Request.Exists("/", false));
        assertThat(client.answers()).isEmpty();
        followsNext();
        assertThat(client.answers()).containsExactly("1 0");
    }

    @Test
    void aWriteWithoutOutcomeClosesItsLink() {
        client.asks(1, ScriptedClient.create("/a", 0));
        follower.forget();
        leader.disconnects();
        assertThat(client.answers()).containsExactly("CLOSED");
    }

    @Test
    void aSyncWithoutOutcomeClosesItsLink() {
        client.asks(1, new Request.Sync("/"));
        follower.forget();
        leader.disconnects();
        assertThat(client.answers()).containsExactly("CLOSED");
    }

    @Test
    void aHandshakeThatWasPassedOnClosesItsLink() {
        ScriptedClient late = follower.client().connects(TIMEOUT);
        leader.disconnects();
        assertThat(late.answers()).containsExactly("CLOSED");
    }

    @Test
    void aWriteWithItsOutcomeDoesNotCloseItsLink() {
        client.asks(1, new Request.Delete("/missing", -1));
        LogEntry failed = Entries.entry(session, 1, z(1, 2), OpCode.ERROR, new ErrorTxn(ErrorCode.NO_NODE));
        leader.proposes(failed).commits(z(1, 2));
        leader.disconnects();
        assertThat(client.answers()).containsExactly("1 " + ErrorCode.NO_NODE);
    }

    @Test
    void aLinkWhoseSessionWroteThroughAnotherServerMeanwhileIsClosed() {
        leader.disconnects();
        follower.forget();
        followsNext(
                Entries.entry(session, 9, z(1, 2), OpCode.SET_DATA, new SetDataTxn("/", Bytes.utf8("elsewhere"), 1)));
        assertThat(client.answers()).containsExactly("CLOSED");
    }

    @Test
    void watchesFireForWhatWasMissed() {
        client.asks(1, new Request.Exists("/0x100000002", true));
        leader.disconnects();
        follower.forget();
        followsNext(Entries.entry(1, 2));
        assertThat(client.answers()).as("a notification has xid -1").containsExactly("-1 0");
    }

    @Test
    void aLinkIsClosedAfterAThirdOfItsTimeoutWithoutALeader() {
        leader.disconnects();
        follower.forget().afterMillis(TIMEOUT / 3);
        assertThat(client.answers()).isEmpty();
        follower.afterMillis(PeerFixture.TICK / 2);
        assertThat(client.answers()).containsExactly("CLOSED");
    }

    @Test
    void aSnapshotOfTheNextLeaderClosesLinksBecauseWatchesMayHaveMissedEvents() {
        leader.disconnects();
        follower.forget();
        ScriptedLeader next = follower.turnsTo(2).accepts().leaderInfo(2);
        next.snap(z(2, 0), follower.peer().tree()).newLeader(2).upToDate();
        assertThat(client.answers()).containsExactly("CLOSED");
    }
}
