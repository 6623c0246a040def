package io.matriarch.sim.check;

/** Zxids as people read them in a report. */
final class Zxids {
    private static final long COUNTER_MASK = 0xFFFFFFFFL;

    private Zxids() {}

    static long epoch(long zxid) {
        return zxid >> 32;
    }

    static long counter(long zxid) {
        return zxid & COUNTER_MASK;
    }

    static String show(long zxid) {
        return "0x" + Long.toHexString(zxid);
    }
}
