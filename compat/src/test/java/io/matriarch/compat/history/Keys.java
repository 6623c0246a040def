package io.matriarch.compat.history;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The znodes that all clients of a run use: few at a time, so that they meet, and new ones again and again, so that the history of each
 * stays short enough to search for an order of its values.
 */
final class Keys {
    private static final int AT_A_TIME = 4;
    private static final int REQUESTS_PER_ROUND = 200;

    private final String parent;
    private final AtomicInteger asked = new AtomicInteger();

    /** All are children of this znode, which had none before. */
    Keys(String parent) {
        this.parent = parent;
    }

    String parent() {
        return parent;
    }

    /** One of those in use now. */
    String next(Random random) {
        int round = asked.getAndIncrement() / REQUESTS_PER_ROUND;
        return parent + "/r" + round + "-" + random.nextInt(AT_A_TIME);
    }
}
