package io.matriarch.server.config;

import io.matriarch.wire.election.HostPort;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What must hold between the values of one configuration, whether read from a file or made in code. */
final class ConfigRules {
    private ConfigRules() {}

    /** Takes what is wrong: the key to blame as in zoo.cfg, and a text that says what is allowed. */
    @FunctionalInterface
    interface Complaints {
        void add(String key, String text);
    }

    static void check(ConfigValues values, Complaints complaints) {
        checkDirectory("dataDir", values.dataDir, true, complaints);
        checkDirectory("dataLogDir", values.dataLogDir, false, complaints);
        checkNumbers(values, complaints);
        checkSessionTimeouts(values, complaints);
        EnsembleRules.check(values, complaints);
        for (String word : values.fourLetterWords) {
            if (!word.equals("*") && word.length() != 4) {
                complaints.add("4lw.commands.whitelist", "'" + word + "' is no four-letter word; * allows all");
            }
        }
    }

    private static void checkDirectory(String key, @Nullable Path dir, boolean isRequired, Complaints complaints) {
        if (dir == null) {
            if (isRequired) {
                complaints.add(key, "is missing; must name the directory of snapshots and logs");
            }
        } else if (Files.exists(dir) && !Files.isDirectory(dir)) {
            complaints.add(key, "'" + dir + "' exists and is not a directory");
        }
    }

    private static void checkNumbers(ConfigValues values, Complaints complaints) {
        atLeast(1, "tickTime", values.tickMillis, complaints);
        if (!values.members.isEmpty()) {
            atLeast(1, "initLimit", values.initLimit, complaints);
            atLeast(1, "syncLimit", values.syncLimit, complaints);
        }
        atLeast(0, "maxClientCnxns", values.maxClientConnections, complaints);
        atLeast(0, "maxCnxns", values.maxConnections, complaints);
        atLeast(2, "snapCount", values.snapCount, complaints);
        atLeast(0, "electionPortBindRetry", values.electionPortBindRetry, complaints);
        atLeast(1, "cnxTimeout", values.connectTimeoutMillis, complaints);
        atLeast(1024, "jute.maxbuffer", values.juteMaxBuffer, complaints);
        HostPort client = values.clientAddress;
        if (client != null && (client.port() < 0 || client.port() > 65535)) {
            complaints.add("clientPort", "must be from 0 to 65535; 0 takes any free port");
        }
    }

    private static void atLeast(int least, String key, int value, Complaints complaints) {
        if (value < least) {
            complaints.add(key, "must be at least " + least);
        }
    }

    private static void checkSessionTimeouts(ConfigValues values, Complaints complaints) {
        if (values.tickMillis < 1 || values.tickMillis > Integer.MAX_VALUE / 20) {
            return;
        }
        for (int given : new int[] {values.minSessionTimeoutMillis, values.maxSessionTimeoutMillis}) {
            if (given == 0 || given < -1) {
                String key = given == values.minSessionTimeoutMillis ? "minSessionTimeout" : "maxSessionTimeout";
                complaints.add(key, "must be at least 1 ms, or -1 for the default");
                return;
            }
        }
        int min = values.minSessionTimeoutMillis >= 0 ? values.minSessionTimeoutMillis : 2 * values.tickMillis;
        int max = values.maxSessionTimeoutMillis >= 0 ? values.maxSessionTimeoutMillis : 20 * values.tickMillis;
        if (max < min) {
            String key = values.maxSessionTimeoutMillis >= 0 ? "maxSessionTimeout" : "minSessionTimeout";
            complaints.add(
                    key,
                    "maxSessionTimeout is " + max + " ms and must not be less than minSessionTimeout, " + min
                            + " ms (defaults: 20 and 2 times tickTime)");
        }
    }
}
