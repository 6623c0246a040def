package io.matriarch.core.peer;

import static io.matriarch.core.peer.Entries.z;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.SetDataTxn;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Client links survive the loss of a leader, and what was passed on to it without an outcome is not done twice (ADR 5). */
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

    // --- what was passed on, and has no outcome --------------------------------------------------------------------

    private ScriptedLeader followsWithout(long leaderAfterwards) {
        leader.disconnects();
        follower.forget();
        ScriptedLeader next = follower.turnsTo(leaderAfterwards).accepts().leaderInfo(2);
        return next.diff(z(1, 1)).newLeader(2).upToDate();
    }

    private static LogEntry created(long session, int cxid, String path, Zxid zxid) {
        return Entries.entry(session, cxid, zxid, OpCode.CREATE, new CreateTxn(path, null, Acl.OPEN, false, cxid));
    }

    @Test
    void whatAnotherLeadersHistoryLacksIsPassedOnToItInOrder() {
        client.asks(1, ScriptedClient.create("/a", 0)).asks(2, new Request.Exists("/a", false));
        client.asks(3, ScriptedClient.create("/b", 0));
        ScriptedLeader next = followsWithout(2);
        assertThat(next.forwarded())
                .extracting(ForwardedRequest::sessionId, ForwardedRequest::cxid)
                .containsExactly(tuple(session, 1), tuple(session, 3));
        next.proposes(created(session, 1, "/a", z(2, 1))).commits(z(2, 1));
        next.proposes(created(session, 3, "/b", z(2, 2))).commits(z(2, 2));
        assertThat(client.answers()).containsExactly("1 0", "2 0", "3 0");
    }

    @Test
    void whatAnotherLeadersHistoryHoldsIsAnsweredAndNotPassedOn() {
        client.asks(1, ScriptedClient.create("/a", 0)).asks(2, ScriptedClient.create("/b", 0));
        leader.disconnects();
        follower.forget();
        ScriptedLeader next = follower.turnsTo(2).accepts().leaderInfo(2);
        next.diff(z(1, 1)).sendsCommitted(List.of(created(session, 1, "/a", z(1, 2))));
        next.newLeader(2).upToDate();
        assertThat(client.answers()).containsExactly("1 0");
        assertThat(next.forwarded()).extracting(ForwardedRequest::cxid).containsExactly(2);
    }

    /** Passed on again, the first write would take effect behind the second. */
    @Test
    void aHistoryThatHoldsOnlyTheSecondOfTwoWritesClosesTheirLink() {
        client.asks(1, ScriptedClient.create("/a", 0)).asks(2, ScriptedClient.create("/b", 0));
        leader.disconnects();
        follower.forget();
        followsNext(created(session, 2, "/b", z(1, 2)));
        assertThat(client.answers()).containsExactly("CLOSED");
    }

    /** It may have read the request from the broken connection, and propose it after we have joined again. */
    @Test
    void atTheSameLeaderAWriteInDoubtClosesItsLink() {
        client.asks(1, ScriptedClient.create("/a", 0));
        ScriptedLeader same = followsWithout(3);
        assertThat(client.answers()).containsExactly("CLOSED");
        assertThat(same.forwarded()).isEmpty();
    }

    @Test
    void atTheSameLeaderASyncIsAskedForAgain() {
        client.asks(1, new Request.Sync("/"));
        ScriptedLeader same = followsWithout(3);
        assertThat(same.forwarded()).extracting(ForwardedRequest::opcode).containsExactly(OpCode.SYNC);
        assertThat(client.answers()).isEmpty();
    }

    /** Its client may have gone to another server, and have read there what the write does not show in. */
    @Test
    void aWriteOlderThanAThirdOfTheTimeoutClosesItsLink() {
        client.asks(1, ScriptedClient.create("/a", 0));
        for (int i = 0; i * PeerFixture.TICK <= TIMEOUT / 3; i++) {
            leader.pings(i);
            follower.afterMillis(PeerFixture.TICK);
        }
        assertThat(follower.status().role()).isEqualTo(PeerState.FOLLOWING);
        ScriptedLeader next = followsWithout(2);
        assertThat(client.answers()).containsExactly("CLOSED");
        assertThat(next.forwarded()).isEmpty();
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
