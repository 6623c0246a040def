package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two candidates never lead together, whatever is lost, late, paused or cut off between them and the ensemble. */
class LeaseOverlapTest {
    /** What an ensemble guarantees at least: a session outlives its last sign of life by three quarters of its timeout. */
    private static final int GUARANTEED_MILLIS = ElectionWorld.TIMEOUT_MILLIS * 3 / 4;

    private static void atRandom(int seeds, int candidates, int shortestLifeMillis, boolean isMakingWay, int[] grants) {
        for (int seed = 1; seed <= seeds; seed++) {
            Random chance = new Random(seed);
            ElectionWorld world = new ElectionWorld(
                    candidates, shortestLifeMillis, ElectionWorld.TIMEOUT_MILLIS / 16, false, isMakingWay);
            List<String> story = new ArrayList<>();
            try {
                for (int i = 0; i < 250; i++) {
                    List<ElectionWorld.Move> moves = world.moves();
                    ElectionWorld.Move move = choose(moves, chance);
                    story.add(move.name());
                    move.run().run();
                    world.check();
                }
                assertThat(world.heals()).as("exactly one leads in the end").isTrue();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + String.join("; ", story), e);
            }
            grants[0] += world.grants();
            grants[1] += world.readyGrants();
        }
    }

    private static ElectionWorld.Move choose(List<ElectionWorld.Move> moves, Random chance) {
        int left = chance.nextInt(
                moves.stream().mapToInt(ElectionWorld.Move::weight).sum());
        for (ElectionWorld.Move move : moves) {
            left -= move.weight();
            if (left < 0) {
                return move;
            }
        }
        throw new IllegalStateException();
    }

    @Test
    void leadershipsNeverOverlap_inTwentyThousandHistoriesAtRandom() {
        int[] grants = new int[2];
        atRandom(15_000, 2, GUARANTEED_MILLIS, false, grants);
        atRandom(5_000, 3, GUARANTEED_MILLIS, false, grants);
        assertThat(grants[0]).as("leaderships granted").isGreaterThan(40_000);
        assertThat(grants[1]).as("of these by a confirmation that was ready").isGreaterThan(4_000);
    }

    @Test
    void leadershipsNeverOverlap_alsoWithPrioritiesAndLeadersThatStepAside() {
        int[] grants = new int[2];
        atRandom(8_000, 3, GUARANTEED_MILLIS, true, grants);
        assertThat(grants[0]).as("leaderships granted").isGreaterThan(10_000);
    }

    @Test
    void leadershipsNeverOverlap_inAllContinuationsOfALeadershipUpToSixMoves() {
        long[] count = new long[1];
        explore(new ArrayList<>(), 6, GUARANTEED_MILLIS, count);
        assertThat(count[0]).as("histories").isGreaterThan(80_000);
    }

    @Test
    void searchOfAllContinuations_catchesSessionsThatExpireTooEarly() {
        assertThatThrownBy(() -> explore(new ArrayList<>(), 6, ElectionWorld.TIMEOUT_MILLIS / 4, new long[1]))
                .isInstanceOf(AssertionError.class)
                .rootCause()
                .hasMessageStartingWith("two lead");
    }

    @Test
    void sessionsThatExpireEarlierThanGuaranteed_areCaught() {
        assertThatThrownBy(() -> atRandom(2_000, 2, ElectionWorld.TIMEOUT_MILLIS / 4, false, new int[2]))
                .isInstanceOf(AssertionError.class)
                .rootCause()
                .hasMessageMatching("(?s)(two lead|a token fell).*");
    }

    /** Tries every move after those chosen, from a world in which the first candidate leads and the second waits. */
    private static void explore(List<Integer> chosen, int depth, int shortestLifeMillis, long[] count) {
        ElectionWorld world = new ElectionWorld(2, shortestLifeMillis, ElectionWorld.TIMEOUT_MILLIS / 4, true, false);
        world.heals();
        List<String> story = new ArrayList<>();
        for (int choice : chosen) {
            ElectionWorld.Move move = world.moves().get(choice);
            story.add(move.name());
            try {
                move.run().run();
                world.check();
            } catch (AssertionError e) {
                throw new AssertionError(String.join("; ", story), e);
            }
        }
        count[0]++;
        if (chosen.size() == depth) {
            return;
        }
        int moves = world.moves().size();
        for (int i = 0; i < moves; i++) {
            chosen.add(i);
            explore(chosen, depth, shortestLifeMillis, count);
            chosen.remove(chosen.size() - 1);
        }
    }
}
