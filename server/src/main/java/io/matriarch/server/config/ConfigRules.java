package io.matriarch.server.config;

import io.matriarch.wire.election.HostPort;

/** What must hold between the values of one configuration, whether read from a file or made in code. */
final class ConfigRules {
    /** An hour: what is reckoned from it, up to 20 ticks, then fits any number here. */
    private static final int MAX_TICK_MILLIS = 3_600_000;

    private ConfigRules() {}

    static void check(ConfigValues values, Complaints complaints) {
        new DirectoryRules(complaints, DirectoryRules::isUsable).check(values);
        checkNumbers(values, complaints);
        checkSessionTimeouts(values, complaints);
        EnsembleRules.check(values, complaints);
        new PortRules(values, complaints).check();
        for (String word : values.fourLetterWords) {
            if (!word.equals("*") && word.length() != 4) {
                complaints.add("4lw.commands.whitelist", "'" + word + "' is no four-letter word; * allows all");
            }
        }
    }

    private static void checkNumbers(ConfigValues values, Complaints complaints) {
        if (values.tickMillis < 1 || values.tickMillis > MAX_TICK_MILLIS) {
            complaints.add("tickTime", "must be from 1 to " + MAX_TICK_MILLIS + " ms");
        } else if (!values.members.isEmpty()) {
            checkTicks("initLimit", values.initLimit, values.tickMillis, complaints);
            checkTicks("syncLimit", values.syncLimit, values.tickMillis, complaints);
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

    private static void checkTicks(String key, int ticks, int tickMillis, Complaints complaints) {
        int most = Integer.MAX_VALUE / tickMillis;
        if (ticks < 1 || ticks > most) {
            complaints.add(key, "must be from 1 to " + most + ", a number of ticks of " + tickMillis + " ms");
        }
    }

    private static void atLeast(int least, String key, int value, Complaints complaints) {
        if (value < least) {
            complaints.add(key, "must be at least " + least);
        }
    }

    private static void checkSessionTimeouts(ConfigValues values, Complaints complaints) {
        if (values.tickMillis < 1 || values.tickMillis > MAX_TICK_MILLIS) {
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
