package io.matriarch.candidate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.jspecify.annotations.Nullable;

/**
 * A place where a number of processes wait for one another: {@link #enter} returns once all have come, {@link #leave} once
 * all that are still alive have gone. Whoever sees all of them there first leaves a mark, so that nobody misses the moment
 * when a quick one goes again. A party that dies is not waited for at the way out; at the way in its place counts for nothing
 * until it comes again. One {@code Barrier} object is one party, and may be used again after {@code leave}.
 */
public final class Barrier implements AutoCloseable {
    private static final String MARK = "all-here";

    private final ElectionSession session;
    private final String path;
    private final int parties;
    private @Nullable Candidacy membership;

    Barrier(ElectionSession session, String path, int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException("a barrier needs at least one party, not " + parties);
        }
        this.session = session;
        this.path = path;
        this.parties = parties;
    }

    /** Comes, and waits until all parties have come; says false, and goes again, if that took longer than {@code patience}. */
    public boolean enter(Duration patience) throws InterruptedException {
        membership = new Group(session, path).join(new byte[0]);
        boolean isComplete = false;
        try {
            isComplete = await(this::isEverybodyHere, patience);
        } finally {
            if (!isComplete) {
                close();
            }
        }
        return isComplete;
    }

    private boolean isEverybodyHere(List<Member> members, List<String> others) {
        if (members.size() >= parties && !others.contains(MARK)) {
            session.keeper()
                    .client()
                    .create(
                            path + "/" + MARK,
                            new byte[0],
                            ZooDefs.Ids.OPEN_ACL_UNSAFE,
                            CreateMode.EPHEMERAL,
                            (code, p, context, name) -> {},
                            null);
        }
        return others.contains(MARK);
    }

    /** Goes, and waits until all have gone; says false if that took longer than {@code patience}. */
    public boolean leave(Duration patience) throws InterruptedException {
        close();
        if (!await((members, others) -> members.isEmpty(), patience)) {
            return false;
        }
        // Everybody does this, and before coming again: the next round's mark cannot be there yet.
        CompletableFuture<Void> erased = new CompletableFuture<>();
        session.execute(() -> {
            if (session.keeper().hasClient()) {
                session.keeper()
                        .client()
                        .delete(path + "/" + MARK, -1, (code, p, context) -> erased.complete(null), null);
            }
        });
        return isReached(erased, patience);
    }

    /** Goes without waiting for the others. */
    @Override
    public void close() {
        Candidacy joined = membership;
        if (joined != null) {
            joined.close();
            membership = null;
        }
    }

    private boolean await(BiPredicate<List<Member>, List<String>> condition, Duration patience)
            throws InterruptedException {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        try (GroupWatch watch = new GroupWatch(session, path, (members, others) -> {
            if (condition.test(members, others)) {
                reached.complete(null);
            }
        })) {
            watch.start();
            return isReached(reached, patience);
        }
    }

    private static boolean isReached(CompletableFuture<Void> future, Duration patience) throws InterruptedException {
        try {
            future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
