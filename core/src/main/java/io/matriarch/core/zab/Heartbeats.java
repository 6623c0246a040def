package io.matriarch.core.zab;

import io.matriarch.wire.quorum.PacketType;
import java.util.Collection;

/**
 * Numbered rounds of PING. A round is complete when a quorum answered it; each answer proves that the server still
 * followed this leader when it answered, so at the beginning of a complete round there was no other leader (zab.md R22).
 */
final class Heartbeats {
    private final Zab zab;
    private final Collection<LearnerLink> links;
    private final Pulse pulse;
    private long started;
    private long completed;
    private boolean isNextWanted;

    Heartbeats(Zab zab, Collection<LearnerLink> links, Pulse pulse) {
        this.zab = zab;
        this.links = links;
        this.pulse = pulse;
    }

    /** Begins a round: one PING to every learner, its number in the place of the zxid, which learners only echo. */
    void begin() {
        started++;
        isNextWanted = false;
        for (LearnerLink link : links) {
            if (link.isPinged()) {
                pulse.roundBegun(link, started);
                zab.send(link.id, PacketType.PING, started, null);
            }
        }
        complete();
    }

    /** The number of a round that begins now or later; one is begun soon enough. */
    long requestRound() {
        if (completed == started) {
            begin();
            return started;
        }
        isNextWanted = true;
        return started + 1;
    }

    void echoed(LearnerLink link, long round) {
        if (round > link.echoedRound && round <= started) {
            link.echoedRound = round;
            pulse.roundEchoed(link, round);
            complete();
            if (isNextWanted && completed == started) {
                begin();
            }
        }
    }

    /** The newest round that a quorum answered, ourselves included. */
    long completed() {
        return completed;
    }

    /** The number of the round that begins next. */
    long nextRound() {
        return started + 1;
    }

    /** The newest round that every learner has answered; 0 while one is there that is still synchronized. */
    long answeredByAll() {
        long least = started;
        for (LearnerLink link : links) {
            least = Math.min(least, link.echoedRound);
        }
        return least;
    }

    private void complete() {
        long best = zab.verifier().isQuorum(zab.self()::equals) ? started : completed;
        for (LearnerLink candidate : links) {
            long round = candidate.echoedRound;
            if (round > best && hasQuorum(round)) {
                best = round;
            }
        }
        completed = best;
    }

    private boolean hasQuorum(long round) {
        return zab.verifier().isQuorum(sid -> {
            if (sid.equals(zab.self())) {
                return true;
            }
            for (LearnerLink link : links) {
                if (link.isOf(sid) && link.isActive() && link.echoedRound >= round) {
                    return true;
                }
            }
            return false;
        });
    }
}
