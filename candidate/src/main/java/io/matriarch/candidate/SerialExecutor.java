package io.matriarch.candidate;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs tasks on another executor, one at a time and in order. A task that throws does not stop those behind it. */
final class SerialExecutor implements Executor {
    private final Executor target;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean isRunning;
    private volatile @Nullable Thread current;

    SerialExecutor(Executor target) {
        this.target = target;
    }

    /** Whether the calling thread is inside a task. */
    boolean isCurrent() {
        return Thread.currentThread() == current;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            waiting.add(task);
            if (isRunning) {
                return;
            }
            isRunning = true;
        }
        target.execute(this::runAll);
    }

    private void runAll() {
        for (Runnable task = next(); task != null; task = next()) {
            current = Thread.currentThread();
            try {
                task.run();
            } catch (RuntimeException e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            } finally {
                current = null;
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            Runnable task = waiting.poll();
            isRunning = task != null;
            return task;
        }
    }
}
