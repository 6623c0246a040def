package io.matriarch.sim.history;

import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a number of clients asked, and what they were told. May be written by many threads, one or two for each client. */
public final class History {
    private final List<Call> calls = new ArrayList<>();
    private final Map<Integer, List<Arrival>> arrivals = new TreeMap<>();
    private long acknowledged;

    /** A client has a new connection: what it asked before and was not answered never will be. */
    public synchronized void connected(int client) {
        arrived(client, new Arrival.Connected());
    }

    /**
     * A client is about to send a request.
     *
     * @param nanos a time before the first byte leaves
     * @param sync the sync sent right before a read that relies on it
     */
    public Call sent(int client, long sessionId, int xid, Request request, long nanos, @Nullable Call sync) {
        Call call = new Call(client, sessionId, xid, request, nanos, sync);
        sent(call);
        return call;
    }

    /** The same, for a call that is there already. */
    public synchronized void sent(Call call) {
        calls.add(call);
        if (call.request() instanceof Request.SetWatches watches) {
            arrived(call.client(), new Arrival.Claimed(watches));
        }
    }

    /** The reply to a call arrived; {@code nanos} is a time after its last byte did. */
    public synchronized void replied(Call call, Reply reply, long nanos) {
        call.responded(reply, nanos);
        acknowledged += call.isDone() ? 1 : 0;
        arrived(call.client(), new Arrival.Answered(call));
    }

    /** A watch of a client fired. */
    public synchronized void told(int client, long zxid, WatchEvent event) {
        arrived(client, new Arrival.Told(zxid, event));
    }

    /** How many calls succeeded so far. */
    public synchronized long acknowledged() {
        return acknowledged;
    }

    /** All calls in the order in which they were sent. */
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized Map<Integer, List<Arrival>> arrivals() {
        Map<Integer, List<Arrival>> copy = new TreeMap<>();
        arrivals.forEach((client, list) -> copy.put(client, List.copyOf(list)));
        return copy;
    }

    private void arrived(int client, Arrival arrival) {
        arrivals.computeIfAbsent(client, key -> new ArrayList<>()).add(arrival);
    }
}
