package io.matriarch.sim.time;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Chance from one seed. {@link #fork} gives each component a stream of its own, named, so that one component drawing
 * more or less does not disturb the others.
 */
public final class Chance {
    private final long seed;
    private final SplittableRandom random;

    /** A stream that depends on {@code seed} alone. */
    public Chance(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** The stream called {@code name} under this one; independent of what was drawn here before. */
    public Chance fork(String name) {
        long mixed = seed ^ 0x9E3779B97F4A7C15L;
        for (int i = 0; i < name.length(); i++) {
            mixed = (mixed ^ name.charAt(i)) * 0x100000001B3L;
            mixed ^= mixed >>> 29;
        }
        return new Chance(mixed * 0xBF58476D1CE4E5B9L);
    }

    public long nextLong() {
        return random.nextLong();
    }

    /** Uniform in 0 to {@code bound} - 1. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** Uniform in {@code low} to {@code high}, both included. */
    public long between(long low, long high) {
        return low >= high ? low : low + random.nextLong(high - low + 1);
    }

    /** True with this probability, 0.0 to 1.0. */
    public boolean hits(double probability) {
        return random.nextDouble() < probability;
    }

    /** Exponentially distributed with this mean, at most twenty times the mean. */
    public long exponential(long mean) {
        double drawn = -Math.log(1.0 - random.nextDouble()) * mean;
        return (long) Math.min(drawn, 20.0 * mean);
    }

    /** One element of a non-empty list. */
    public <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Index drawn with probability in proportion to its weight; the weights are not all zero. */
    public int weighted(int... weights) {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        int drawn = random.nextInt(sum);
        int index = 0;
        while (drawn >= weights[index]) {
            drawn -= weights[index];
            index++;
        }
        return index;
    }
}
