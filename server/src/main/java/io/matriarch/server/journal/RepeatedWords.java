package io.matriarch.server.journal;

import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.PeerState;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells words that only repeat what was said before: a server that finds no quorum says the same for days, and the
 * journal would hold nothing else.
 */
final class RepeatedWords {
    /** Strangers may speak too; beyond this many all is forgotten, and noted once more. */
    private static final int MAX_REMEMBERED = 1000;

    /** Which of several that were told was heard, only their times can show. */
    private static final int MAX_TOLD = 10;

    private static final long NOTED_AGAIN_MILLIS = 600_000;

    private final Map<Way, Word> last = new HashMap<>();

    private record Way(ServerId peer, boolean isOut) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Way that && that.peer.equals(peer) && that.isOut == isOut;
        }

        @Override
        public int hashCode() {
            return 31 * peer.hashCode() + Boolean.hashCode(isOut);
        }
    }

    private record Word(PeerState state, TraceEvent.Vote vote, long nanos, int count) {
        boolean says(PeerState otherState, TraceEvent.Vote otherVote) {
            return state == otherState && vote.equals(otherVote);
        }
    }

    /** Whether the last words on this way were the same, and that not long ago; if not, remembers this one. */
    boolean isRepeated(Now now, ServerId peer, boolean isOut, PeerState state, TraceEvent.Vote vote) {
        Way way = new Way(peer, isOut);
        Word before = last.get(way);
        boolean isSame = before != null && before.says(state, vote);
        int count = isSame ? before.count() + 1 : 1;
        if (isSame && count > (isOut ? MAX_TOLD : 1) && now.millisSince(before.nanos()) < NOTED_AGAIN_MILLIS) {
            return true;
        }
        if (last.size() >= MAX_REMEMBERED) {
            last.clear();
        }
        last.put(way, new Word(state, vote, now.nanos(), count));
        return false;
    }

    /** A new election begins: what is said in it is worth noting again. */
    void forget() {
        last.clear();
    }
}
