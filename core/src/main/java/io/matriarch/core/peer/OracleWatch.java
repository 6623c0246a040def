package io.matriarch.core.peer;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.EffectSink;
import io.matriarch.core.port.Now;
import io.matriarch.core.quorum.Oracle;
import io.matriarch.core.quorum.QuorumVerifier;

/** Has the host ask the oracle as long as a word is wanted: at once when that begins, and then again and again. */
final class OracleWatch {
    /** Between an answer and the next question. A leader that is alone stops that soon after the word is taken from it. */
    private static final int ASK_MILLIS = 100;

    private final Oracle oracle;
    private final QuorumVerifier verifier;
    private final EffectSink out;
    private boolean isAsked;
    private long nextNanos = Long.MIN_VALUE;

    OracleWatch(Oracle oracle, QuorumVerifier verifier, EffectSink out) {
        this.oracle = oracle;
        this.verifier = verifier;
        this.out = out;
    }

    /** Another role begins. */
    void entered(boolean isAlone) {
        oracle.setNeeded(isAlone);
    }

    /** At the end of each step. */
    void stepped(Now now, boolean isAlone) {
        oracle.setNeeded(isAlone);
        if (isWanted() && !isAsked && (oracle.isSilent() || now.isAtOrAfter(nextNanos))) {
            isAsked = true;
            out.emit(new Effect.AskOracle());
        }
    }

    void answered(Now now, boolean isYes) {
        isAsked = false;
        nextNanos = now.plusMillis(ASK_MILLIS);
        oracle.said(isYes);
    }

    long deadlineNanos() {
        return isWanted() && !isAsked ? nextNanos : Long.MAX_VALUE;
    }

    /** With one server, or three and more, the oracle changes nothing. */
    private boolean isWanted() {
        return oracle.isNeeded() && verifier.voters().size() == 2;
    }
}
