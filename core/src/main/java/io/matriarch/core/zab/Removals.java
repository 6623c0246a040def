package io.matriarch.core.zab;

import io.matriarch.core.port.Now;
import io.matriarch.core.request.WriteRequest;
import io.matriarch.core.request.ZnodeConfig;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * A leader's removal of znodes that nobody needs any more: containers whose children are gone, and childless znodes whose
 * time to live has passed (client.md 9.5). It looks for them at intervals and proposes the deletion of one after another,
 * with a pause; whether that may still be is asked again when it becomes a transaction.
 */
final class Removals {
    private final Zab zab;
    private final Consumer<WriteRequest> proposer;
    private final ZnodeConfig.Removal config;
    private final Deque<String> found = new ArrayDeque<>();
    private long nextCheckNanos;
    private long nextRemovalNanos;

    /** @param proposer proposes what the leader itself decides */
    Removals(Zab zab, Consumer<WriteRequest> proposer) {
        this.zab = zab;
        this.proposer = proposer;
        this.config = zab.desk().znodes().removal();
        this.nextCheckNanos = zab.now().plusMillis(config.checkMillis());
        this.nextRemovalNanos = zab.now().nanos();
    }

    void timePassed(Now now) {
        if (now.isAtOrAfter(nextCheckNanos)) {
            nextCheckNanos = now.plusMillis(config.checkMillis());
            if (found.isEmpty()) {
                look(now);
            }
        }
        while (!found.isEmpty() && now.isAtOrAfter(nextRemovalNanos)) {
            nextRemovalNanos = now.plusMillis(config.pauseMillis());
            remove(found.removeFirst());
        }
    }

    /** The rest of what is found is removed before this server looks again. */
    private void look(Now now) {
        DataTree tree = zab.history().tree();
        found.addAll(tree.emptyContainers());
        if (config.neverUsedMillis() > 0) {
            found.addAll(tree.unusedContainers(now.wallMillis() - config.neverUsedMillis()));
        }
        found.addAll(tree.expiredTtlNodes(now.wallMillis()));
    }

    private void remove(String path) {
        Bytes body = new Request.DeleteContainer(path).encode();
        proposer.accept(new WriteRequest(0, 0, OpCode.DELETE_CONTAINER, body, List.of()));
    }

    long deadlineNanos() {
        return found.isEmpty() ? nextCheckNanos : Math.min(nextCheckNanos, nextRemovalNanos);
    }
}
