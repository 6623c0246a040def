package io.matriarch.sim.disk;

/**
 * The power went in the middle of a disk operation. An Error, so that no storage code that handles failing disks takes
 * it for one.
 */
public final class PowerLoss extends Error {
    private static final long serialVersionUID = 1;

    PowerLoss(String during) {
        super("power lost during " + during, null, false, false);
    }
}
