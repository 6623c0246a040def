package io.matriarch.server.config;

import io.matriarch.core.zab.ObserverConfig;

/**
 * What a configuration says about observers (operations.md 1.2, 1.3).
 *
 * @param masterPort where followers serve observers, the same on every server, 1 to 65535; 0 if only the leader does
 * @param core bounds and delays
 */
public record ObserverSettings(int masterPort, ObserverConfig core) {
    /** The defaults of zoo.cfg. */
    public static final ObserverSettings DEFAULT = new ObserverSettings(0, ObserverConfig.DEFAULT);

    /** Compat: the default of observer.election.DelayMs. */
    private static final int ELECTION_DELAY_MILLIS = 200;

    /** Observers are served by followers too, at this port of each. */
    public static ObserverSettings atPort(int masterPort) {
        return DEFAULT.withMasterPort(masterPort);
    }

    ObserverSettings withMasterPort(int port) {
        return new ObserverSettings(port, core.withServed(port > 0));
    }

    static ObserverSettings read(Settings settings) {
        ObserverConfig usual = ObserverConfig.DEFAULT;
        int port = settings.number("observerMasterPort", 0);
        if (settings.has("observerMasterPort") && (port < 1 || port > 65535)) {
            settings.add("observerMasterPort", "must be a port from 1 to 65535, the same on every server");
            port = 0;
        }
        // Deviation: without observer masters there is no crowd at one server's port, so nobody has to wait.
        int electionDelay = atLeast(settings, 0, "observer.election.DelayMs", port > 0 ? ELECTION_DELAY_MILLIS : 0);
        ObserverConfig core = new ObserverConfig(
                port > 0,
                atLeast(settings, 0, "observerMaster.sizeLimit", (int) usual.heldBackBytes()),
                atLeast(settings, 1, "leader.maxConcurrentSnapSyncs", usual.maxSnapSyncs()),
                atLeast(settings, 1, "leader.maxConcurrentDiffSyncs", usual.maxDiffSyncs()),
                atLeast(settings, 0, "observer.reconnectDelayMs", usual.reconnectDelayMillis()),
                electionDelay,
                isLogging(settings));
        return new ObserverSettings(port, core);
    }

    private static boolean isLogging(Settings settings) {
        // Compat: the property of the one name stands behind the key of the other.
        boolean isLogging = settings.isTrue("observer.syncEnabled", settings.isTrue("syncEnabled", true));
        if (!isLogging && settings.isTrue("reconfigEnabled", false)) {
            settings.warn(
                    settings.has("observer.syncEnabled") ? "observer.syncEnabled" : "syncEnabled",
                    "has no effect with reconfigEnabled=true: an observer logs all, since it may become a participant");
            return true;
        }
        return isLogging;
    }

    private static int atLeast(Settings settings, int least, String key, int otherwise) {
        int value = settings.number(key, otherwise);
        if (value < least) {
            settings.add(key, "must be at least " + least);
            return otherwise;
        }
        return value;
    }
}
