package io.matriarch.compat.fault;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/**
 * What this process holds.
 *
 * @param heapBytes on the heap after a collection
 * @param directBytes outside of it, in buffers
 * @param threads that live
 * @param descriptors open files and sockets; -1 where the system does not tell
 */
record Footprint(long heapBytes, long directBytes, int threads, long descriptors) {
    private static final int COLLECTIONS = 3;

    /** Collects garbage, then looks. */
    static Footprint now() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
        }
        // Netty's buffers are among the JVM's, unless it takes them past it.
        long direct = PlatformDependent.useDirectBufferNoCleaner() ? PlatformDependent.usedDirectMemory() : 0;
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            direct += pool.getMemoryUsed();
        }
        long descriptors = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : -1;
        return new Footprint(
                memory.getHeapMemoryUsage().getUsed(),
                direct,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                descriptors);
    }

    @Override
    public String toString() {
        return (heapBytes >> 10) + " KiB heap, " + (directBytes >> 10) + " KiB direct, " + threads + " threads, "
                + descriptors + " descriptors";
    }
}
