package io.matriarch.cli.demo;

import io.matriarch.candidate.CandidacyEvent;

/** The words for a candidate's events; the candidate's name goes before them. */
final class CandidateWords {
    /** Digits that the server appends to a sequential znode's name. */
    private static final int SEQUENCE_DIGITS = 10;

    private CandidateWords() {}

    static String of(CandidacyEvent event) {
        if (event instanceof CandidacyEvent.Connected e) {
            return "is connected, session 0x" + Long.toHexString(e.sessionId());
        } else if (event instanceof CandidacyEvent.Entered e) {
            return "created " + shortened(e.path());
        } else if (event instanceof CandidacyEvent.Waiting e) {
            return "watches only " + shortened(e.predecessor());
        } else if (event instanceof CandidacyEvent.Leading e) {
            return "LEADS; fencing token 0x" + Long.toHexString(e.leadership().fencingToken());
        } else if (event instanceof CandidacyEvent.SteppedDown e) {
            return "leads no longer: " + e.reason();
        } else if (event instanceof CandidacyEvent.Disconnected) {
            return "lost its connection; the session lives on";
        } else if (event instanceof CandidacyEvent.SessionLost e) {
            return "lost its session 0x" + Long.toHexString(e.sessionId());
        } else if (event instanceof CandidacyEvent.Troubled e) {
            return "has trouble: " + e.what();
        }
        return "left";
    }

    /** Whether the event settles something. */
    static boolean isTurningPoint(CandidacyEvent event) {
        return event instanceof CandidacyEvent.Leading || event instanceof CandidacyEvent.SteppedDown;
    }

    /** {@code /candidates/_c_6e...-candidate-0000000002} as {@code /candidates/..-0000000002}. */
    static String shortened(String path) {
        int slash = path.lastIndexOf('/');
        int digits = path.length() - SEQUENCE_DIGITS;
        return digits - slash < 4 ? path : path.substring(0, slash + 1) + "..-" + path.substring(digits);
    }
}
