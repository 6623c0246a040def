package io.matriarch.core.zab;

import io.matriarch.wire.Zxid;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a leader is asked and only who still leads may answer: syncs, and whether a session is alive. Each answer is given
 * behind what was proposed before it, and once a round of heartbeats that began after the question proved that this server
 * leads (R27); in the order of the questions.
 */
final class Questions {
    /** What is asked. */
    enum Kind {
        SYNC,
        REVALIDATION
    }

    private final Zab zab;
    private final Heartbeats heartbeats;
    private final Deque<Question> waiting = new ArrayDeque<>();

    private record Question(@Nullable LearnerLink link, Kind kind, Zxid after, long round, Runnable answer) {}

    Questions(Zab zab, Heartbeats heartbeats) {
        this.zab = zab;
        this.heartbeats = heartbeats;
    }

    /**
     * Answers at once if that may be, else at a later {@link #answer}.
     *
     * @param link of the learner that asks; null for our own clients
     * @param after what must be committed before; {@code Zxid.ZERO} if nothing
     */
    void ask(@Nullable LearnerLink link, Kind kind, Zxid after, Runnable answer) {
        boolean isProofNeeded = zab.rules().provesLeadershipBeforeAnswering();
        waiting.addLast(new Question(link, kind, after, isProofNeeded ? heartbeats.requestRound() : 0, answer));
        answer();
    }

    /** The same for what was proved since it was asked. */
    void askProved(@Nullable LearnerLink link, Kind kind, Zxid after, Runnable answer) {
        waiting.addLast(new Question(link, kind, after, 0, answer));
        answer();
    }

    /** Something was committed, or a round of heartbeats has come to its end. */
    void answer() {
        while (!waiting.isEmpty()) {
            Question head = waiting.peekFirst();
            boolean isBehind =
                    head.after.counter() > 0 && head.after.isAfter(zab.history().lastCommitted());
            if (isBehind || head.round > heartbeats.completed()) {
                return;
            }
            waiting.removeFirst();
            head.answer.run();
        }
    }

    /** The link has ended. */
    void forget(LearnerLink link) {
        waiting.removeIf(question -> question.link == link);
    }

    /** Syncs that are not answered yet. */
    int pendingSyncs() {
        return (int)
                waiting.stream().filter(question -> question.kind == Kind.SYNC).count();
    }
}
