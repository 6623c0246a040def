package io.matriarch.sim.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.session.SessionRules;
import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.TreeListener;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnHeader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server has delivered is known as soon as a client may hear of it. */
class ServerChecksTest {
    private static final Zxid FIRST = Zxid.of(1, 1);

    private final Observed observed = new Observed(
            List.of(new EpochFiles(1, name -> Bytes.utf8("1"))),
            Quorums.majorityOf(1),
            SessionRules.DEFAULT,
            new TxnBounds(1000, 1000),
            true);
    private final ServerChecks server = observed.server(1);
    private final DataTree tree = new DataTree();

    private static Txn creation() {
        TxnHeader header = new TxnHeader(0, 0, FIRST, 0, OpCode.CREATE);
        return new Txn(header, new CreateTxn("/a", Bytes.EMPTY, Acl.OPEN, false, 1), null);
    }

    private void logsAndApplies(Txn txn) {
        Effect.Append append = new Effect.Append(1, new LogEntry(FIRST, txn.encode()));
        server.emitted(append, 0);
        server.begun(append);
        server.done(append);
        server.forced();
        tree.apply(txn, TreeListener.NONE);
    }

    @Test
    void whatALeaderCommitsInTheStepInWhichItResignsIsDelivered() {
        server.stepped(PeerState.LEADING, true, tree, 0);
        logsAndApplies(creation());
        server.roleEnded();
        server.idle(tree);
        server.stepped(PeerState.LOOKING, false, tree, 0);
        assertThat(observed.history().last()).isEqualTo(FIRST.value());
    }

    /** The configuration that is agreed with NEWLEADER may be one in which it leads no more (zab.md 14). */
    @Test
    void whatALeaderCommitsInTheOnlyStepInWhichItServesIsDelivered() {
        server.stepped(PeerState.LEADING, false, tree, 0);
        logsAndApplies(creation());
        server.emitted(new Effect.Trace(new TraceEvent.LeaderEstablished(1, FIRST, 1)), 0);
        server.roleEnded();
        server.idle(tree);
        assertThat(observed.history().last()).isEqualTo(FIRST.value());
    }

    @Test
    void whatAServerHoldsThatNeverServedIsNotDelivered() {
        server.stepped(PeerState.LEADING, false, tree, 0);
        logsAndApplies(creation());
        server.idle(tree);
        assertThat(observed.history().last()).isZero();
    }
}
