package io.matriarch.candidate;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs tasks on another executor, one at a time and in order. A task that throws does not stop those behind it. */
final class SerialExecutor {
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

    /** Says false, and never runs the task, if the other executor takes nothing any more. */
    boolean execute(Runnable task) {
        synchronized (waiting) {
            waiting.add(task);
            if (isRunning) {
                return true;
            }
            isRunning = true;
        }
        try {
            target.execute(this::runAll);
            return true;
        } catch (RejectedExecutionException e) {
            synchronized (waiting) {
                waiting.clear();
                isRunning = false;
            }
            return false;
        }
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
