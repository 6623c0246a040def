package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

/** How the next in line comes to lead without waiting for a write. */
class SuccessionTest {
    private static final long SESSION = 0x7001;
    private static final int TIMEOUT = 8000;
    private static final long TOKEN = 0x100000005L;
    private static final String LEADER = "_c_y-candidate-0000000006";
    private static final String OWN = "_c_00000000-0000-0000-0000-000000000001-candidate-0000000007";
    private static final String OWN_PATH = "/race/" + OWN;

    private int uuids;
    private long nowNanos = 1;
    private final Campaign campaign =
            new Campaign(Settings.election("/race"), () -> new UUID(0, ++uuids), () -> nowNanos);

    /** Generation of the last question. */
    private int generation;

    /** Generation of the last confirmation, and how many there were. */
    private int confirmation;

    private List<CampaignEffect> step(CampaignEvent event) {
        List<CampaignEffect> effects = List.copyOf(campaign.step(nowNanos, event));
        for (CampaignEffect effect : effects) {
            if (effect instanceof CampaignEffect.Confirm e) {
                confirmation = e.generation();
            } else if (effect instanceof CampaignEffect.Question e) {
                generation = e.generation();
            }
        }
        return effects;
    }

    private List<CampaignEffect> passes(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
        return step(new CampaignEvent.TimePassed());
    }

    private List<CampaignEffect> listed(String... names) {
        return step(new CampaignEvent.Listed(generation, Code.OK, List.of(names)));
    }

    private List<CampaignEffect> confirmed() {
        return step(new CampaignEvent.Confirmed(confirmation, Code.OK));
    }

    private List<CampaignEffect> leaderGone() {
        return step(new CampaignEvent.NodeChanged("/race/" + LEADER));
    }

    /** The next in line behind {@code before}, with all that it asks for by itself answered but the confirmation. */
    private void stand(String... before) {
        step(new CampaignEvent.Connected(SESSION, TIMEOUT));
        listed(before);
        step(new CampaignEvent.PredecessorRead(generation, Code.OK));
        step(new CampaignEvent.OwnNodeRead(generation, Code.OK, SESSION, TOKEN));
    }

    private static boolean isLeading(List<CampaignEffect> effects) {
        return effects.stream()
                .anyMatch(e -> e instanceof CampaignEffect.Tell t && t.event() instanceof CandidacyEvent.Leading);
    }

    @Test
    void nextInLine_leadsAsSoonAsTheListShowsIt_onTheConfirmationThatItHasReady() {
        stand(LEADER, OWN);
        nowNanos += TimeUnit.MILLISECONDS.toNanos(40);
        confirmed();
        nowNanos += TimeUnit.MILLISECONDS.toNanos(1000);
        assertThat(leaderGone()).containsExactly(new CampaignEffect.ListCandidates(generation, false));
        assertThat(isLeading(listed(OWN))).isTrue();
        assertThat(campaign.lease().fencingToken()).isEqualTo(TOKEN);
        assertThat(campaign.lease().remaining()).as("from when it was sent").hasMillis(TIMEOUT / 2 - 1040);
        assertThat(confirmation).as("a newer one is asked for at once").isEqualTo(2);
        confirmed();
        assertThat(campaign.lease().remaining()).hasMillis(TIMEOUT / 2);
    }

    @Test
    void nextInLine_renewsItsConfirmationEveryQuarterOfTheTimeout() {
        stand(LEADER, OWN);
        confirmed();
        assertThat(campaign.deadlineNanos()).isEqualTo(nowNanos + TimeUnit.MILLISECONDS.toNanos(TIMEOUT / 4));
        assertThat(passes(TIMEOUT / 4)).containsExactly(new CampaignEffect.Confirm(2, OWN_PATH));
        assertThat(campaign.deadlineNanos()).as("until the answer").isEqualTo(Deadline.NEVER);
    }

    @Test
    void nextInLine_hearsFromItsConfirmationThatItsZnodeIsGone() {
        stand(LEADER, OWN);
        assertThat(step(new CampaignEvent.Confirmed(confirmation, Code.NONODE)))
                .containsExactly(new CampaignEffect.ListCandidates(generation, false));
    }

    @Test
    void thirdInLine_asksForAConfirmationWithTheList_whenItsPredecessorGoes() {
        stand("_c_z-candidate-0000000005", LEADER, OWN);
        assertThat(confirmation).isZero();
        assertThat(leaderGone())
                .containsExactly(
                        new CampaignEffect.ListCandidates(generation, false), new CampaignEffect.Confirm(1, OWN_PATH));
        nowNanos += TimeUnit.MILLISECONDS.toNanos(1);
        assertThat(listed(OWN)).containsExactly(new CampaignEffect.ReadOwnNode(generation, OWN_PATH));
        nowNanos += TimeUnit.MILLISECONDS.toNanos(1);
        assertThat(isLeading(confirmed())).isTrue();
        assertThat(campaign.lease().remaining()).hasMillis(TIMEOUT / 2 - 2);
    }

    @Test
    void thirdInLine_preparesNothing_alsoAfterItsPredecessorWent() {
        stand("_c_z-candidate-0000000005", "_c_z-candidate-0000000004", LEADER, OWN);
        leaderGone();
        listed("_c_z-candidate-0000000004", "_c_z-candidate-0000000005", OWN);
        confirmed();
        assertThat(campaign.deadlineNanos()).isEqualTo(Deadline.NEVER);
    }

    @Test
    void confirmationThatWasAskedForTooLongAgo_grantsNothing() {
        stand(LEADER, OWN);
        confirmed();
        nowNanos += TimeUnit.MILLISECONDS.toNanos(TIMEOUT * 3 / 8 + 1);
        leaderGone();
        assertThat(isLeading(listed(OWN))).isFalse();
        assertThat(isLeading(confirmed())).isTrue();
    }

    @Test
    void confirmationOfALostConnection_grantsNothing() {
        stand(LEADER, OWN);
        confirmed();
        step(new CampaignEvent.Disconnected());
        step(new CampaignEvent.Connected(SESSION, TIMEOUT));
        assertThat(isLeading(listed(OWN))).isFalse();
        assertThat(isLeading(confirmed())).isTrue();
    }

    @Test
    void confirmationOfAnEarlierSession_grantsNothing() {
        stand(LEADER, OWN);
        confirmed();
        step(new CampaignEvent.SessionExpired());
        step(new CampaignEvent.Connected(SESSION + 1, TIMEOUT));
        String second = "_c_00000000-0000-0000-0000-000000000002-candidate-0000000008";
        assertThat(isLeading(listed(second))).isFalse();
        assertThat(isLeading(step(new CampaignEvent.OwnNodeRead(generation, Code.OK, SESSION + 1, TOKEN + 9))))
                .isFalse();
        assertThat(isLeading(confirmed())).isTrue();
    }

    @Test
    void leaderThatCeased_leadsAgainOnlyByAConfirmationAskedForSince() {
        stand(LEADER, OWN);
        confirmed();
        leaderGone();
        assertThat(isLeading(listed(OWN))).isTrue();
        confirmed();
        step(new CampaignEvent.StepAsideRequested("_c_x-candidate-0000000009"));
        listed(OWN, "_c_x-candidate-0000000009");
        step(new CampaignEvent.Yielded(generation, Code.NONODE));
        assertThat(isLeading(listed(OWN))).isFalse();
        assertThat(isLeading(confirmed())).isTrue();
    }
}
