package io.matriarch.sim.history;

import static java.util.Objects.requireNonNull;

import io.matriarch.sim.history.HistoryReport.Violation;
import io.matriarch.wire.Stat;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges a history of clients by what they sent and received alone: the order of zxids in replies, what reads showed, when
 * watches fired, and, apart from all zxids, whether each key's values have a sequential explanation.
 *
 * <p>Zxids are read as loosely as client.md 4 allows: a write is answered with its own zxid or a later one, a read with
 * one not later than the state it shows.
 */
public final class HistoryChecker {
    private final History history;
    private final List<Call> calls;
    private final IdentityHashMap<Call, Long> floors = new IdentityHashMap<>();
    private final Changes changes;
    private final List<Violation> violations = new ArrayList<>();

    /** A check of what the history holds now. */
    public HistoryChecker(History history) {
        this.history = history;
        this.calls = history.calls();
        findFloors();
        this.changes = new Changes(calls, this::floor);
    }

    /** Judges it; linear in the number of calls but for the search by values, which is bounded. */
    public HistoryReport check() {
        int[] events = new int[1];
        writesInOrder();
        calls.forEach(this::freshAfterSync);
        history.arrivals().forEach((client, arrivals) -> events[0] += check(client, arrivals));
        RegisterChecker registers = new RegisterChecker(calls);
        List<String> undecided = new ArrayList<>();
        registers.check().forEach((key, finding) -> {
            if (finding == RegisterChecker.Finding.UNDECIDED) {
                undecided.add(key);
            } else if (finding == RegisterChecker.Finding.IMPOSSIBLE) {
                report(HistoryRule.REGISTER_LINEARIZABLE, "no order explains the operations on " + key);
            }
        });
        int writes = (int) calls.stream()
                .filter(call -> call.isDone() && isWrite(call.request()))
                .count();
        return new HistoryReport(List.copyOf(violations), calls.size(), writes, events[0], List.copyOf(undecided));
    }

    private void report(HistoryRule rule, String text) {
        violations.add(new Violation(rule, text));
    }

    // --- across clients ----------------------------------------------------------------------------------------------

    /** For each call the highest zxid that any client had been shown when it was sent. */
    private void findFloors() {
        List<Call> bySent = new ArrayList<>(calls);
        bySent.sort(Comparator.comparingLong(Call::invokedNanos));
        List<Call> byResponse = new ArrayList<>(calls);
        byResponse.sort(Comparator.comparingLong(Call::respondedNanos));
        int next = 0;
        long highest = 0;
        for (Call call : bySent) {
            while (byResponse.get(next).respondedNanos() < call.invokedNanos()) {
                highest = Math.max(
                        highest, requireNonNull(byResponse.get(next++).reply()).zxid());
            }
            floors.put(call, highest);
        }
    }

    private long floor(Call call) {
        return requireNonNull(floors.get(call));
    }

    private void writesInOrder() {
        Map<Long, Call> byZxid = new HashMap<>();
        for (Call call : calls) {
            if (!call.isDone() || !isWrite(call.request())) {
                continue;
            }
            long zxid = writtenAt(call);
            if (zxid <= floor(call)) {
                report(
                        HistoryRule.LINEARIZABLE_WRITES,
                        call + " was written at " + show(zxid) + " though " + show(floor(call))
                                + " had been shown to somebody before it was sent");
            }
            Call other = isExact(call) ? byZxid.put(zxid, call) : null;
            if (other != null) {
                report(HistoryRule.ONE_ZXID_PER_WRITE, call + " and " + other + " were both written at " + show(zxid));
            }
        }
    }

    private void freshAfterSync(Call call) {
        Reply reply = call.reply();
        if (call.isAfterSync() && reply != null && isAnswer(reply) && reply.zxid() < floor(call)) {
            report(
                    HistoryRule.FRESH_AFTER_SYNC,
                    call + " shows the state at " + show(reply.zxid()) + " though " + show(floor(call))
                            + " had been shown to somebody before its sync was sent");
        }
    }

    // --- each client -------------------------------------------------------------------------------------------------

    private int check(int client, List<Arrival> arrivals) {
        Watches watches = new Watches(client, changes, violations::add);
        long seen = 0;
        int lastXid = 0;
        int events = 0;
        for (Arrival arrival : arrivals) {
            if (arrival instanceof Arrival.Connected) {
                watches.connected();
                lastXid = 0;
            } else if (arrival instanceof Arrival.Claimed claimed) {
                watches.claimed(claimed.watches());
            } else if (arrival instanceof Arrival.Told told) {
                events++;
                watches.told(told.zxid(), told.event());
            } else if (arrival instanceof Arrival.Answered answered) {
                Call call = answered.call();
                Reply reply = requireNonNull(call.reply());
                if (call.xid() <= lastXid || reply.xid() != call.xid()) {
                    report(HistoryRule.SESSION_ORDER, call + " is answered by " + reply + " after request " + lastXid);
                }
                lastXid = call.xid();
                if (isAnswer(reply)) {
                    if (reply.zxid() < seen) {
                        report(
                                HistoryRule.SESSION_ORDER,
                                call + " is answered at " + show(reply.zxid()) + " after its client saw " + show(seen));
                    }
                    seen = Math.max(seen, reply.zxid());
                    watches.replied(call, reply);
                    trueRead(call, reply);
                }
            }
        }
        return events;
    }

    private void trueRead(Call call, Reply reply) {
        String path = readPath(call.request());
        if (path == null) {
            return;
        }
        Change last = lastChange(path, reply.zxid());
        if (reply.err() == ErrorCode.NO_NODE) {
            boolean isPossible = last == null
                    || last.isDeletion()
                    || changes.mayHave(path, Changes::mayDelete)
                    || changes.of(path, false).stream()
                            .anyMatch(change -> change.isDeletion() && change.zxid() > last.zxid());
            if (!isPossible) {
                report(HistoryRule.TRUE_READ, call + " finds nothing at " + show(reply.zxid()) + " after " + last);
            }
        } else if (reply.body() instanceof Response.Data found) {
            found(call, reply, path, last, found);
        }
    }

    private void found(Call call, Reply reply, String path, @Nullable Change last, Response.Data found) {
        Stat stat = found.stat();
        if (last != null && stat.mzxid() < last.zxid() && last.above() >= stat.mzxid()) {
            report(HistoryRule.TRUE_READ, call + " reads " + found + " at " + show(reply.zxid()) + " after " + last);
        }
        boolean isWritten = changes.mayHave(path, unsure -> Changes.mayWrite(unsure, path, found.data()));
        for (Change change : changes.of(path, false)) {
            isWritten |= !change.isDeletion()
                    && Objects.equals(change.data(), found.data())
                    && change.version() == stat.version()
                    && change.zxid() >= stat.mzxid()
                    && change.above() < stat.mzxid();
        }
        if (!isWritten) {
            report(HistoryRule.TRUE_READ, call + " reads " + found + ", which nobody wrote there");
        }
    }

    /** The last sure change of the znode not above {@code zxid}. */
    private @Nullable Change lastChange(String path, long zxid) {
        Change last = null;
        for (Change change : changes.of(path, false)) {
            if (change.zxid() <= zxid) {
                last = change;
            }
        }
        return last;
    }

    // --- kinds of requests -------------------------------------------------------------------------------------------

    private static boolean isWrite(Request request) {
        return request instanceof Request.Create
                || request instanceof Request.Delete
                || request instanceof Request.SetData
                || request instanceof Request.Multi;
    }

    private static @Nullable String readPath(Request request) {
        if (request instanceof Request.Exists exists) {
            return exists.path();
        }
        return request instanceof Request.GetData get ? get.path() : null;
    }

    /** Whether the reply shows a state: refusals before the request was looked at carry no zxid. */
    private static boolean isAnswer(Reply reply) {
        return reply.zxid() > 0;
    }

    /** The zxid of a write, or one not before it. */
    private static long writtenAt(Call call) {
        Reply reply = requireNonNull(call.reply());
        if (reply.body() instanceof Response.CreatedWithStat created) {
            return created.stat().czxid();
        }
        return reply.body() instanceof Response.StatOnly written
                ? written.stat().mzxid()
                : reply.zxid();
    }

    private static boolean isExact(Call call) {
        Response body = requireNonNull(call.reply()).body();
        return body instanceof Response.CreatedWithStat || body instanceof Response.StatOnly;
    }

    private static String show(long zxid) {
        return "0x" + Long.toHexString(zxid);
    }
}
