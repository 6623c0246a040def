package io.matriarch.core.quorum;

/**
 * What a two-server ensemble was told from outside (election.md 3.9): whether this server may go on alone. The host asks;
 * here is only the last answer, and whether one is wanted.
 *
 * <p>An answer counts only while this server needs it, that is while the other one is away; every time that begins, the
 * answers from before are forgotten.
 */
public final class Oracle {
    private boolean isNeeded = true;
    private Word word = Word.NOT_ASKED;

    private enum Word {
        NOT_ASKED,
        YES,
        NO
    }

    /** Whether the other server is away, so that a word is wanted. */
    public boolean isNeeded() {
        return isNeeded;
    }

    /** The other server is away from now on, or is back; a change forgets the last word. */
    public void setNeeded(boolean needed) {
        if (needed != isNeeded) {
            isNeeded = needed;
            word = Word.NOT_ASKED;
        }
    }

    /** The oracle answered. */
    public void said(boolean isYes) {
        if (isNeeded) {
            word = isYes ? Word.YES : Word.NO;
        }
    }

    /** Whether it has not answered since a word is wanted. */
    public boolean isSilent() {
        return isNeeded && word == Word.NOT_ASKED;
    }

    boolean letsGoOnAlone() {
        return isNeeded && word == Word.YES;
    }

    boolean namesTheOther() {
        return isNeeded && word == Word.NO;
    }
}
