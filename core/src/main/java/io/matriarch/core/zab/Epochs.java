package io.matriarch.core.zab;

/**
 * The two epochs a server keeps on disk. Both only rise, and {@code current <= accepted} at every durable point (zab.md
 * 18.12): the lane stores them in the order in which they are set.
 */
public final class Epochs {
    /** Epochs are the high half of a signed zxid (zab.md 5). */
    static final long LAST = Integer.MAX_VALUE;

    private final DurabilityGate gate;
    private long accepted;
    private long current;
    private long storedCurrent;

    public Epochs(DurabilityGate gate, long accepted, long current) {
        this.gate = gate;
        this.accepted = accepted;
        this.current = current;
        this.storedCurrent = current;
    }

    /** The highest epoch promised to a leader. */
    public long accepted() {
        return accepted;
    }

    /** The epoch of the last leader whose history was taken over in full; what votes carry. */
    public long current() {
        return current;
    }

    void accept(long epoch) {
        if (epoch < accepted) {
            throw new IllegalStateException("acceptedEpoch would fall from " + accepted + " to " + epoch);
        }
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
