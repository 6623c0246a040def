package io.matriarch.sim.world;

import io.matriarch.core.peer.PeerConfig;
import io.matriarch.storage.FileSystem;
import java.util.function.UnaryOperator;

/**
 * Parts of a server that tests replace by broken ones, to see that the checks bite. {@link #CORRECT} everywhere else.
 *
 * @param fileSystem what stands between storage and the disk
 * @param tuning the quorum rule and the rules of elections
 * @param storedReport when the host says that storage effects are durable
 * @param bias what worlds are drawn
 * @param electionPort what hosts do with frames that they cannot read, and with what they said last
 */
public record WorldParts(
        UnaryOperator<FileSystem> fileSystem,
        UnaryOperator<PeerConfig.Tuning> tuning,
        StoredReport storedReport,
        Bias bias,
        ElectionPort electionPort) {
    /** What a host does on the election port. */
    public enum ElectionPort {
        /** It passes over what it cannot read. */
        CORRECT,
        /** It does not say again on a new connection what it said last on the one before (481, 512). */
        FORGETS_LAST_WORD,
        /** What it cannot read ends its hearing (3769). */
        DEAFENED_BY_MALFORMED,
        /** What it cannot read ends its process (547, 893, 2186). */
        ENDED_BY_MALFORMED
    }

    /** When a host reports {@code Stored}. */
    public enum StoredReport {
        AFTER_FORCE,
        /** A lie. */
        BEFORE_FORCE
    }

    /** What worlds are drawn. */
    public enum Bias {
        /** All sorts. */
        NONE,
        /** Every ensemble has Apache servers; most voters are. */
        MIXED,
        /** The same, and the members of every ensemble change. */
        MIXED_RECONFIGURED,
        /** Every ensemble has Apache servers and observers, and followers serve those. */
        MIXED_OBSERVED,
        /** Every ensemble has Apache servers and grants local sessions, and readers come without a quorum. */
        MIXED_SESSIONS,
        /** Every ensemble decides by groups and weights. */
        WEIGHTED,
        /** Every ensemble has observers. */
        OBSERVED,
        /** The members of every ensemble change. */
        RECONFIGURED,
        /** In every ensemble some servers give learners what is on disk, and the others snapshots. */
        UNLIKE,
        /** In every ensemble all servers are ours, slow at times, and never lost. */
        QUIET,
        /** In every ensemble all servers are ours, and leaders' disks hang. */
        HANGING,
        /** Every ensemble is ours and grants local sessions, and readers come without a quorum. */
        SESSIONS
    }

    /** All sorts of worlds. */
    public WorldParts(
            UnaryOperator<FileSystem> fileSystem, UnaryOperator<PeerConfig.Tuning> tuning, StoredReport storedReport) {
        this(fileSystem, tuning, storedReport, Bias.NONE);
    }

    public WorldParts(
            UnaryOperator<FileSystem> fileSystem,
            UnaryOperator<PeerConfig.Tuning> tuning,
            StoredReport storedReport,
            Bias bias) {
        this(fileSystem, tuning, storedReport, bias, ElectionPort.CORRECT);
    }

    /** The same in other worlds. */
    public WorldParts withBias(Bias other) {
        return new WorldParts(fileSystem, tuning, storedReport, other, electionPort);
    }

    /** The same with another election port. */
    public WorldParts withElectionPort(ElectionPort other) {
        return new WorldParts(fileSystem, tuning, storedReport, bias, other);
    }

    /** Nothing replaced. */
    public static final WorldParts CORRECT =
            new WorldParts(UnaryOperator.identity(), UnaryOperator.identity(), StoredReport.AFTER_FORCE);
}
