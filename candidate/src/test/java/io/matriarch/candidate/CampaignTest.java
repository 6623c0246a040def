package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

/** Clauses of client.md 20, one step at a time. */
class CampaignTest {
    private static final long SESSION = 0x7001;
    private static final int TIMEOUT = 9000;
    private static final String OWN_PREFIX = "_c_00000000-0000-0000-0000-000000000001-candidate-";
    private static final String OWN = OWN_PREFIX + "0000000007";
    private static final String OWN_PATH = "/race/" + OWN;

    private int uuids;
    private final Campaign campaign = new Campaign("/race", () -> new UUID(0, ++uuids));

    /** Generation of the last question. */
    private int generation;

    private List<CampaignEffect> step(CampaignEvent event) {
        List<CampaignEffect> effects = List.copyOf(campaign.step(event));
        for (CampaignEffect effect : effects) {
            if (effect instanceof CampaignEffect.CreateParent e) {
                generation = e.generation();
            } else if (effect instanceof CampaignEffect.CreateNode e) {
                generation = e.generation();
            } else if (effect instanceof CampaignEffect.ListCandidates e) {
                generation = e.generation();
            } else if (effect instanceof CampaignEffect.ReadOwnNode e) {
                generation = e.generation();
            } else if (effect instanceof CampaignEffect.ReadPredecessor e) {
                generation = e.generation();
            } else if (effect instanceof CampaignEffect.StartTimer e) {
                generation = e.generation();
            } else if (effect instanceof CampaignEffect.OpenSession e) {
                generation = e.generation();
            }
        }
        return effects;
    }

    private List<CampaignEffect> connected() {
        return step(new CampaignEvent.Connected(SESSION, TIMEOUT));
    }

    private List<CampaignEffect> listed(String... names) {
        return step(new CampaignEvent.Listed(generation, Code.OK, List.of(names)));
    }

    private static CampaignEffect.Tell told(CandidacyEvent event) {
        return new CampaignEffect.Tell(event);
    }

    private Leadership lead() {
        step(new CampaignEvent.Started());
        connected();
        listed(OWN);
        step(new CampaignEvent.OwnNodeRead(generation, Code.OK, SESSION, 0x100000005L));
        return new Leadership(OWN_PATH, SESSION, 0x100000005L);
    }

    @Test
    void connected_listsTheCandidates() {
        assertThat(step(new CampaignEvent.Started())).containsExactly(new CampaignEffect.OpenSession(1));
        assertThat(connected())
                .containsExactly(
                        told(new CandidacyEvent.Connected(SESSION)), new CampaignEffect.ListCandidates(2, false));
    }

    @Test
    void listedWithoutOwn_createsOwnUnderItsProtectionId() {
        connected();
        assertThat(listed("_c_x-candidate-0000000001"))
                .containsExactly(new CampaignEffect.CreateNode(generation, "/race/" + OWN_PREFIX));
    }

    @Test
    void parentMissing_isCreatedFromTheTopAsContainers() {
        Campaign deep = new Campaign("/a/b", () -> new UUID(0, 1));
        deep.step(new CampaignEvent.Connected(SESSION, TIMEOUT));
        assertThat(deep.step(new CampaignEvent.Listed(1, Code.NONODE, List.of())))
                .containsExactly(new CampaignEffect.CreateParent(2, "/a", true));
        assertThat(deep.step(new CampaignEvent.ParentCreated(2, Code.NODEEXISTS)))
                .containsExactly(new CampaignEffect.CreateParent(3, "/a/b", true));
        assertThat(deep.step(new CampaignEvent.ParentCreated(3, Code.OK)))
                .containsExactly(new CampaignEffect.CreateNode(4, "/a/b/" + OWN_PREFIX));
    }

    @Test
    void containersNotOffered_fallsBackToPersistentForGood() {
        connected();
        step(new CampaignEvent.Listed(generation, Code.NONODE, List.of()));
        assertThat(step(new CampaignEvent.ParentCreated(generation, Code.UNIMPLEMENTED)))
                .containsExactly(new CampaignEffect.CreateParent(generation, "/race", false));
    }

    @Test
    void firstOfTheList_leadsOnlyOnceItsOwnerIsTheOwnSession() {
        connected();
        assertThat(listed("_c_y-candidate-0000000008", OWN))
                .containsExactly(
                        told(new CandidacyEvent.Entered(OWN_PATH, 7, SESSION)),
                        new CampaignEffect.ReadOwnNode(generation, OWN_PATH));
        assertThat(step(new CampaignEvent.OwnNodeRead(generation, Code.OK, SESSION, 42)))
                .containsExactly(told(new CandidacyEvent.Leading(new Leadership(OWN_PATH, SESSION, 42))));
    }

    @Test
    void firstOfTheListOwnedByAnotherSession_doesNotLead() {
        connected();
        listed(OWN);
        List<CampaignEffect> effects = step(new CampaignEvent.OwnNodeRead(generation, Code.OK, 0x7002, 42));
        assertThat(effects).contains(new CampaignEffect.StartTimer(generation, Campaign.RETRY_MILLIS));
        assertThat(effects)
                .noneMatch(e -> e instanceof CampaignEffect.Tell t && t.event() instanceof CandidacyEvent.Leading);
    }

    @Test
    void notFirst_watchesOnlyItsPredecessor() {
        connected();
        assertThat(listed("_c_y-candidate-0000000009", "z-0000000006", OWN, "a-0000000005"))
                .contains(new CampaignEffect.ReadPredecessor(generation, "/race/z-0000000006"));
        assertThat(step(new CampaignEvent.PredecessorRead(generation, Code.OK)))
                .containsExactly(told(new CandidacyEvent.Waiting(OWN_PATH, "/race/z-0000000006")));
    }

    @Test
    void predecessorGone_listsAgainAndTakesTheOneBefore() {
        connected();
        listed("a-0000000005", "z-0000000006", OWN);
        step(new CampaignEvent.PredecessorRead(generation, Code.OK));
        assertThat(step(new CampaignEvent.NodeChanged("/race/z-0000000006")))
                .containsExactly(new CampaignEffect.ListCandidates(generation, false));
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
    void leaderDisconnected_keepsLeadershipForAThirdOfTheTimeout() {
        Leadership leadership = lead();
        assertThat(step(new CampaignEvent.Disconnected()))
                .containsExactly(
                        told(new CandidacyEvent.Disconnected()),
                        new CampaignEffect.LimitLeadership(3000),
                        new CampaignEffect.StartTimer(generation, 3000));
        assertThat(step(new CampaignEvent.TimerFired(generation)))
                .containsExactly(told(new CandidacyEvent.SteppedDown(
                        leadership, "no connection for a third of the session timeout")));
    }

    @Test
    void leaderReconnectedInTime_leadsOnWithoutAWord() {
        lead();
        step(new CampaignEvent.Disconnected());
        int timer = generation;
        assertThat(connected())
                .containsExactly(
                        told(new CandidacyEvent.Connected(SESSION)),
                        new CampaignEffect.UnlimitLeadership(),
                        new CampaignEffect.ListCandidates(generation, false));
        assertThat(step(new CampaignEvent.TimerFired(timer))).isEmpty();
        assertThat(listed(OWN)).containsExactly(new CampaignEffect.ReadOwnNode(generation, OWN_PATH));
        assertThat(step(new CampaignEvent.OwnNodeRead(generation, Code.OK, SESSION, 42)))
                .isEmpty();
    }

    @Test
    void ownZnodeDeletedByAnother_stepsDownBeforeItEntersAgain() {
        Leadership leadership = lead();
        step(new CampaignEvent.NodeChanged(OWN_PATH));
        assertThat(listed("z-0000000009"))
                .containsExactly(
                        told(new CandidacyEvent.SteppedDown(leadership, "the own znode is gone")),
                        new CampaignEffect.CreateNode(generation, "/race/" + OWN_PREFIX));
    }

    @Test
    void sessionExpired_stepsDownAndEntersWithANewSessionAndANewProtectionId() {
        Leadership leadership = lead();
        assertThat(step(new CampaignEvent.SessionExpired()))
                .containsExactly(
                        told(new CandidacyEvent.SteppedDown(leadership, "the session expired")),
                        told(new CandidacyEvent.SessionLost(SESSION)),
                        new CampaignEffect.CloseSession(),
                        new CampaignEffect.OpenSession(generation));
        step(new CampaignEvent.Connected(0x7003, TIMEOUT));
        assertThat(listed(OWN))
                .containsExactly(new CampaignEffect.CreateNode(
                        generation, "/race/_c_00000000-0000-0000-0000-000000000002-candidate-"));
    }

    @Test
    void closed_stepsDownBeforeTheSessionEnds_andNothingFollows() {
        Leadership leadership = lead();
        assertThat(step(new CampaignEvent.CloseRequested()))
                .containsExactly(
                        told(new CandidacyEvent.SteppedDown(leadership, "the candidacy was closed")),
                        told(new CandidacyEvent.Closed()),
                        new CampaignEffect.CloseSession());
        assertThat(connected()).isEmpty();
    }

    @Test
    void refusedOperation_isToldAndTriedAgain() {
        connected();
        List<CampaignEffect> effects = step(new CampaignEvent.Listed(generation, Code.NOAUTH, List.of()));
        assertThat(effects)
                .containsExactly(
                        told(new CandidacyEvent.Troubled("listing /race: NOAUTH; trying again in 1000 ms")),
                        new CampaignEffect.StartTimer(generation, Campaign.RETRY_MILLIS));
        assertThat(step(new CampaignEvent.TimerFired(generation)))
                .containsExactly(new CampaignEffect.ListCandidates(generation, false));
    }

    @Test
    void noClient_isTriedAgain() {
        step(new CampaignEvent.Started());
        step(new CampaignEvent.OpenFailed(generation, "too many open files"));
        assertThat(step(new CampaignEvent.TimerFired(generation)))
                .containsExactly(new CampaignEffect.OpenSession(generation));
    }
}
