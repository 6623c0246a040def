package io.matriarch.core.zab;

import io.matriarch.core.port.LinkId;
import io.matriarch.core.request.Upstream;
import io.matriarch.core.request.WriteRequest;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.Revalidation;
import io.matriarch.wire.quorum.RevalidationAnswer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way from a learner to its leader, for its own clients and for the observers that it serves. What is asked goes out
 * in the order in which it comes; SYNC names nobody, so answers go to who asked in that order too (zab.md 13).
 */
final class Forwarding implements Upstream {
    /** Questions of observers without answer. A leader answers them in one round trip. */
    static final int MAX_QUESTIONS = 10_000;

    private final Zab zab;
    private final LinkId leader;

    /** Who decides at the other end; null where a link to a master is all that is known. */
    private final @Nullable ServerId decider;

    private final Deque<Consumer<QuorumPacket>> syncs = new ArrayDeque<>();
    private final Deque<Revalidating> revalidations = new ArrayDeque<>();

    private LongConsumer revalidatedHere = sessionId -> {};
    private boolean isLeaderOurs;

    private record Revalidating(long sessionId, Consumer<QuorumPacket> answer) {}

    Forwarding(Zab zab, LinkId leader, @Nullable ServerId decider) {
        this.zab = zab;
        this.leader = leader;
        this.decider = decider;
    }

    /** Has {@code listener} told which sessions come to this server's own port. */
    void onRevalidatedHere(LongConsumer listener) {
        revalidatedHere = listener;
    }

    // --- our own clients -----------------------------------------------------------------------------------------

    @Override
    public void submit(WriteRequest request) {
        forward(request.sessionId(), request.cxid(), request.opcode(), request.body(), request.identities());
    }

    @Override
    public void sync(long sessionId, int cxid, Bytes body) {
        syncs.addLast(answer -> zab.desk().synced(zab.now()));
        forward(sessionId, cxid, OpCode.SYNC, body, List.of());
    }

    @Override
    public void revalidate(long sessionId, int timeoutMillis) {
        revalidatedHere.accept(sessionId);
        Revalidation question = new Revalidation(sessionId, timeoutMillis);
        QuorumPacket packet = new QuorumPacket(PacketType.REVALIDATE, -1, question.encode(), null);
        relayRevalidation(question, packet, answer -> {
            boolean isValid = RevalidationAnswer.decode(answer.data()).valid();
            zab.desk().revalidated(zab.now(), sessionId, isValid);
        });
    }

    @Override
    public boolean revalidatesBehindWrites() {
        return isLeaderOurs && decider != null;
    }

    /** The server at the other end said what it knows. */
    void otherEndKnows(int capabilities) {
        isLeaderOurs = (capabilities & Zab.CUMULATIVE) != 0;
    }

    /** A leader may have read what came over a link that is gone, and keeps it through the ends of its epochs. */
    @Override
    public boolean mayYetPropose(Upstream before) {
        return before instanceof Forwarding other
                && (decider == null || other.decider == null || decider.equals(other.decider));
    }

    private void forward(long sessionId, int cxid, int opcode, Bytes body, List<Id> identities) {
        Bytes data = new ForwardedRequest(sessionId, cxid, opcode, body).encode();
        zab.send(leader, new QuorumPacket(PacketType.REQUEST, -1, data, identities));
    }

    // --- observers -----------------------------------------------------------------------------------------------

    /** Whether observers have asked as much as may be without an answer. */
    boolean isFull() {
        return syncs.size() + revalidations.size() >= MAX_QUESTIONS;
    }

    /** Passes on a write as it came. Its outcome is a transaction. */
    void relay(QuorumPacket request) {
        zab.send(leader, request);
    }

    /** Passes on a sync as it came; {@code answer} takes the leader's SYNC. */
    void relaySync(QuorumPacket request, Consumer<QuorumPacket> answer) {
        syncs.addLast(answer);
        zab.send(leader, request);
    }

    /** Passes on the question whether a session may go on; {@code answer} takes the leader's answer. */
    void relayRevalidation(Revalidation question, QuorumPacket packet, Consumer<QuorumPacket> answer) {
        revalidations.addLast(new Revalidating(question.sessionId(), answer));
        zab.send(leader, packet);
    }

    // --- from the leader -----------------------------------------------------------------------------------------

    /** SYNC: everything committed before it has been taken over. One that nobody asked for is ignored. */
    void synced(QuorumPacket answer) {
        Consumer<QuorumPacket> asker = syncs.pollFirst();
        if (asker != null) {
            asker.accept(answer);
        }
    }

    /** The answer to the oldest question about this session; one that nobody asked for is ignored. */
    void revalidated(QuorumPacket answer) {
        long sessionId = RevalidationAnswer.decode(answer.data()).sessionId();
        for (Iterator<Revalidating> oldestFirst = revalidations.iterator(); oldestFirst.hasNext(); ) {
            Revalidating asked = oldestFirst.next();
            if (asked.sessionId == sessionId) {
                oldestFirst.remove();
                asked.answer.accept(answer);
                return;
            }
        }
    }
}
