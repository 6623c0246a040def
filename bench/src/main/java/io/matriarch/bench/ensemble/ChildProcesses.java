package io.matriarch.bench.ensemble;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every process started here and not seen to end; whatever is left is killed when this JVM ends. */
public final class ChildProcesses {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "kill-child-processes"));
    }

    private ChildProcesses() {}

    /** From now on it is killed when this JVM ends. */
    public static void started(Process process) {
        RUNNING.add(process);
    }

    /** It was seen to end. */
    public static void ended(Process process) {
        RUNNING.remove(process);
    }
}
