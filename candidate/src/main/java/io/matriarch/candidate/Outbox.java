package io.matriarch.candidate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What one step of a campaign asks of its host, in order. Every question begins a generation, and only the answer to the
 * last question counts.
 */
final class Outbox {
    private final List<CampaignEffect> effects = new ArrayList<>();
    private int generation;

    /** Empties the box for a new step. */
    void open() {
        effects.clear();
    }

    /** What was put in since the last {@link #open}; only valid until the next one. */
    List<CampaignEffect> effects() {
        return effects;
    }

    /** Asks what {@code question} makes of a new generation. */
    void ask(IntFunction<CampaignEffect> question) {
        effects.add(question.apply(++generation));
    }

    /** Whether an answer of that generation is still waited for. */
    boolean isAwaited(int answered) {
        return answered == generation;
    }

    /** No answer that may still come counts. */
    void voidAnswers() {
        generation++;
    }

    void add(CampaignEffect effect) {
        effects.add(effect);
    }

    void tell(CandidacyEvent event) {
        effects.add(new CampaignEffect.Tell(event));
    }
}
