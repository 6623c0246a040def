package io.matriarch.candidate;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException.Code;

/** A campaign under {@code /race}, the steps that tests take it through, and what they look for in its effects. */
class CampaignSteps {
    static final long SESSION = 0x7001;
    static final int TIMEOUT = 8000;
    static final long TOKEN = 0x100000005L;
    static final String OWN_PREFIX = "_c_00000000-0000-0000-0000-000000000001-candidate-";
    static final String OWN = OWN_PREFIX + "0000000007";
    static final String OWN_PATH = "/race/" + OWN;

    int uuids;
    long nowNanos = 1;
    final Campaign campaign = campaign(Settings.election("/race"));

    /** Generation of the last question. */
    int generation;

    /** Generation of the last confirmation. */
    int confirmation;

    Campaign campaign(Settings settings) {
        return new Campaign(settings, () -> new UUID(0, ++uuids), () -> nowNanos);
    }

    List<CampaignEffect> step(CampaignEvent event) {
        return step(campaign, event);
    }

    List<CampaignEffect> step(Campaign on, CampaignEvent event) {
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

    void pass(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    List<CampaignEffect> timePassed(long millis) {
        pass(millis);
        return step(new CampaignEvent.TimePassed());
    }

    List<CampaignEffect> connected() {
        return step(new CampaignEvent.Connected(SESSION, TIMEOUT));
    }

    List<CampaignEffect> listed(String... names) {
        return step(new CampaignEvent.Listed(generation, Code.OK, List.of(names)));
    }

    List<CampaignEffect> ownRead() {
        return step(new CampaignEvent.OwnNodeRead(generation, Code.OK, SESSION, TOKEN));
    }

    List<CampaignEffect> confirmed() {
        return step(new CampaignEvent.Confirmed(confirmation, Code.OK));
    }

    static CampaignEffect.Tell told(CandidacyEvent event) {
        return new CampaignEffect.Tell(event);
    }

    Lease lead() {
        connected();
        listed(OWN);
        ownRead();
        confirmed();
        return campaign.lease();
    }

    static String reason(List<CampaignEffect> effects) {
        return effects.stream()
                .filter(e -> e instanceof CampaignEffect.Tell t && t.event() instanceof CandidacyEvent.SteppedDown)
                .map(e -> ((CandidacyEvent.SteppedDown) ((CampaignEffect.Tell) e).event()).reason())
                .findFirst()
                .orElse("");
    }

    static boolean isLeading(List<CampaignEffect> effects) {
        return effects.stream()
                .anyMatch(e -> e instanceof CampaignEffect.Tell t && t.event() instanceof CandidacyEvent.Leading);
    }
}
