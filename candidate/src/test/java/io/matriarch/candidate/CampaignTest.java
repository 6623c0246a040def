package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

/** Clauses of client.md 20, one step at a time. */
class CampaignTest {
    private static final long SESSION = 0x7001;
    private static final int TIMEOUT = 8000;
    private static final long TOKEN = 0x100000005L;
    private static final String OWN_PREFIX = "_c_00000000-0000-0000-0000-000000000001-candidate-";
    private static final String OWN = OWN_PREFIX + "0000000007";
    private static final String OWN_PATH = "/race/" + OWN;

    private int uuids;
    private long nowNanos = 1;
    private final Campaign campaign = campaign(Settings.election("/race"));

    /** Generation of the last question. */
    private int generation;

    /** Generation of the last confirmation. */
    private int confirmation;

    private Campaign campaign(Settings settings) {
        return new Campaign(settings, () -> new UUID(0, ++uuids), () -> nowNanos);
    }

    private List<CampaignEffect> step(CampaignEvent event) {
        return step(campaign, event);
    }

    private List<CampaignEffect> step(Campaign on, CampaignEvent event) {
        List<CampaignEffect> effects = List.copyOf(on.step(nowNanos, event));
        for (CampaignEffect effect : effects) {
            if (effect instanceof CampaignEffect.Confirm e) {
                confirmation = e.generation();
            } else if (effect instanceof CampaignEffect.Question e) {
                generation = e.generation();
            }
        }
        return effects;
    }

    private void pass(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private List<CampaignEffect> timePassed(long millis) {
        pass(millis);
        return step(new CampaignEvent.TimePassed());
    }

    private List<CampaignEffect> connected() {
        return step(new CampaignEvent.Connected(SESSION, TIMEOUT));
    }

    private List<CampaignEffect> listed(String... names) {
        return step(new CampaignEvent.Listed(generation, Code.OK, List.of(names)));
    }

    private List<CampaignEffect> ownRead() {
        return step(new CampaignEvent.OwnNodeRead(generation, Code.OK, SESSION, TOKEN));
    }

    private List<CampaignEffect> confirmed() {
        return step(new CampaignEvent.Confirmed(confirmation, Code.OK));
    }

    private static CampaignEffect.Tell told(CandidacyEvent event) {
        return new CampaignEffect.Tell(event);
    }

    private Lease lead() {
        connected();
        listed(OWN);
        ownRead();
        confirmed();
        return campaign.lease();
    }

    private static String reason(List<CampaignEffect> effects) {
        return effects.stream()
                .filter(e -> e instanceof CampaignEffect.Tell t && t.event() instanceof CandidacyEvent.SteppedDown)
                .map(e -> ((CandidacyEvent.SteppedDown) ((CampaignEffect.Tell) e).event()).reason())
                .findFirst()
                .orElse("");
    }

    private static boolean isLeading(List<CampaignEffect> effects) {
        return effects.stream()
                .anyMatch(e -> e instanceof CampaignEffect.Tell t && t.event() instanceof CandidacyEvent.Leading);
    }

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
