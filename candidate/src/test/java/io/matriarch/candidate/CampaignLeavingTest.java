package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

/** Clauses of client.md 20, one step at a time: closing, resigning, stepping aside, and priorities. */
class CampaignLeavingTest extends CampaignSteps {
    @Test
    void closed_stepsDownBeforeTheZnodeGoes_andNothingFollows() {
        lead();
        List<CampaignEffect> effects = step(new CampaignEvent.CloseRequested());
        assertThat(reason(effects)).isEqualTo("the candidacy was closed");
        assertThat(effects).last().isEqualTo(new CampaignEffect.Withdraw(generation, OWN_PATH, true));
        assertThat(step(new CampaignEvent.Withdrawn(generation, Code.OK)))
                .containsExactly(told(new CandidacyEvent.Closed()), new CampaignEffect.Finish());
        assertThat(connected()).isEmpty();
    }

    @Test
    void closedOnASharedSessionWhileACreateIsUncertain_looksForTheZnodeFirst() {
        Campaign shared = campaign(new Settings("/race", Layout.MATRIARCH, 0, false, Aim.LEAD, false, Settings.ALL));
        step(shared, new CampaignEvent.Connected(SESSION, TIMEOUT));
        step(shared, new CampaignEvent.Listed(generation, Code.OK, List.of()));
        step(shared, new CampaignEvent.NodeCreated(generation, Code.CONNECTIONLOSS, null));
        step(shared, new CampaignEvent.Disconnected());
        assertThat(step(shared, new CampaignEvent.CloseRequested())).isEmpty();
        step(shared, new CampaignEvent.Connected(SESSION, TIMEOUT));
        String own = "_c_00000000-0000-0000-0000-000000000002-candidate-0000000003";
        assertThat(step(shared, new CampaignEvent.Listed(generation, Code.OK, List.of(own))))
                .last()
                .isEqualTo(new CampaignEffect.Withdraw(generation, "/race/" + own, true));
    }

    @Test
    void resigned_takesItsZnodeBack_restsAndStandsAgain() {
        lead();
        long rest = TimeUnit.SECONDS.toNanos(30);
        assertThat(step(new CampaignEvent.ResignRequested(rest)))
                .last()
                .isEqualTo(new CampaignEffect.Withdraw(generation, OWN_PATH, false));
        step(new CampaignEvent.Withdrawn(generation, Code.OK));
        assertThat(campaign.deadlineNanos()).isEqualTo(nowNanos + rest);
        step(new CampaignEvent.Disconnected());
        connected();
        assertThat(listed("z-0000000009")).as("it rests").isEmpty();
        assertThat(timePassed(30_000)).containsExactly(new CampaignEffect.ListCandidates(generation, false));
        assertThat(listed("z-0000000009")).hasOnlyElementsOfType(CampaignEffect.CreateNode.class);
    }

    @Test
    void steppingAside_deletesAllBeforeTheSuccessorInOneTransaction_afterSteppingDown() {
        lead();
        step(new CampaignEvent.StepAsideRequested("/race/x-0000000009"));
        List<CampaignEffect> effects = listed(OWN, "y-0000000008", "x-0000000009", "w-0000000010");
        assertThat(reason(effects)).isEqualTo("it stepped aside for x-0000000009");
        assertThat(effects)
                .last()
                .isEqualTo(new CampaignEffect.Yield(
                        generation, List.of(OWN_PATH, "/race/y-0000000008"), "/race/x-0000000009"));
        assertThat(step(new CampaignEvent.Yielded(generation, Code.OK)))
                .containsExactly(new CampaignEffect.ListCandidates(generation, false));
        assertThat(listed("x-0000000009", "w-0000000010")).hasOnlyElementsOfType(CampaignEffect.CreateNode.class);
    }

    @Test
    void steppingAsideForSomebodyWhoIsNotThere_leadsOn() {
        Lease lease = lead();
        step(new CampaignEvent.StepAsideRequested("nobody"));
        List<CampaignEffect> effects = listed(OWN, "y-0000000008");
        assertThat(reason(effects)).isEmpty();
        assertThat(effects.get(0))
                .isEqualTo(told(new CandidacyEvent.Troubled(
                        "cannot step aside for nobody: it is no candidate behind this one")));
        assertThat(lease.isCurrent()).isTrue();
    }

    @Test
    void firstOfTheLine_goesBehindOneOfHigherPriority_unlessItLeadsAlready() {
        connected();
        assertThat(listed(OWN, "_c_y-p5-candidate-0000000009"))
                .last()
                .isEqualTo(
                        new CampaignEffect.Yield(generation, List.of(OWN_PATH), "/race/_c_y-p5-candidate-0000000009"));
    }

    @Test
    void confirmationOfAnEarlierList_doesNotMakeOneALeaderWhoIsMakingWay() {
        connected();
        listed(OWN);
        ownRead();
        step(new CampaignEvent.NodeChanged(OWN_PATH));
        assertThat(listed(OWN, "_c_y-p5-candidate-0000000009")).hasOnlyElementsOfType(CampaignEffect.Yield.class);
        assertThat(confirmed()).isEmpty();
        assertThat(campaign.lease()).isNull();
    }

    @Test
    void leader_isNotDisturbedByAHigherPriority_unlessItMayBe() {
        Lease lease = lead();
        step(new CampaignEvent.NodeChanged(OWN_PATH));
        listed(OWN, "_c_y-p5-candidate-0000000009");
        assertThat(lease.isCurrent()).isTrue();

        Campaign preemptible = campaign(new Settings("/race", Layout.MATRIARCH, 1, true, Aim.LEAD, true, Settings.ALL));
        String own = "_c_00000000-0000-0000-0000-000000000002-p1-candidate-0000000003";
        step(preemptible, new CampaignEvent.Connected(SESSION, TIMEOUT));
        step(preemptible, new CampaignEvent.Listed(generation, Code.OK, List.of(own)));
        step(preemptible, new CampaignEvent.OwnNodeRead(generation, Code.OK, SESSION, TOKEN));
        step(preemptible, new CampaignEvent.Confirmed(confirmation, Code.OK));
        pass(TIMEOUT / 8);
        assertThat(step(preemptible, new CampaignEvent.TimePassed()))
                .contains(new CampaignEffect.ListCandidates(generation, false));
        assertThat(reason(step(
                        preemptible,
                        new CampaignEvent.Listed(generation, Code.OK, List.of(own, "_c_y-p5-candidate-0000000009")))))
                .isEqualTo("a candidate of higher priority is there");
    }

    @Test
    void campaignForOneLeadership_endsWithIt() {
        Campaign once = campaign(new Settings("/race", Layout.WRITE, 0, false, Aim.LEAD_ONCE, false, Settings.ALL));
        String own = "_c_00000000-0000-0000-0000-000000000002-write-0000000003";
        step(once, new CampaignEvent.Connected(SESSION, TIMEOUT));
        step(once, new CampaignEvent.Listed(generation, Code.OK, List.of(own)));
        step(once, new CampaignEvent.OwnNodeRead(generation, Code.OK, SESSION, TOKEN));
        step(once, new CampaignEvent.Confirmed(confirmation, Code.OK));
        pass(TIMEOUT / 2);
        List<CampaignEffect> effects = step(once, new CampaignEvent.TimePassed());
        assertThat(effects).last().isEqualTo(new CampaignEffect.Withdraw(generation, "/race/" + own, true));
        step(once, new CampaignEvent.Withdrawn(generation, Code.OK));
        assertThat(once.isFinished()).isTrue();
    }
}
