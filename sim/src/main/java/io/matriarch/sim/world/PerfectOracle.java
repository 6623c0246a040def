package io.matriarch.sim.world;

/**
 * An oracle as docs/oracle.md wants one, for an ensemble of servers 1 and 2: it names one server at a time, and another only
 * when the one named before is down and the other has everything that anybody may have seen. Observers hear no, which tells
 * them to follow whoever leads.
 */
final class PerfectOracle {
    private final World world;
    private int named;

    PerfectOracle(World world) {
        this.world = world;
    }

    /** Whether the server may go on alone, as far as the oracle is concerned. */
    boolean names(int sid) {
        return named == sid;
    }

    /** The server asks. */
    boolean answer(int sid) {
        int other = 3 - sid;
        boolean isVoter = sid <= 2;
        if (isVoter && named != sid && !world.hosts().get(other - 1).isUp()) {
            boolean wasOthers = named == other;
            if (!wasOthers
                    || world.observed()
                            .hasAllUpTo(sid, world.hosts().get(other - 1).seenEpoch())) {
                named = sid;
                world.trace().note(world.heap().nowNanos(), sid, "is named by the oracle");
            }
        }
        return isVoter && named == sid;
    }
}
