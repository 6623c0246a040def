package io.matriarch.cli.explain;

import java.util.ArrayList;
import java.util.List;

/**
 * Where an instant is on a timeline: within each phase evenly, and in proportion over all of them, but that no phase gets
 * less than {@value #MIN_WIDTH} units, however short it is beside the others.
 */
final class TimeScale {
    private static final double MIN_WIDTH = 104;

    private final List<Long> borders = new ArrayList<>();
    private final List<Double> places = new ArrayList<>();
    private final boolean isEven;

    /**
     * @param phases what is shown, one after the other
     * @param leftWidth where the first begins
     * @param width what all of them share
     */
    TimeScale(List<Phase> phases, double leftWidth, double width) {
        long total = Math.max(
                1, phases.get(phases.size() - 1).toMicros() - phases.get(0).fromMicros());
        double missing = 0;
        double spare = 0;
        for (Phase phase : phases) {
            double even = width * phase.micros() / total;
            missing += Math.max(0, MIN_WIDTH - even);
            spare += Math.max(0, even - MIN_WIDTH);
        }
        isEven = missing == 0;
        double left = leftWidth;
        borders.add(phases.get(0).fromMicros());
        places.add(left);
        for (Phase phase : phases) {
            double even = width * phase.micros() / total;
            left += even < MIN_WIDTH ? MIN_WIDTH : even - missing * (even - MIN_WIDTH) / spare;
            borders.add(phase.toMicros());
            places.add(left);
        }
    }

    /** Whether equal times have equal widths everywhere. */
    boolean isEven() {
        return isEven;
    }

    /** The place of this instant; before the first phase and after the last as if these went on. */
    double at(long micros) {
        int last = borders.size() - 1;
        int i = 1;
        while (i < last && micros > borders.get(i)) {
            i++;
        }
        long from = borders.get(i - 1);
        long span = Math.max(1, borders.get(i) - from);
        return places.get(i - 1) + (places.get(i) - places.get(i - 1)) * (micros - from) / span;
    }

    /** The instant at this place. */
    long microsAt(double place) {
        int last = places.size() - 1;
        int i = 1;
        while (i < last && place > places.get(i)) {
            i++;
        }
        double width = Math.max(1e-9, places.get(i) - places.get(i - 1));
        return borders.get(i - 1)
                + Math.round((borders.get(i) - borders.get(i - 1)) * (place - places.get(i - 1)) / width);
    }
}
