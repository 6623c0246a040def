package io.matriarch.core.zab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.peer.PeerFixture;
import io.matriarch.core.peer.ScriptedLearner;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import org.junit.jupiter.api.Test;

/** A leader hands over to servers that are to be preferred, and to nobody else ({@link Preference}, {@link Standing}). */
class PreferenceClausesTest {
    private static final int STABLE_MILLIS = Preference.STABLE_TICKS * PeerFixture.TICK;

    private static ScriptedLearner joins(ScriptedLearner learner) {
        return learner.synchronizes(0, 0, Zxid.ZERO);
    }

    /** Lets time pass while all learners answer pings. */
    private static void pass(PeerFixture leader, int millis, ScriptedLearner... learners) {
        for (int passed = 0; passed < millis; passed += PeerFixture.TICK) {
            leader.afterMillis(PeerFixture.TICK);
            for (ScriptedLearner learner : learners) {
                learner.echoesLast();
            }
        }
    }

    private static boolean hasHandedOverTo(PeerFixture leader, long sid) {
        return leader.effects(Effect.Trace.class).stream()
                .map(Effect.Trace::event)
                .anyMatch(event -> event instanceof TraceEvent.LeadHandedOver over
                        && over.successor().equals(new ServerId(sid)));
    }

    @Test
    void aServerOfGreaterPriorityLeadsWhenItHasFollowedForTenTicks() {
        PeerFixture leader = new PeerFixture(3, 3).with(new Standing(4, true)).elected();
        ScriptedLearner one = joins(leader.learner(1).ofOursThatTransfers(5, true));
        ScriptedLearner two = joins(leader.learner(2).ofOursThatTransfers(4, true));
        pass(leader, STABLE_MILLIS - PeerFixture.TICK, one, two);
        assertThat(one.got()).doesNotContain("TRANSFER GO 1");
        pass(leader, 2 * PeerFixture.TICK, one, two);
        assertThat(hasHandedOverTo(leader, 1)).isTrue();
    }

    @Test
    void equalsAndLessersAndThoseThatDoNotStandLeaveTheLeadWhereItIs() {
        PeerFixture leader = new PeerFixture(3, 3).with(new Standing(4, true)).elected();
        ScriptedLearner one = joins(leader.learner(1).ofOursThatTransfers(4, true));
        ScriptedLearner two = joins(leader.learner(2).ofOursThatTransfers(200, false));
        pass(leader, 2 * STABLE_MILLIS, one, two);
        assertThat(one.got()).noneMatch(word -> word.startsWith("TRANSFER"));
        leader.step(new Event.TransferRequested(1, new ServerId(2)));
        assertThat(leader.effects(Effect.TransferAnswered.class))
                .singleElement()
                .matches(answer -> !answer.isDone());
    }

    @Test
    void whoeverDoesNotStandHandsOverAsSoonAsAnotherIsUpToDate() {
        PeerFixture leader = new PeerFixture(3, 3).with(new Standing(9, false)).elected();
        ScriptedLearner one = joins(leader.learner(1).ofOursThatTransfers(0, true));
        leader.afterMillis(PeerFixture.TICK);
        assertThat(one.got()).as("which is then the best").endsWith("TRANSFER GO 1");
    }

    @Test
    void apachesServersSayNothingAndCountAsOrdinary() {
        assertThat(Standing.in(0)).isEqualTo(Standing.DEFAULT);
        Standing own = new Standing(255, false);
        assertThat(Standing.in(own.bits() | Zab.FLAGS)).isEqualTo(own);
        assertThat(own.bits() & Zab.FLAGS).isZero();
        assertThatThrownBy(() -> new Standing(256, true)).isInstanceOf(IllegalArgumentException.class);
    }
}
