package io.matriarch.bench.soak;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What came of a soak.
 *
 * @param faults what was done
 * @param interregna all times without a leader, but the last one if it had no end
 * @param endNanos when it was over
 * @param isWhole whether in the end every candidate stood in the line again, and one led
 * @param lineSize how many stood there
 * @param process of the candidates that is never killed, at the beginning and in the end
 * @param servers together, at the beginning and in the end
 */
public record SoakReport(
        SoakSettings settings,
        Witness witness,
        Faults faults,
        List<Interregnum> interregna,
        long endNanos,
        boolean isWhole,
        int lineSize,
        Growth<Crew.Size> process,
        Growth<Optional<Footprint>> servers) {
    /** Threads that a process may have more in the end: those of pools that grow to a bound when they are first needed. */
    private static final int MORE_THREADS = 12;

    private static final int MORE_FILES = 30;
    private static final long MORE_HEAP_BYTES = 16L << 20;

    /** The same thing twice. */
    record Growth<T>(T before, T after) {}

    /** Whether everything held that must hold. */
    public boolean isSound() {
        return failures().isEmpty();
    }

    /** What did not hold, one sentence each. */
    public List<String> failures() {
        List<String> failures = new ArrayList<>(witness.violations());
        failures.addAll(faults.ended());
        long bound = settings.bound().toNanos();
        for (Interregnum each : interregna) {
            if (each.quietNanos() > bound) {
                failures.add(String.format(
                        Locale.ROOT,
                        "nobody led for %.3f s while nothing happened, at most %.3f s are allowed (the one before %s)",
                        each.quietNanos() / 1e9,
                        bound / 1e9,
                        each.reason()));
            }
        }
        if (!isWhole) {
            failures.add(
                    "in the end " + lineSize + " of " + settings.candidates() + " candidates stood in the line, led by "
                            + witness.leader().orElse("nobody"));
        }
        if (process.after().threads() > process.before().threads() + MORE_THREADS
                || process.after().heapBytes() > process.before().heapBytes() + MORE_HEAP_BYTES) {
            failures.add("the process of candidates that lived throughout has grown: " + sizes());
        }
        if (servers.before().isPresent() && servers.after().isPresent()) {
            Footprint before = servers.before().get();
            Footprint after = servers.after().get();
            if (after.threads() > before.threads() + (long) MORE_THREADS * settings.servers()
                    || after.files() > before.files() + (long) MORE_FILES * settings.servers()) {
                failures.add("the servers have grown: " + before + ", then " + after);
            }
        }
        return failures;
    }

    private String sizes() {
        return String.format(
                Locale.ROOT,
                "%d threads, then %d; %.1f MB of heap after a collection, then %.1f",
                process.before().threads(),
                process.after().threads(),
                process.before().heapBytes() / 1e6,
                process.after().heapBytes() / 1e6);
    }

    /** Some lines for people; the last says whether it is sound. */
    public String text() {
        StringBuilder text = new StringBuilder();
        List<Reign> reigns = witness.reigns();
        long changes = interregna.stream().filter(i -> !i.isSameCandidate()).count();
        line(text, "leaderships", "%d, %d of them of another candidate than before", reigns.size(), changes);
        line(
                text,
                "violations",
                "%d: no two leaders at one moment, no lower token after a higher",
                witness.violations().size());
        line(
                text,
                "writes",
                "%d taken, %d refused that a later leader's had overtaken",
                witness.counter(),
                witness.overtaken());
        line(
                text,
                "stale writes",
                "%d refused of %d; the others came before any later leader's",
                witness.lateRefused(),
                witness.lateRefused() + witness.lateTaken());
        line(text, "without leader", "%s", longest());
        gaps().forEach((reason, millis) -> line(
                text,
                "",
                "%s: %d times, median %.0f ms, longest %.0f ms",
                reason,
                millis.size(),
                median(millis),
                last(millis)));
        StringBuilder kinds = new StringBuilder();
        faults.counts().forEach((kind, count) -> kinds.append(kinds.isEmpty() ? "" : ", ")
                .append(count)
                .append(' ')
                .append(kind.label()));
        line(text, "faults", "%s", kinds);
        line(text, "candidates", "%s", sizes());
        line(
                text,
                "servers",
                "%s",
                servers.before().isEmpty()
                        ? "not measured on this system"
                        : servers.before().get() + "; then "
                                + servers.after().map(Footprint::toString).orElse("?"));
        failures().forEach(failure -> text.append("NOT SOUND: ").append(failure).append('\n'));
        if (isSound()) {
            text.append("sound\n");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String key, String form, Object... values) {
        text.append(String.format(Locale.ROOT, "%-15s ", key))
                .append(String.format(Locale.ROOT, form, values))
                .append('\n');
    }

    private String longest() {
        long longest = interregna.stream().mapToLong(Interregnum::nanos).max().orElse(0);
        long quiet =
                interregna.stream().mapToLong(Interregnum::quietNanos).max().orElse(0);
        return String.format(
                Locale.ROOT,
                "at most %.3f s at once; at most %.3f s while nothing happened, where %.3f s are allowed",
                longest / 1e9,
                quiet / 1e9,
                settings.bound().toMillis() / 1e3);
    }

    /** Milliseconds without a leader, by why the one before ended, ascending; without those that anything else fell into. */
    private Map<String, List<Double>> gaps() {
        Map<String, List<Double>> gaps = new TreeMap<>();
        for (Interregnum each : interregna) {
            if (each.disturbances() == 0) {
                String reason = each.reason().isEmpty() ? "unheard of" : each.reason();
                gaps.computeIfAbsent(reason, r -> new ArrayList<>()).add(each.nanos() / 1e6);
            }
        }
        gaps.values().forEach(Collections::sort);
        return gaps;
    }

    private static double median(List<Double> ascending) {
        return ascending.get(ascending.size() / 2);
    }

    private static double last(List<Double> ascending) {
        return ascending.get(ascending.size() - 1);
    }
}
