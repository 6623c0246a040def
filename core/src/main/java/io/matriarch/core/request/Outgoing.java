package io.matriarch.core.request;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.Now;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Reply;

/** What leaves for clients, counted and timed. */
final class Outgoing {
    private final EffectSink out;
    private final LatencyMeter latency = new LatencyMeter();
    private long received;
    private long sent;

    Outgoing(EffectSink out) {
        this.out = out;
    }

    /** A frame came in. */
    void received(ClientLink link, Now now) {
        received++;
        link.received++;
        link.lastHeardNanos = now.nanos();
    }

    void send(ClientLink link, ConnectResponse response) {
        link.lastOpcode = OpCode.CREATE_SESSION;
        sent++;
        link.sent++;
        out.emit(new Effect.SendConnectResponse(link.id, response));
    }

    void send(ClientLink link, Reply reply) {
        sent++;
        link.sent++;
        link.lastZxid = reply.zxid();
        out.emit(new Effect.SendReply(link.id, reply));
    }

    /** The reply to a request, which ends its time. */
    void answer(Now now, QueuedRequest request, Reply reply) {
        long nanos = now.nanos() - request.receivedNanos;
        latency.add(nanos);
        request.link.latency.add(nanos);
        request.link.lastLatencyNanos = nanos;
        request.link.lastAnswerNanos = now.nanos();
        request.link.lastOpcode = request.opcode;
        send(request.link, reply);
    }

    ClientStats stats(int connections, int outstanding) {
        return new ClientStats(
                connections,
                outstanding,
                received,
                sent,
                latency.minMillis(),
                latency.avgMillis(),
                latency.maxMillis());
    }

    void reset() {
        received = 0;
        sent = 0;
        latency.reset();
    }
}
