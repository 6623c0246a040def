package io.matriarch.bench.candidates;

import io.matriarch.candidate.Candidacy;
import io.matriarch.candidate.CandidacyEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.retry.RetryForever;

/** One candidate, that tells when it is called to lead. */
interface Contender {
    /** Gives leadership up; what leaves the election with it is its own affair. */
    void leave();

    /** Ends what was begun. */
    void end();

    /** Whose candidates. */
    enum Library {
        MATRIARCH("Matriarch") {
            @Override
            Contender enter(String servers, String path, int timeoutMillis, LongConsumer leadsAt) {
                Candidacy candidacy = Candidacy.builder(servers, path)
                        .sessionTimeout(Duration.ofMillis(timeoutMillis))
                        .executor(THREADS)
                        .listener(event -> {
                            if (event instanceof CandidacyEvent.Leading) {
                                leadsAt.accept(System.nanoTime());
                            }
                        })
                        .start();
                return new Ours(candidacy);
            }
        },
        CURATOR("LeaderLatch") {
            @Override
            Contender enter(String servers, String path, int timeoutMillis, LongConsumer leadsAt) {
                CuratorFramework client = CuratorFrameworkFactory.newClient(
                        servers, timeoutMillis, timeoutMillis, new RetryForever(RETRY_MILLIS));
                client.start();
                LeaderLatch latch = new LeaderLatch(client, path, "bench");
                latch.addListener(new LeaderLatchListener() {
                    @Override
                    public void isLeader() {
                        leadsAt.accept(System.nanoTime());
                    }

                    @Override
                    public void notLeader() {
                        // Not measured.
                    }
                });
                try {
                    latch.start();
                } catch (Exception e) { // that is what it declares
                    throw new IllegalStateException(e);
                }
                return new Latch(client, latch);
            }
        };

        private static final int RETRY_MILLIS = 50;

        private static final Executor THREADS =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "candidate");
                    thread.setDaemon(true);
                    return thread;
                });

        private final String label;

        Library(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        /** Enters the election; {@code leadsAt} gets the nanosecond at which it is called to lead. */
        abstract Contender enter(String servers, String path, int timeoutMillis, LongConsumer leadsAt);
    }

    /** A candidacy of ours. */
    record Ours(Candidacy candidacy) implements Contender {
        @Override
        public void leave() {
            candidacy.resign(Duration.ofHours(1));
        }

        @Override
        public void end() {
            candidacy.close();
        }
    }

    /** Curator's latch. */
    record Latch(CuratorFramework client, LeaderLatch latch) implements Contender {
        @Override
        public void leave() {
            try {
                latch.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void end() {
            if (latch.getState() == LeaderLatch.State.STARTED) {
                leave();
            }
            client.close();
        }
    }
}
