package io.matriarch.sim.apache;

/** What tells the releases of Apache ZooKeeper apart on the wire (zab.md 8.4, election.md 0). */
public enum ApacheRelease {
    /** 3.5.10: as 3.6, but slower to reconnect, and it looks for a leader's word where the current one is not yet. */
    R3_5_10(1000, SyncLog.ASYNCHRONOUS, true, false, false, true),
    /** 3.6.3 to 3.8.4, 3.9.0, 3.9.1: what it was sent before NEWLEADER is logged while it acknowledges (4646, 4785). */
    R3_6_TO_3_8_4(100, SyncLog.ASYNCHRONOUS, true, false, true, false),
    /** 3.8.5, 3.8.6, 3.9.2: everything queued is durable first; a COMMIT behind NEWLEADER still crashes it (4394). */
    R3_8_5(100, SyncLog.ALL_FORCED, true, false, true, false),
    /** 3.9.4, 3.9.5. */
    R3_9_5(100, SyncLog.COMMITTED_FORCED, false, true, true, false);

    /** What is on disk when NEWLEADER is acknowledged. */
    enum SyncLog {
        /** currentEpoch; the transactions are with the log thread. */
        ASYNCHRONOUS,
        /** All that was proposed. */
        ALL_FORCED,
        /** All that was committed; the rest waits for UPTODATE. */
        COMMITTED_FORCED
    }

    final long connectPauseMillis;
    final SyncLog syncLog;
    final boolean breaksOnCommitAfterNewLeader;
    final boolean refusesGaps;
    private final boolean servesObservers;
    /** Readers without a quorum get a session even where there are no local ones: before 3.7 (client.md 19). */
    final boolean grantsReaders;

    ApacheRelease(
            long connectPauseMillis,
            SyncLog syncLog,
            boolean breaksOnCommitAfterNewLeader,
            boolean refusesGaps,
            boolean servesObservers,
            boolean grantsReaders) {
        this.connectPauseMillis = connectPauseMillis;
        this.syncLog = syncLog;
        this.breaksOnCommitAfterNewLeader = breaksOnCommitAfterNewLeader;
        this.refusesGaps = refusesGaps;
        this.servesObservers = servesObservers;
        this.grantsReaders = grantsReaders;
    }

    /** Whether a follower may serve observers: since 3.6.0 (zab.md 2). */
    public boolean servesObservers() {
        return servesObservers;
    }
}
