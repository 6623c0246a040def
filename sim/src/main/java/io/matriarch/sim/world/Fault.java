package io.matriarch.sim.world;

/** What can go wrong. Each world draws a subset of those allowed, so that rare combinations get room. */
public enum Fault {
    /** A process ends, its machine stays up: nothing written is lost. */
    KILL,
    /** A machine loses its power: what was not forced is lost or torn. */
    POWER_LOSS,
    /** The power goes in the middle of a disk operation. */
    POWER_LOSS_IN_WRITE,
    /** All machines lose their power at once. */
    BLACKOUT,
    /** All disks but one are slow, then the power goes: one server has logged what nobody else has. */
    STRAY_TAIL,
    /** One server is away for long while the others restart one after the other: it needs a snapshot. */
    LAGGARD,
    /** A process ends right before or after a certain step of the protocol. */
    CRASH_AT_STEP,
    /** A disk operation fails. */
    DISK_ERROR,
    /** Forces take very long for a while. */
    SLOW_DISK,
    /** Some servers are cut off from the others. */
    PARTITION,
    /** The leader, perhaps with some of the clients, is cut off: it logs what will not be committed. */
    ISOLATED_LEADER,
    /** Packets of one direction vanish. */
    ONE_WAY_PARTITION,
    /** Connections break. */
    BROKEN_CONNECTIONS,
    /** Messages take long now and then. */
    DELAYS,
    /** Election notifications get lost. */
    LOST_NOTIFICATIONS,
    /** A process does not run for a while. */
    PAUSE,
    /** A process is asked to stop, and comes back. */
    STOP,
    /** Somebody wants another server to lead. */
    TRANSFER,
    /** A wall clock jumps. */
    CLOCK_JUMP,
    /** A client keeps away, perhaps longer than its session lives. */
    CLIENT_SILENCE,
    /** A client changes its server. */
    CLIENT_MOVE,
    /** A server's disk is replaced by an empty one, while all others serve. */
    LOST_DISK,
    /** The next leader that has sent the last piece of a snapshot dies: NEWLEADER does not follow. */
    CUT_SNAPSHOT,
    /** The next leader that has told a learner to cut its log dies: NEWLEADER does not follow. */
    CUT_TRUNCATION,
    /** Frames that cannot be read come to an election port, and words of servers that are no members. */
    STRANGERS,
    /** The leader is cut off with clients that only read, and those who followed it restart: they owe it no patience. */
    FORSAKEN_LEADER
}
