package io.matriarch.compat.candidates;

import io.matriarch.bench.candidates.Cable;

/** One candidate of any library, with a cable of its own. It tells a {@link Witness} when it begins and ceases to lead. */
interface Contender {
    /** What its znode says. */
    String name();

    Cable cable();

    /** Gives its place up, and stands again at the end of the line. */
    void resign() throws Exception;

    /** Leaves the election, and everything behind it. */
    void leave() throws Exception;
}
