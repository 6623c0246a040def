package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

/** Clauses of client.md 20, one step at a time: how a candidate enters, waits, comes to lead, and what it does about failures. */
class CampaignTest extends CampaignSteps {
    @Test
    void connected_listsTheCandidates() {
        assertThat(connected())
                .containsExactly(
                        told(new CandidacyEvent.Connected(SESSION)), new CampaignEffect.ListCandidates(1, false));
    }

    @Test
    void listedWithoutOwn_createsOwnUnderItsProtectionId() {
        connected();
        assertThat(listed("_c_x-candidate-0000000001"))
                .containsExactly(new CampaignEffect.CreateNode(generation, "/race/" + OWN_PREFIX));
    }

    @Test
    void parentMissing_isCreatedFromTheTopAsContainers() {
        Campaign deep = campaign(Settings.election("/a/b"));
        step(deep, new CampaignEvent.Connected(SESSION, TIMEOUT));
        assertThat(step(deep, new CampaignEvent.Listed(1, Code.NONODE, List.of())))
                .containsExactly(new CampaignEffect.CreateParent(2, "/a", true));
        assertThat(step(deep, new CampaignEvent.ParentCreated(2, Code.NODEEXISTS)))
                .containsExactly(new CampaignEffect.CreateParent(3, "/a/b", true));
        assertThat(step(deep, new CampaignEvent.ParentCreated(3, Code.OK)))
                .first()
                .isInstanceOf(CampaignEffect.CreateNode.class);
    }

    @Test
    void parentTakenAwayBeforeTheCreate_isMadeAgain() {
        connected();
        listed();
        assertThat(step(new CampaignEvent.NodeCreated(generation, Code.NONODE, null)))
                .containsExactly(new CampaignEffect.CreateParent(generation, "/race", true));
        step(new CampaignEvent.ParentCreated(generation, Code.OK));
        step(new CampaignEvent.NodeCreated(generation, Code.OK, OWN_PATH));
        assertThat(step(new CampaignEvent.Listed(generation, Code.NONODE, List.of())))
                .containsExactly(new CampaignEffect.CreateParent(generation, "/race", true));
    }

    @Test
    void waitingCandidate_keepsItsPlaceOverALostConnection() {
        connected();
        listed("z-0000000006", OWN);
        step(new CampaignEvent.PredecessorRead(generation, Code.OK));
        assertThat(step(new CampaignEvent.Disconnected())).containsExactly(told(new CandidacyEvent.Disconnected()));
        assertThat(connected()).last().isEqualTo(new CampaignEffect.ListCandidates(generation, false));
        assertThat(listed("z-0000000006", OWN))
                .first()
                .isEqualTo(new CampaignEffect.ReadPredecessor(generation, "/race/z-0000000006"));
    }

    @Test
    void containersNotOffered_fallsBackToPersistentForGood() {
        connected();
        step(new CampaignEvent.Listed(generation, Code.NONODE, List.of()));
        assertThat(step(new CampaignEvent.ParentCreated(generation, Code.UNIMPLEMENTED)))
                .containsExactly(new CampaignEffect.CreateParent(generation, "/race", false));
    }

    @Test
    void firstOfTheList_leadsOnlyOnceItsOwnerIsTheOwnSessionAndAWriteConfirmedIt() {
        connected();
        assertThat(listed("_c_y-candidate-0000000008", OWN))
                .containsExactly(
                        told(new CandidacyEvent.Entered(OWN_PATH, 7, SESSION)),
                        new CampaignEffect.ReadOwnNode(generation, OWN_PATH),
                        new CampaignEffect.Confirm(1, OWN_PATH));
        assertThat(ownRead()).isEmpty();
        pass(10);
        assertThat(isLeading(confirmed())).isTrue();
        assertThat(campaign.lease().fencingToken()).isEqualTo(TOKEN);
        assertThat(campaign.lease().term()).isEqualTo(7);
        assertThat(campaign.lease().remaining()).as("counted from the question").hasMillis(TIMEOUT / 2 - 10);
    }

    @Test
    void firstOfTheListOwnedByAnotherSession_doesNotLead() {
        connected();
        listed(OWN);
        step(new CampaignEvent.OwnNodeRead(generation, Code.OK, 0x7002, 42));
        assertThat(isLeading(confirmed())).isFalse();
        assertThat(campaign.deadlineNanos()).isEqualTo(nowNanos + TimeUnit.MILLISECONDS.toNanos(Campaign.RETRY_MILLIS));
    }

    @Test
    void confirmationThatTookLongerThanALeadershipLasts_grantsNothing() {
        connected();
        listed(OWN);
        ownRead();
        pass(TIMEOUT / 2);
        assertThat(confirmed()).containsExactly(new CampaignEffect.ListCandidates(generation, false));
    }

    @Test
    void notFirst_watchesOnlyItsPredecessor_andSendsNothingUntilItIsGone() {
        connected();
        assertThat(listed("_c_y-candidate-0000000009", "z-0000000006", OWN, "a-0000000005"))
                .contains(new CampaignEffect.ReadPredecessor(generation, "/race/z-0000000006"));
        assertThat(step(new CampaignEvent.PredecessorRead(generation, Code.OK)))
                .containsExactly(
                        told(new CandidacyEvent.Waiting(OWN_PATH, "/race/z-0000000006")),
                        new CampaignEffect.ReadOwnNode(generation, OWN_PATH));
        assertThat(ownRead()).isEmpty();
        assertThat(campaign.deadlineNanos()).isEqualTo(Deadline.NEVER);
    }

    @Test
    void predecessorGone_listsAgainAndTakesTheOneBefore() {
        connected();
        listed("a-0000000005", "z-0000000006", OWN);
        step(new CampaignEvent.PredecessorRead(generation, Code.OK));
        assertThat(step(new CampaignEvent.NodeChanged("/race/z-0000000006")))
                .first()
                .isEqualTo(new CampaignEffect.ListCandidates(generation, false));
        assertThat(listed("a-0000000005", OWN))
                .containsExactly(new CampaignEffect.ReadPredecessor(generation, "/race/a-0000000005"));
    }

    @Test
    void predecessorGoneBeforeItsWatch_listsAgain() {
        connected();
        listed("z-0000000006", OWN);
        assertThat(step(new CampaignEvent.PredecessorRead(generation, Code.NONODE)))
                .containsExactly(new CampaignEffect.ListCandidates(generation, false));
    }

    @Test
    void changeOfAZnodeNoLongerWatched_isIgnored() {
        connected();
        listed("z-0000000006", OWN);
        assertThat(step(new CampaignEvent.NodeChanged("/race/other"))).isEmpty();
    }

    @Test
    void lostCreateReply_isRecognisedByTheProtectionIdAfterASync() {
        connected();
        listed();
        step(new CampaignEvent.NodeCreated(generation, Code.CONNECTIONLOSS, null));
        step(new CampaignEvent.Disconnected());
        assertThat(connected()).contains(new CampaignEffect.ListCandidates(generation, true));
        assertThat(listed(OWN)).doesNotHaveAnyElementsOfTypes(CampaignEffect.CreateNode.class);
    }

    @Test
    void lostCreateReplyOfANameThatAllShare_isAskedForByItsSession() {
        Campaign mesos = campaign(new Settings("/mesos", Layout.MESOS, 0, false, Aim.LEAD, true, Settings.ALL));
        step(mesos, new CampaignEvent.Connected(SESSION, TIMEOUT));
        step(mesos, new CampaignEvent.Listed(generation, Code.OK, List.of("json.info_0000000001")));
        step(mesos, new CampaignEvent.NodeCreated(generation, Code.CONNECTIONLOSS, null));
        step(mesos, new CampaignEvent.Disconnected());
        assertThat(step(mesos, new CampaignEvent.Connected(SESSION, TIMEOUT)))
                .contains(new CampaignEffect.FindOwn(generation, "/mesos/json.info_"));
        step(mesos, new CampaignEvent.OwnFound(generation, Code.OK, "/mesos/json.info_0000000002"));
        assertThat(step(
                        mesos,
                        new CampaignEvent.Listed(
                                generation, Code.OK, List.of("json.info_0000000001", "json.info_0000000002"))))
                .first()
                .isEqualTo(new CampaignEffect.ReadPredecessor(generation, "/mesos/json.info_0000000001"));
    }

    @Test
    void answerOfAnOlderGeneration_isVoid() {
        connected();
        int old = generation;
        step(new CampaignEvent.Disconnected());
        connected();
        assertThat(step(new CampaignEvent.Listed(old, Code.OK, List.of()))).isEmpty();
    }

    @Test
    void answerToAQuestionOfALostConnection_isVoid() {
        connected();
        int old = generation;
        step(new CampaignEvent.Disconnected());
        assertThat(step(new CampaignEvent.Listed(old, Code.OK, List.of(OWN)))).isEmpty();
    }

    @Test
    void refusedOperation_isToldAndTriedAgain() {
        connected();
        assertThat(step(new CampaignEvent.Listed(generation, Code.NOAUTH, List.of())))
                .containsExactly(told(new CandidacyEvent.Troubled("listing /race: NOAUTH; trying again in 1000 ms")));
        assertThat(timePassed(Campaign.RETRY_MILLIS))
                .containsExactly(new CampaignEffect.ListCandidates(generation, false));
    }

    @Test
    void numbersNearTheirEnd_areToldOnce() {
        connected();
        List<CampaignEffect> effects = listed(OWN_PREFIX + "1073741830");
        assertThat(effects)
                .anyMatch(e -> e instanceof CampaignEffect.Tell t
                        && t.event() instanceof CandidacyEvent.Troubled trouble
                        && trouble.what().contains("1073741830"));
    }
}
