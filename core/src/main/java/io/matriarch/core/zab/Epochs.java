package io.matriarch.core.zab;

import io.matriarch.wire.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * The two epochs a server keeps on disk. Both only rise, and {@code current <= accepted} at every durable point (zab.md
 * 18.12): the lane stores them in the order in which they are set.
 *
 * <p>An epoch may be kept for a leader that was named, so that it is on disk when that leader asks for the promise: while
 * it does, {@link #accepted} is one above what was promised to anybody ({@link #promisedBefore}).
 */
public final class Epochs {
    /** Epochs are the high half of a signed zxid (zab.md 5). */
    static final long LAST = Integer.MAX_VALUE;

    private final DurabilityGate gate;
    private long accepted;
    private long current;
    private long storedCurrent;
    /** For whom {@link #accepted} is kept; null if it was promised. */
    private @Nullable ServerId keptFor;

    public Epochs(DurabilityGate gate, long accepted, long current) {
        this.gate = gate;
        this.accepted = accepted;
        this.current = current;
        this.storedCurrent = current;
    }

    /** The highest epoch promised to a leader, or kept for one: a leader in need of a new epoch takes a higher one. */
    public long accepted() {
        return accepted;
    }

    /** The epoch of the last leader whose history was taken over in full; what votes carry. */
    public long current() {
        return current;
    }

    /**
     * Stores the next epoch for {@code leader}, which was named and will ask for it in a moment: so that promise needs no
     * force any more (R1). Nothing is promised by it. It ends with whatever is promised next, to whom ever, and with this process:
     * then the epoch counts as promised, and whoever leads next takes a higher one.
     */
    public void keepFor(ServerId leader) {
        if (accepted < LAST - 1) {
            accept(accepted + 1);
            keptFor = leader;
        }
    }

    /** The highest epoch that {@code leader} may not count us in again: promised, to it or to another, or kept for another. */
    public long promisedBefore(ServerId leader) {
        return leader.equals(keptFor) ? accepted - 1 : accepted;
    }

    void accept(long epoch) {
        if (epoch < accepted) {
            throw new IllegalStateException("acceptedEpoch would fall from " + accepted + " to " + epoch);
        }
        keptFor = null;
        if (epoch > accepted) {
            accepted = epoch;
            gate.storeAcceptedEpoch(epoch);
        }
    }

    /**
     * The history of {@code epoch} is taken over.
     *
     * @param isStored whether the disk holds it, and so may tell; if not, a restart begins in the epoch stored last
     */
    void enter(long epoch, boolean isStored) {
        if (epoch < current || epoch > accepted) {
            throw new IllegalStateException(
                    "currentEpoch would go from " + current + " to " + epoch + " with acceptedEpoch " + accepted);
        }
        current = epoch;
        if (isStored && epoch > storedCurrent) {
            storedCurrent = epoch;
            gate.storeCurrentEpoch(epoch);
        }
    }
}
