package io.matriarch.sim.history;

import static java.util.Objects.requireNonNull;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Searches a sequential explanation for what clients saw of each single key, from values and times only (Wing and Gong,
 * "Testing and Verifying Concurrent Objects", with Lowe's cache of visited configurations). It shares nothing with the
 * other checks but the recorded calls.
 *
 * <p>Writes without an answer may take effect at any time after they were sent, or never. A search that needs more than
 * {@link #MAX_STEPS} steps for one key is given up; it proves nothing then.
 */
final class RegisterChecker {
    private static final int MAX_STEPS = 200_000;
    private static final int ANY_VERSION = -1;

    /** What a search ended with. */
    enum Finding {
        EXPLAINED,
        IMPOSSIBLE,
        /** More than {@link #MAX_STEPS} steps. */
        UNDECIDED
    }

    /** Value and version of a key; a null version means that it is absent. */
    private record Register(@Nullable Bytes data, int version, boolean exists) {
        static final Register ABSENT = new Register(null, 0, false);
    }

    private record Configuration(BitSet done, Register register) {}

    private final Map<String, List<Call>> byKey = new TreeMap<>();

    RegisterChecker(List<? extends Call> calls) {
        Set<String> vanishing = new HashSet<>();
        calls.forEach(call -> findVanishing(call, call.request(), vanishing));
        for (Call call : calls) {
            String key = keyOf(call);
            if (key != null && !vanishing.contains(key)) {
                byKey.computeIfAbsent(key, path -> new ArrayList<>()).add(call);
            }
        }
    }

    /** What was found for each key. */
    Map<String, Finding> check() {
        Map<String, Finding> findings = new TreeMap<>();
        byKey.forEach((key, ofKey) -> {
            ofKey.sort((a, b) -> Long.compare(a.invokedNanos(), b.invokedNanos()));
            findings.put(key, explain(ofKey));
        });
        return findings;
    }

    /** Paths that are deleted without a call, having a time to live, or cannot be created at times, their parent having one. */
    private static void findVanishing(Call call, Request request, Set<String> paths) {
        if (request instanceof Request.Multi multi) {
            multi.ops().forEach(op -> findVanishing(call, op, paths));
        } else if (request instanceof Request.Create create) {
            boolean lacksParent = call.reply() != null && call.reply().err() == ErrorCode.NO_NODE;
            if (create.opcode() == OpCode.CREATE_TTL || lacksParent) {
                paths.add(create.path());
            }
        }
    }

    private static @Nullable String keyOf(Call call) {
        Request request = call.request();
        if (request instanceof Request.GetData get && call.isAfterSync()) {
            return call.reply() == null ? null : get.path();
        }
        if (request instanceof Request.SetData set) {
            return set.path();
        }
        if (request instanceof Request.Delete delete) {
            return delete.path();
        }
        return request instanceof Request.Create create && create.flags() == 0 ? create.path() : null;
    }

    // --- the search --------------------------------------------------------------------------------------------------

    private static Finding explain(List<Call> calls) {
        int answered = 0;
        for (Call call : calls) {
            answered += call.reply() == null ? 0 : 1;
        }
        return new Search(calls, answered).run();
    }

    private static final class Search {
        /** One call put into the order, and where to go on if that was wrong. */
        private record Step(int chosen, Register before) {}

        private final List<Call> calls;
        private final int answered;
        private final Set<Configuration> visited = new HashSet<>();
        private final List<Step> path = new ArrayList<>();
        private final BitSet done = new BitSet();
        private Register register = Register.ABSENT;
        private int answeredDone;
        private int steps;

        Search(List<Call> calls, int answered) {
            this.calls = calls;
            this.answered = answered;
        }

        Finding run() {
            int candidate = done.nextClearBit(0);
            while (answeredDone < answered) {
                if (++steps > MAX_STEPS) {
                    return Finding.UNDECIDED;
                }
                candidate = nextCandidate(candidate);
                if (candidate >= 0) {
                    candidate = tryOne(candidate);
                } else if (path.isEmpty()) {
                    return Finding.IMPOSSIBLE;
                } else {
                    candidate = undo() + 1;
                }
            }
            return Finding.EXPLAINED;
        }

        /** Puts the call into the order if the register allows it; the next candidate. */
        private int tryOne(int candidate) {
            Register after = apply(calls.get(candidate), register);
            if (after == null) {
                return candidate + 1;
            }
            done.set(candidate);
            if (!visited.add(new Configuration((BitSet) done.clone(), after))) {
                done.clear(candidate);
                return candidate + 1;
            }
            path.add(new Step(candidate, register));
            register = after;
            answeredDone += calls.get(candidate).reply() == null ? 0 : 1;
            return done.nextClearBit(0);
        }

        private int undo() {
            Step last = path.remove(path.size() - 1);
            done.clear(last.chosen);
            register = last.before;
            answeredDone -= calls.get(last.chosen).reply() == null ? 0 : 1;
            return last.chosen;
        }

        /** The first call from {@code from} on that may come next: nothing undone ended before it began. */
        private int nextCandidate(int from) {
            long firstEnd = Long.MAX_VALUE;
            for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
                Call call = calls.get(i);
                if (call.invokedNanos() > firstEnd) {
                    return -1;
                }
                if (i >= from) {
                    return i;
                }
                firstEnd = Math.min(firstEnd, call.respondedNanos());
            }
            return -1;
        }
    }

    // --- the register ------------------------------------------------------------------------------------------------

    /** The register after the call; null if it could not have ended like this here. */
    private static @Nullable Register apply(Call call, Register register) {
        Reply reply = call.reply();
        Request request = call.request();
        if (request instanceof Request.GetData) {
            return isSeen(requireNonNull(reply), register) ? register : null;
        }
        Register after = outcome(request, register);
        if (reply == null) {
            return after == null ? register : after;
        }
        if (reply.err() == ErrorCode.OK) {
            return after;
        }
        return isRefusal(reply.err()) && after != null ? null : register;
    }

    private static boolean isRefusal(int err) {
        return err == ErrorCode.NO_NODE || err == ErrorCode.NODE_EXISTS || err == ErrorCode.BAD_VERSION;
    }

    private static boolean isSeen(Reply reply, Register register) {
        if (reply.body() instanceof Response.Data found) {
            return register.exists
                    && Objects.equals(found.data(), register.data)
                    && found.stat().version() == register.version;
        }
        return reply.err() != ErrorCode.NO_NODE || !register.exists;
    }

    /** What the write does here; null if it fails. */
    private static @Nullable Register outcome(Request request, Register register) {
        if (request instanceof Request.Create create) {
            return register.exists ? null : new Register(create.data(), 0, true);
        }
        if (request instanceof Request.SetData set) {
            return register.exists && (set.version() == ANY_VERSION || set.version() == register.version)
                    ? new Register(set.data(), register.version + 1, true)
                    : null;
        }
        Request.Delete delete = (Request.Delete) request;
        return register.exists && (delete.version() == ANY_VERSION || delete.version() == register.version)
                ? Register.ABSENT
                : null;
    }
}
