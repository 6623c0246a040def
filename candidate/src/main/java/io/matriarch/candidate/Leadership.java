package io.matriarch.candidate;

import java.time.Duration;
import org.apache.zookeeper.Op;

/**
 * A leadership, from the moment it was granted. It holds on lease: it ends by itself unless the ensemble confirmed, by a
 * committed write, that this candidate's znode and session are still there. The lease is measured on this machine's
 * monotonic clock from when the last confirmation was <em>asked for</em>, and is shorter than what the servers give the
 * session from then on; so it is over before another candidate can lead, also if this process was paused, the network
 * lost, or the server silent. See {@link Lease} for the sum.
 *
 * <p>What a paused process has already sent, and what a thread does after it asked {@link #isCurrent()}, no lease can take
 * back: pass the {@linkplain #fencingToken() token} with work that must not be done twice, or put {@link #guard()} into
 * the transaction.
 */
public interface Leadership {
    /** The candidate's znode. */
    String path();

    /** The session that owns it. */
    long sessionId();

    /**
     * The number that the server gave to the candidate's znode. Grows from leader to leader, as long as the path itself
     * is not removed and made anew; {@link #fencingToken()} grows even then.
     */
    long term();

    /**
     * Grows from leader to leader, for ever: the zxid at which the candidate's znode was created. Whoever is given work
     * by a leader can refuse a token lower than the highest one seen.
     */
    long fencingToken();

    /** Whether this candidate certainly leads at this moment. Once false it stays false. */
    boolean isCurrent();

    /** For how long the leadership lasts if nothing confirms it from now on; zero if it ended. */
    Duration remaining();

    /**
     * For how long what was begun under this leadership may still be brought to an end, also after it ended: nobody else leads
     * before. Zero if that is over, or cannot be told any more.
     */
    Duration timeToStop();

    /** Runs {@code action} if this candidate leads as it begins; says whether it did. The action should be short against {@link #remaining()}. */
    default boolean ifLeading(Runnable action) {
        if (!isCurrent()) {
            return false;
        }
        action.run();
        return true;
    }

    /**
     * A condition for a {@code multi} of the service's own: the transaction fails with NONODE once the candidate's znode is
     * gone, and nothing of it is done. May be used on any session.
     */
    default Op guard() {
        return Op.check(path(), -1);
    }
}
