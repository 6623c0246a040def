package io.matriarch.core.watch;

/** The kinds of watches (client.md 13.1). One link may have all of them on one path. */
public enum WatchKind {
    /** One-shot, from getData and exists. */
    DATA,
    /** One-shot, from getChildren. */
    CHILD,
    /** From addWatch, mode 0. */
    PERSISTENT,
    /** From addWatch, mode 1. */
    RECURSIVE;

    static final int ALL = 0b1111;

    int bit() {
        return 1 << ordinal();
    }
}
