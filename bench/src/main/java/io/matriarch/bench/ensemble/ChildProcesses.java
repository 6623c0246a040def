package io.matriarch.bench.ensemble;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every server process started here and not seen to end; whatever is left is killed when this JVM ends. */
final class ChildProcesses {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "kill-server-processes"));
    }

    private ChildProcesses() {}

    static void started(Process process) {
        RUNNING.add(process);
    }

    static void ended(Process process) {
        RUNNING.remove(process);
    }
}
