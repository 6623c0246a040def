package io.matriarch.compat.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Threads that do nothing, as fast as they can; and how much of the machine is left. Linux tells that. */
final class Hogs implements AutoCloseable {
    private static final Path PROCESSOR_TIMES = Path.of("/proc/stat");
    private static final int IDLE = 3;
    private static final int WAITING_FOR_DISKS = 4;

    /** User, nice, system, idle, waiting for disks, interrupts, soft interrupts, taken by the hypervisor. */
    private static final int KINDS = 8;

    private final long[] began;
    private volatile boolean isEndWanted;

    /** Starts so many. */
    Hogs(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::spin, "hog-" + i);
            thread.setDaemon(true);
            thread.start();
        }
        began = processorTimes();
    }

    private void spin() {
        while (!isEndWanted) {
            Thread.onSpinWait();
        }
    }

    /** The share of the processors' time that nobody used since they started, 0 to 1. */
    double idleShare() throws IOException {
        long[] now = processorTimes();
        for (int i = 0; i < KINDS; i++) {
            now[i] -= began[i];
        }
        return (double) (now[IDLE] + now[WAITING_FOR_DISKS])
                / LongStream.of(now).sum();
    }

    /** Of all processors together, since the machine started, by {@link #KINDS}. */
    private static long[] processorTimes() throws IOException {
        String line = Files.readAllLines(PROCESSOR_TIMES).get(0);
        return Stream.of(line.split(" +"))
                .skip(1)
                .limit(KINDS)
                .mapToLong(Long::parseLong)
                .toArray();
    }

    @Override
    public void close() {
        isEndWanted = true;
    }
}
