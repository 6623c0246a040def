package io.matriarch.core.zab;

import io.matriarch.core.port.LinkId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The order of SYNC among what is committed, on a link to a learner of Apache's: SYNC comes right behind the commit of what
 * was proposed last when it was asked for (zab.md 13).
 *
 * <p>Compat: Apache's servers match what is committed with their clients' requests, syncs included, in the order in which
 * these were passed on. A commit that overtakes a SYNC is applied and its client never answered; so when the SYNC has to
 * wait for the proof that we still lead (R27), the commits behind it wait with it. Ours match each request by itself.
 */
final class SyncOrder {
    private final LinkId link;
    private final Deque<Sync> syncs = new ArrayDeque<>();
    private final Deque<Commit> waiting = new ArrayDeque<>();

    private record Commit(Zxid zxid, QuorumPacket packet) {}

    /** A SYNC that is asked for and not sent yet. */
    final class Sync {
        /** What it follows; null while only the leader knows that, so that everything waits. */
        private @Nullable Zxid after;

        private @Nullable QuorumPacket answer;

        private Sync(@Nullable Zxid after) {
            this.after = after;
        }

        /** It may be sent, behind {@code last}: everything up to there has been given to {@link #committed}. */
        void answered(Zab zab, Zxid last, QuorumPacket packet) {
            after = last;
            answer = packet;
            flush(zab);
        }
    }

    SyncOrder(LinkId link) {
        this.link = link;
    }

    /**
     * A SYNC is asked for; what is committed behind it waits until it is answered.
     *
     * @param after what was proposed last; null if that is not known here
     */
    Sync asked(@Nullable Zxid after) {
        Sync sync = new Sync(after);
        syncs.addLast(sync);
        return sync;
    }

    /** Sends COMMIT, INFORM or their likes for {@code zxid}, in its turn. */
    void committed(Zab zab, Zxid zxid, QuorumPacket packet) {
        if (syncs.isEmpty()) {
            zab.send(link, packet);
        } else {
            waiting.addLast(new Commit(zxid, packet));
            flush(zab);
        }
    }

    private void flush(Zab zab) {
        for (Sync head = syncs.peekFirst(); head != null; head = syncs.peekFirst()) {
            if (head.after == null) {
                return;
            }
            sendThrough(zab, head.after);
            if (head.answer == null) {
                return;
            }
            syncs.removeFirst();
            zab.send(link, head.answer);
        }
        sendThrough(zab, null);
    }

    private void sendThrough(Zab zab, @Nullable Zxid last) {
        while (!waiting.isEmpty() && (last == null || !waiting.peekFirst().zxid.isAfter(last))) {
            zab.send(link, waiting.removeFirst().packet);
        }
    }
}
