package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.Network;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The comparisons of one run, and what came of them together. */
final class Verification {
    /** Pauses in which nothing comes from the leader are no longer than this while it is followed. */
    private static final long LOOK_EVERY_NANOS = 200_000_000L;

    private final MemoryObserver observer;
    private final List<Address> clientAddresses;
    private final Network network;
    private final List<String> identities;
    private final VerifyReport report;
    private final Progress progress;
    private boolean isDifferent;
    private boolean isIncomplete;
    private int serversCompared;

    Verification(
            MemoryObserver observer,
            List<Address> clientAddresses,
            Network network,
            List<String> identities,
            VerifyReport report,
            Progress progress) {
        this.observer = observer;
        this.clientAddresses = clientAddresses;
        this.network = network;
        this.identities = identities;
        this.report = report;
        this.progress = progress;
    }

    /**
     * Applies what the leader tells of: until a transaction has shown whether it gives digests, and at least for so long. A calm ensemble
     * gets its transaction from the session that is opened for this.
     */
    void followLeader(int seconds) throws CannotVerifyException, InterruptedException {
        long endNanos = System.nanoTime() + seconds * 1_000_000_000L;
        openAndCloseSession();
        long patienceNanos = clientAddresses.isEmpty() ? endNanos : observer.deadlineNanos();
        Shadow shadow = observer.shadow();
        while (System.nanoTime() - endNanos < 0
                || (shadow.comparedCount() + shadow.withoutDigestCount() == 0
                        && System.nanoTime() - patienceNanos < 0)) {
            observer.applyNext(System.nanoTime() + LOOK_EVERY_NANOS);
            progress.show(() -> "followed to %s, %,d digests compared"
                    .formatted(shadow.tree().lastApplied(), shadow.comparedCount()));
        }
        isDifferent |= shadow.mismatch() != null;
    }

    private void openAndCloseSession() {
        for (Address address : clientAddresses) {
            try {
                new ReadingSession(address, network, List.of()).close();
                return;
            } catch (CannotVerifyException e) {
                progress.show(() -> String.valueOf(e.getMessage()));
            }
        }
    }

    /** Reads all of every server. */
    void compareServers() throws CannotVerifyException, InterruptedException {
        for (Address address : clientAddresses) {
            ReadingSession session;
            try {
                session = new ReadingSession(address, network, identities);
            } catch (CannotVerifyException e) {
                report.notCompared(String.valueOf(e.getMessage()));
                isIncomplete = true;
                continue;
            }
            try (session) {
                ServerComparison comparison = new ServerComparison(observer, session, progress);
                Collection<Difference> differences = comparison.run();
                isDifferent |= !differences.isEmpty();
                serversCompared++;
                String zxid = observer.shadow().tree().lastApplied().toString();
                report.server(address, comparison, differences, zxid);
            }
        }
        if (clientAddresses.isEmpty()) {
            report.notCompared("no client address is known: name the servers with --servers");
        }
        isDifferent |= observer.shadow().mismatch() != null;
    }

    /** Whether all that was compared is equal; null if too little was. */
    @Nullable
    Boolean isEqual() {
        if (isDifferent) {
            return false;
        }
        boolean isAnythingCompared = observer.shadow().comparedCount() > 0 || serversCompared > 0;
        if (isIncomplete || !isAnythingCompared) {
            return null;
        }
        return true;
    }
}
