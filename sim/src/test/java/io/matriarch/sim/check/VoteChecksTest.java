package io.matriarch.sim.check;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.Effect;
import io.matriarch.core.session.SessionRules;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** election.md 8.2: a vote in circulation was its candidate's own. */
class VoteChecksTest {
    private static final Notification FOR_SERVER_3 =
            new Notification(PeerState.LOOKING, new ServerId(3), Zxid.of(2, 7), 5, 2, Notification.VERSION, "");

    private final Observed observed = new Observed(
            Stream.of(1, 2, 3)
                    .map(sid -> new EpochFiles(sid, name -> Bytes.utf8("2")))
                    .toList(),
            Quorums.majorityOf(3),
            SessionRules.DEFAULT,
            new TxnBounds(1000, 1000),
            true);

    private void isRepeatedByServer1() {
        observed.server(1).emitted(new Effect.SendNotification(new ServerId(2), FOR_SERVER_3), 0);
    }

    @Test
    void aVoteThatNobodyCastIsInvented() {
        assertThatThrownBy(this::isRepeatedByServer1)
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("which server 3 never cast for itself");
    }

    @Test
    void itsCandidatesVoteMayBeRepeated() {
        observed.server(3).candidacy(FOR_SERVER_3);
        assertThatCode(this::isRepeatedByServer1).doesNotThrowAnyException();
    }

    /** election.md 2.3, last row: in another round than that of the decision (seed 838 of MIXED_OBSERVED). */
    @Test
    void whatAnApacheServerTellsAStrangerMayBeRepeated() {
        observed.server(2).toldStranger(FOR_SERVER_3);
        assertThatCode(this::isRepeatedByServer1).doesNotThrowAnyException();
    }

    @Test
    void whatAnApacheServerTellsAVoterOfAnotherIsNoCandidacy() {
        observed.server(2).candidacy(FOR_SERVER_3);
        assertThatThrownBy(this::isRepeatedByServer1).isInstanceOf(InvariantViolation.class);
    }
}
