package io.matriarch.server;

import io.matriarch.server.config.ServerConfig;
import io.matriarch.storage.Purge;
import io.matriarch.storage.RealFileSystem;
import io.matriarch.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes old snapshots and logs at the start and every so many hours after it ({@code autopurge.*}). Snapshots are read
 * on a thread of their own; files are deleted on the storage thread, so that nothing is replaced meanwhile. A purge that
 * fails is told, and tried again the next time: nothing depends on it but space.
 */
final class AutoPurge {
    private static final Logger LOG = LoggerFactory.getLogger(AutoPurge.class);

    private final ServerHost host;
    private final Purge purge;
    private final long intervalMillis;

    private AutoPurge(ServerHost host, Purge purge, long intervalMillis) {
        this.host = host;
        this.purge = purge;
        this.intervalMillis = intervalMillis;
    }

    /** Begins if the configuration wants it; ends with the server. */
    static void begin(ServerConfig config, ServerHost host) {
        int hours = config.storage().purgeIntervalHours();
        if (hours <= 0) {
            return;
        }
        Purge purge = new Purge(
                new RealFileSystem(),
                StorageSetup.options(config),
                config.storage().retainedSnapshots());
        AutoPurge auto = new AutoPurge(host, purge, TimeUnit.HOURS.toMillis(hours));
        Thread thread = new Thread(auto::run, "matriarch-" + config.self() + "-purge");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!host.halted().isDone()) {
            once();
            if (isHaltedWithin(intervalMillis)) {
                return;
            }
        }
    }

    private boolean isHaltedWithin(long millis) {
        try {
            host.halted().get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException | ExecutionException e) {
            return true;
        }
    }

    private void once() {
        try {
            Purge.Plan plan = purge.plan();
            for (String broken : plan.broken()) {
                LOG.warn(
                        "snapshot {} cannot be read and does not count among those that are kept; see it with"
                                + " 'matriarch snapshot'",
                        broken);
            }
            if (!plan.removable().isEmpty()) {
                host.onStorage(() -> perform(plan));
            }
        } catch (IOException | StorageException e) {
            LOG.warn("purging was put off: {}", e.toString());
        }
    }

    private void perform(Purge.Plan plan) {
        try {
            int count = purge.perform(plan);
            LOG.info(
                    "purged {} files; {} snapshots are kept", count, plan.kept().size());
        } catch (IOException e) {
            throw new UncheckedIOException("purging failed: " + e, e);
        }
    }
}
