package io.matriarch.core.zab;

/** Who wants to know what became of a wish that another server should lead. */
@FunctionalInterface
public interface TransferAsker {
    /** Nobody. */
    TransferAsker NOBODY = (isDone, text) -> {};

    /**
     * Called once, at the latest when the leader leaves.
     *
     * @param isDone whether that server leads now, as far as the leader before it can tell
     * @param text what happened, for people
     */
    void answered(boolean isDone, String text);
}
