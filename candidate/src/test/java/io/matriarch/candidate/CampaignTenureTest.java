package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Clauses of client.md 20, one step at a time: what makes a leadership go on, and what ends it. */
class CampaignTenureTest extends CampaignSteps {
    @Test
    void leader_isConfirmedEveryEighthOfTheTimeout() {
        Lease lease = lead();
        assertThat(timePassed(TIMEOUT / 8)).containsExactly(new CampaignEffect.Confirm(2, OWN_PATH));
        assertThat(timePassed(TIMEOUT / 8)).as("one at a time").isEmpty();
        confirmed();
        assertThat(lease.remaining()).as("from when it was sent").hasMillis(TIMEOUT / 2 - TIMEOUT / 8);
        assertThat(timePassed(0)).containsExactly(new CampaignEffect.Confirm(3, OWN_PATH));
    }

    @Test
    void leaderWithoutConfirmation_stepsDownWhenTheLeaseEnds() {
        Lease lease = lead();
        timePassed(TIMEOUT / 8);
        pass(TIMEOUT / 2 - TIMEOUT / 8 - 1);
        assertThat(lease.isCurrent()).isTrue();
        assertThat(reason(timePassed(1))).isEqualTo("nothing was confirmed for half of the session timeout");
        assertThat(lease.isCurrent()).isFalse();
    }

    @Test
    void pausedLeader_isOverBeforeItsCampaignIsSteppedAgain_andALateConfirmationDoesNotReviveIt() {
        Lease lease = lead();
        timePassed(TIMEOUT / 8);
        pass(TIMEOUT);
        assertThat(lease.isCurrent()).isFalse();
        List<CampaignEffect> effects = confirmed();
        assertThat(reason(effects)).isNotEmpty();
        assertThat(isLeading(effects)).isFalse();
        assertThat(lease.isCurrent()).isFalse();
    }

    @Test
    void leaderDisconnected_leadsAsLongAsItsLease() {
        Lease lease = lead();
        assertThat(step(new CampaignEvent.Disconnected())).containsExactly(told(new CandidacyEvent.Disconnected()));
        assertThat(campaign.deadlineNanos()).isEqualTo(lease.untilNanos());
        assertThat(reason(timePassed(TIMEOUT / 2))).isNotEmpty();
    }

    @Test
    void leaderReconnectedInTime_leadsOnWithoutAWord() {
        Lease lease = lead();
        step(new CampaignEvent.Disconnected());
        pass(1000);
        assertThat(connected())
                .containsExactly(
                        told(new CandidacyEvent.Connected(SESSION)),
                        new CampaignEffect.ListCandidates(generation, false));
        assertThat(listed(OWN))
                .containsExactly(
                        new CampaignEffect.ReadOwnNode(generation, OWN_PATH), new CampaignEffect.Confirm(2, OWN_PATH));
        assertThat(ownRead()).isEmpty();
        assertThat(confirmed()).isEmpty();
        assertThat(lease.remaining()).hasMillis(TIMEOUT / 2);
    }

    @Test
    void leaderReconnectedTooLate_isGrantedAnewLeadershipOfTheSameToken() {
        Lease lease = lead();
        step(new CampaignEvent.Disconnected());
        timePassed(TIMEOUT / 2);
        connected();
        listed(OWN);
        ownRead();
        assertThat(isLeading(confirmed())).isTrue();
        assertThat(lease.isCurrent()).isFalse();
        assertThat(campaign.lease().fencingToken()).isEqualTo(lease.fencingToken());
    }

    @Test
    void ownZnodeDeletedByAnother_stepsDownBeforeItEntersAgain() {
        lead();
        step(new CampaignEvent.NodeChanged(OWN_PATH));
        List<CampaignEffect> effects = listed("z-0000000009");
        assertThat(reason(effects)).isEqualTo("the own znode is gone");
        assertThat(effects).last().isEqualTo(new CampaignEffect.CreateNode(generation, "/race/" + OWN_PREFIX));
    }

    @Test
    void sessionExpired_stepsDownAndEntersWithANewProtectionId() {
        lead();
        List<CampaignEffect> effects = step(new CampaignEvent.SessionExpired());
        assertThat(reason(effects)).isEqualTo("the session expired");
        assertThat(effects).last().isEqualTo(told(new CandidacyEvent.SessionLost(SESSION)));
        step(new CampaignEvent.Connected(0x7003, TIMEOUT));
        assertThat(listed(OWN))
                .containsExactly(new CampaignEffect.CreateNode(
                        generation, "/race/_c_00000000-0000-0000-0000-000000000002-candidate-"));
    }
}
