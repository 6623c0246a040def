package io.matriarch.core.watch;

/** The kinds of watches (client.md 13.1). One link may have all of them on one path. */
public enum WatchKind {
    /** One-shot, from getData and exists. */
    DATA(1),
    /** One-shot, from getChildren. */
    CHILD(2),
    /** From addWatch, mode 0. */
    PERSISTENT(4),
    /** From addWatch, mode 1. */
    RECURSIVE(8);

    static final int ALL = 0b1111;

    private final int bit;

    WatchKind(int bit) {
        this.bit = bit;
    }

    int bit() {
        return bit;
    }
}
