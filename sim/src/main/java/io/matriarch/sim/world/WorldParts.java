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
 */
public record WorldParts(
        UnaryOperator<FileSystem> fileSystem, UnaryOperator<PeerConfig.Tuning> tuning, StoredReport storedReport) {
    /** When a host reports {@code Stored}. */
    public enum StoredReport {
        AFTER_FORCE,
        /** A lie. */
        BEFORE_FORCE
    }

    /** Nothing replaced. */
    public static final WorldParts CORRECT =
            new WorldParts(UnaryOperator.identity(), UnaryOperator.identity(), StoredReport.AFTER_FORCE);
}
