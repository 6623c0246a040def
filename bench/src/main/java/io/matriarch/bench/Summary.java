package io.matriarch.bench;

import io.matriarch.bench.ensemble.Flavour;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One flavour's figures for one workload over all rounds.
 *
 * @param values in the order measured; never empty
 */
record Summary(Workload workload, Flavour flavour, List<Measurement> values) {

    /** The figures of this workload and flavour; empty if there are none. */
    static Optional<Summary> of(List<Measurement> all, Workload workload, Flavour flavour) {
        List<Measurement> values = all.stream()
                .filter(m -> m.workload() == workload && m.flavour() == flavour)
                .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(new Summary(workload, flavour, values));
    }

    double median() {
        return median(Measurement::value);
    }

    double min() {
        return values.stream().mapToDouble(Measurement::value).min().orElseThrow();
    }

    double max() {
        return values.stream().mapToDouble(Measurement::value).max().orElseThrow();
    }

    /** The middle one of some figure; of an even number the mean of the middle two. */
    double median(ToDoubleFunction<Measurement> figure) {
        double[] sorted = values.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).sum() / 2;
    }

    long errors() {
        return values.stream().mapToLong(Measurement::errors).sum();
    }
}
