package io.matriarch.candidate;

/** What a {@link Candidacy} tells its listener, in the order in which it happened. */
public sealed interface CandidacyEvent {
    /** The candidate's znode is there. */
    record Entered(String path, long sequence, long sessionId) implements CandidacyEvent {}

    /** Somebody else leads, and {@code predecessor} is the only znode that this candidate watches. */
    record Waiting(String path, String predecessor) implements CandidacyEvent {}

    /** This candidate leads from now on. */
    record Leading(Leadership leadership) implements CandidacyEvent {}

    /**
     * This candidate leads no longer. Its znode is not taken back before the listener has returned from this event; a
     * session that ended waits for nobody.
     */
    record SteppedDown(Leadership leadership, String reason) implements CandidacyEvent {}

    /** The connection to the ensemble is gone; the session may well live on, and a leadership lasts as long as its lease. */
    record Disconnected() implements CandidacyEvent {}

    /** The session is connected, for the first time or again. */
    record Connected(long sessionId) implements CandidacyEvent {}

    /** The session ended at the server. The candidacy goes on with a new session and a new znode. */
    record SessionLost(long sessionId) implements CandidacyEvent {}

    /** Something failed that will be tried again; {@code what} names the operation, the path and the cause. */
    record Troubled(String what) implements CandidacyEvent {}

    /** The candidacy ended, because it was closed or had but one leadership to win. Nothing follows. */
    record Closed() implements CandidacyEvent {}
}
