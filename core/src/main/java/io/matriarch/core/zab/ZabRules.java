package io.matriarch.core.zab;

import io.matriarch.wire.Zxid;

/**
 * The rules of Zab that a simulation breaks on purpose, one by one, to prove that it would notice: each is the remedy for
 * a defect that some release had (zab.md 17, election.md 7). Servers use {@link #CORRECT}.
 */
public class ZabRules {
    public static final ZabRules CORRECT = new ZabRules();

    protected ZabRules() {}

    // --- a leader ------------------------------------------------------------------------------------------------

    /** R12: a learner that does not cut its log precisely gets a snapshot instead of TRUNC. */
    public boolean sparesApacheTruncation() {
        return true;
    }

    /** R6, D6: between NEWLEADER and UPTODATE a learner gets nothing but PING. */
    public boolean holdsBackUntilUpToDate() {
        return true;
    }

    /** R5, D5: acknowledgements of proposals may come before that of NEWLEADER. */
    public boolean readsOnForNewLeaderAck() {
        return true;
    }

    /** R27: who answers a sync or revalidates a session has proved since it was asked that it still leads. */
    public boolean provesLeadershipBeforeAnswering() {
        return true;
    }

    /** zab.md 13: to Apache's learners SYNC comes right behind what it follows, and nothing overtakes it. */
    public boolean keepsOrderOfSyncs() {
        return true;
    }

    /** zab.md 7.2, step 3: until its own history is final, a leader turns away who has a newer one. */
    public boolean refusesNewerHistories() {
        return true;
    }

    /** What a learner has logged beyond what is committed is cut, even if this leader proposed it itself. */
    public boolean cutsTails() {
        return true;
    }

    /** F7: a leader gives up as soon as too many voters support another. */
    public boolean resignsWhenHopeless() {
        return true;
    }

    /** Invariant 37: what is proposed while a configuration is pending, itself above all, needs quorums of both. */
    public boolean asksBothConfigurations() {
        return true;
    }

    /** D16: what nobody could read is not proposed. */
    public boolean boundsTransactions() {
        return true;
    }

    /** A leader answers no client any more before those that gave it up can have elected another. */
    public boolean stopsAnsweringInTime() {
        return true;
    }

    /** Followers are told to wait for longer than heartbeats were ever seen to take, and not for two of them. */
    public boolean forgivesStalls() {
        return true;
    }

    /** A leader hands over when all that it proposed is committed, and nothing that is not. */
    public boolean handsOverWhenCommitted() {
        return true;
    }

    /** R10, D8: what is behind the base of a synchronization has no holes, or the learner has to come again. */
    public boolean sendsNoHoles() {
        return true;
    }

    /** Order of zab.md 8.2, D12: NEWLEADER comes behind the history that it stands for. */
    public boolean sendsHistoryFirst() {
        return true;
    }

    /** D19: an epoch that has used its last transaction id is left before anything else is proposed. */
    public boolean leavesEpochAtItsEnd() {
        return true;
    }

    /** D1: a transaction that only tells an {@code error} gets an id of its own like any other. */
    public Zxid nextZxid(Zxid last, int error) {
        return last.next();
    }

    /** R8, D18: the tree that a learner is given holds what its label says, and nothing of what follows. */
    public boolean labelsSnapshotsExactly() {
        return true;
    }

    /** D21: a snapshot holds what is committed, and so is none taken by a leader that is not established yet. */
    public boolean snapshotsOnlyWhatIsCommitted() {
        return true;
    }

    /** A leader whose disk hangs does not wait for it while others could lead. */
    public boolean givesWayWhenDiskHangs() {
        return true;
    }

    // --- a learner -----------------------------------------------------------------------------------------------

    /** R17, D10, D13: what was cut from the log is not in the tree any more. */
    public boolean rebuildsWhatWasCut() {
        return true;
    }

    /** R15, D9: a snapshot is not the server's history before NEWLEADER says that what belongs to it is complete. */
    public boolean stagesSnapshots() {
        return true;
    }

    /** R15, D10: nothing is cut, not in memory either, before NEWLEADER says that what follows the cut is complete. */
    public boolean stagesCuts() {
        return true;
    }

    /** R14, D2: the leader's history is logged before NEWLEADER is acknowledged. */
    public boolean logsHistoryBeforeAck() {
        return true;
    }

    /** R14, D3: the acknowledgement of NEWLEADER waits until history and epoch are durable. */
    public boolean acknowledgesWhenDurable() {
        return true;
    }

    /** R14, D4: currentEpoch rises after the history is logged. */
    public boolean storesEpochAfterHistory() {
        return true;
    }

    /** R19, D5: nothing is acknowledged before NEWLEADER is. */
    public boolean acknowledgesNewLeaderFirst() {
        return true;
    }

    /** R21: what does not follow on what is logged is not logged either. */
    public boolean refusesGaps() {
        return true;
    }

    /** D22: {@code /zookeeper/config} shows the server's own configuration, not that of a snapshot's origin. */
    public boolean showsOwnConfiguration() {
        return true;
    }

    /** A follower waits for a heartbeat as long as the last one said: its leader counts on it meanwhile. */
    public boolean waitsForHeartbeats() {
        return true;
    }

    /** A request is passed on again only where the leader before will not propose it: it has told so, or another leads. */
    public boolean repeatsOnlyWhatIsNotProposed() {
        return true;
    }

    /** A server that lost its leader goes on with the tree it has (2678). */
    public boolean keepsDatabase() {
        return true;
    }

    /** Who cannot reach the leader it decided for looks anew long before initLimit is over (3398; election.md F6). */
    public boolean givesUpApproach() {
        return true;
    }

    // --- members (election.md 2.4, 4.4) --------------------------------------------------------------------------

    /** Invariant 12: a configuration is taken over from a notification only while this server looks for a leader (2212). */
    public boolean adoptsOnlyWhileLooking() {
        return true;
    }

    /** Where members never change, no notification changes them (3829). */
    public boolean keepsFixedMembers() {
        return true;
    }

    /** A configuration that cannot be read does no harm (election.md 7.3). */
    public boolean passesOverBadConfigurations() {
        return true;
    }

    /** The first leader gives the configuration that all began with its version (1783). */
    public boolean labelsFirstConfiguration() {
        return true;
    }

    // --- what both say in elections ------------------------------------------------------------------------------

    /** Nothing is appended any more when a vote says where the log ends (4712, 4541, D7). */
    public boolean votesWhenAllIsStored() {
        return true;
    }

    /** D14: a vote claims what is logged, not what is applied. */
    public boolean votesForWhatIsLogged() {
        return true;
    }

    /** election.md 2.3: once synchronized, a server tells the new epoch (1732, 1805, 1818). */
    public boolean tellsNewEpoch() {
        return true;
    }
}
