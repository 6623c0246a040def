package io.matriarch.testkit.network;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The wire between two servers, or between one server and its clients, with all connections on it. A fault acts on those
 * that are open and on those that come, and when a method returns it has begun or ended.
 *
 * <table>
 * <caption>Faults</caption>
 * <tr><th></th><th>bytes on the way</th><th>the other side's close</th><th>new connections</th></tr>
 * <tr><td>{@link #cut}</td><td>lost</td><td>both sides see a reset</td><td>refused</td></tr>
 * <tr><td>{@link #silence}</td><td>wait, and arrive when it heals</td><td>waits too</td><td>are not answered</td></tr>
 * <tr><td>{@link #delay}</td><td>arrive later, in order</td><td>arrives later</td><td>are made later</td></tr>
 * </table>
 *
 * As on a real network, silence holds the writer up once some hundred kilobytes wait. May be used by any thread.
 */
public final class Link {
    private enum Health {
        WHOLE,
        SILENT,
        CUT
    }

    private final String name;
    private final EventLoop loop;
    /** All below: for the loop only. */
    private final Set<Passage> passages = new LinkedHashSet<>();

    private final Set<Flow> flows = new LinkedHashSet<>();
    private Health health = Health.WHOLE;
    private long delayNanos;

    Link(String name, EventLoop loop) {
        this.name = name;
        this.loop = loop;
    }

    /** Breaks all connections, and refuses new ones, until it heals. */
    public void cut() {
        onLoop(() -> {
            health = Health.CUT;
            List.copyOf(flows).forEach(Flow::discard);
            List.copyOf(passages).forEach(Passage::reset);
        });
    }

    /** Lets nothing through, and tells nobody, until it heals: the network between two sites is gone. */
    public void silence() {
        onLoop(() -> health = Health.SILENT);
    }

    /** From now on everything takes so much longer, in each direction; zero ends that. */
    public void delay(Duration each) {
        if (each.isNegative()) {
            throw new IllegalArgumentException("a delay of " + each);
        }
        onLoop(() -> delayNanos = each.toNanos());
    }

    /** Ends all faults; what waited arrives. */
    public void heal() {
        onLoop(() -> {
            health = Health.WHOLE;
            delayNanos = 0;
            List.copyOf(flows).forEach(Flow::pump);
        });
    }

    /** Connections that are open on it now. */
    public int connections() {
        int[] count = new int[1];
        onLoop(() -> count[0] = passages.size());
        return count[0];
    }

    /** What it connects. */
    @Override
    public String toString() {
        return name;
    }

    private void onLoop(Runnable change) {
        loop.submit(change).syncUninterruptibly();
    }

    // --- for the relays, on the loop ---------------------------------------------------------------------------------

    boolean isCut() {
        return health == Health.CUT;
    }

    boolean isSilent() {
        return health == Health.SILENT;
    }

    /** When something that sets out now is due, by {@link System#nanoTime}. */
    long dueNanos() {
        return System.nanoTime() + delayNanos;
    }

    void add(Flow flow) {
        flows.add(flow);
    }

    void remove(Flow flow) {
        flows.remove(flow);
    }

    void add(Passage passage) {
        passages.add(passage);
    }

    void remove(Passage passage) {
        passages.remove(passage);
    }

    /** Runs {@code task} at {@code dueNanos}. */
    @SuppressWarnings("FutureReturnValueIgnored") // the network has ended if it never runs
    void schedule(long dueNanos, Runnable task) {
        loop.schedule(task, Math.max(0, dueNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
}
