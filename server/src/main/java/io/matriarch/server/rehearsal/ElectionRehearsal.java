package io.matriarch.server.rehearsal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has three servers in memory elect a leader, hand over to another, lose that and elect a third. A server may run for months
 * before it has to lead for the first time, through code that the JVM would then load and link while everybody waits: some
 * forty per cent of the time that its event loop is busy in a failover. Once is enough; more often, for the compiler's sake,
 * gained nothing more.
 *
 * <p>Nothing of it touches the real server, a file or a socket: the core is given events, as the simulator does it.
 */
public final class ElectionRehearsal {
    /** {@code -Dmatriarch.rehearsal=false} leaves it out. */
    public static final String PROPERTY = "matriarch.rehearsal";

    /** The start itself is over by then, and its processors are free. */
    private static final long DELAY_MILLIS = 2_000;

    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final int LEADERS = 3;
    private static final Logger LOG = LoggerFactory.getLogger(ElectionRehearsal.class);
    private static final AtomicBoolean HAS_BEGUN = new AtomicBoolean();

    private ElectionRehearsal() {}

    /** Rehearses a little later, on a thread of its own; once in the life of a process. */
    public static void begin() {
        if (!"false".equals(System.getProperty(PROPERTY)) && HAS_BEGUN.compareAndSet(false, true)) {
            Thread thread = new Thread(ElectionRehearsal::runLater, "matriarch-rehearsal");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void runLater() {
        try {
            TimeUnit.MILLISECONDS.sleep(DELAY_MILLIS);
            run(LEADERS, LIMIT_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("the rehearsal of elections broke off; no harm is done", e);
        }
    }

    /**
     * Rehearses until {@code leaders} have led, elected or named, or as many as {@code limitNanos} allow.
     *
     * @return how many leaders were followed by a quorum and committed a write
     */
    static int run(int leaders, long limitNanos) {
        long beganNanos = System.nanoTime();
        int led = 0;
        while (led < leaders && System.nanoTime() - beganNanos < limitNanos) {
            RehearsedEnsemble ensemble = new RehearsedEnsemble(led);
            led += ensemble.elects() && ensemble.handsOver() ? 2 : 0;
            ensemble.losesLeader();
            if (!ensemble.elects()) {
                throw new IllegalStateException(
                        "two servers of three have no leader after " + RehearsedEnsemble.MAX_STEPS + " steps");
            }
            led++;
        }
        return led;
    }
}
