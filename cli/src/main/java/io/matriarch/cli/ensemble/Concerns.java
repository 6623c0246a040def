package io.matriarch.cli.ensemble;

import io.matriarch.server.client.Standing;
import io.matriarch.wire.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an operator should look at, each in a sentence that says what, where, and what to do. */
final class Concerns {
    /** A force that is slower than this delays every write. */
    private static final long SLOW_FORCE_MICROS = 50_000;

    private static final long VERY_SLOW_FORCE_MICROS = 1_000_000;
    private static final long CLOCKS_APART_MICROS = 500_000;
    private static final Pattern RELEASE = Pattern.compile("^(\\d+)\\.(\\d+)\\.(\\d+).*");

    private final EnsembleReport ensemble;
    private final @Nullable Forecast forecast;
    private final List<String> found = new ArrayList<>();

    private Concerns(EnsembleReport ensemble, @Nullable Forecast forecast) {
        this.ensemble = ensemble;
        this.forecast = forecast;
    }

    /** All of them, the worst first. */
    static List<String> of(EnsembleReport ensemble, @Nullable Forecast forecast) {
        Concerns concerns = new Concerns(ensemble, forecast);
        concerns.leadership();
        concerns.members();
        ServerReport leader = ensemble.leader();
        for (ServerReport server : ensemble.servers()) {
            if (server.failure() == null) {
                concerns.server(server, leader);
            }
        }
        concerns.clocks();
        concerns.versions();
        return concerns.found;
    }

    private void leadership() {
        List<ServerReport> leaders =
                ensemble.servers().stream().filter(ServerReport::isLeading).toList();
        if (leaders.isEmpty()) {
            found.add("nobody leads: no write is possible; look at 'matriarch explain'");
        } else if (leaders.size() > 1) {
            found.add("several servers say that they lead: "
                    + String.join(", ", leaders.stream().map(ServerReport::name).toList())
                    + "; ask again, and if it stays so, those of the older epochs are cut off");
        }
        Forecast next = forecast;
        if (!leaders.isEmpty() && next != null && next.successor() == null) {
            found.add("no quorum would be left if the leader died: bring the missing voters back before anything else");
        }
    }

    private void members() {
        for (ServerReport server : ensemble.servers()) {
            if (server.failure() != null) {
                found.add(server.name() + " could not be asked: " + server.failure());
            }
        }
        var members = ensemble.configuration();
        if (members == null) {
            return;
        }
        for (ServerId sid : members.members().keySet()) {
            if (ensemble.server(sid.value()) == null) {
                found.add("server " + sid + " was not asked: add its client address to --servers, or use --config");
            }
        }
    }

    private void server(ServerReport server, @Nullable ServerReport leader) {
        if (!server.isServing()) {
            found.add(server.name() + " serves no clients: it has not joined a leader");
        } else if (leader != null && !server.equals(leader)) {
            long lag = SafeToStop.lag(leader, server);
            if (lag > SafeToStop.MAX_LAG) {
                found.add(server.name() + " lags behind the leader by "
                        + (lag == Long.MAX_VALUE ? "an epoch" : lag + " transactions")
                        + ": its disk or its network is too slow");
            }
        }
        ServerReport.Force force = server.force();
        if (force != null && (force.medianMicros() > SLOW_FORCE_MICROS || force.maxMicros() > VERY_SLOW_FORCE_MICROS)) {
            found.add(server.name() + " takes " + millis(force.medianMicros()) + " ms to force its log, and up to "
                    + millis(force.maxMicros()) + " ms: give dataLogDir a disk of its own");
        }
        Standing standing = server.standing();
        if (standing != null && standing.digestMismatches() > 0) {
            found.add(
                    server.name() + " found " + standing.digestMismatches()
                            + " transactions after which its tree was not the leader's: run 'matriarch ensemble verify --full'");
        }
    }

    private void clocks() {
        ServerReport ahead = null;
        ServerReport behind = null;
        for (ServerReport server : ensemble.servers()) {
            if (server.standing() != null) {
                ahead = ahead == null || server.aheadMicros() > ahead.aheadMicros() ? server : ahead;
                behind = behind == null || server.aheadMicros() < behind.aheadMicros() ? server : behind;
            }
        }
        if (ahead == null || behind == null) {
            return;
        }
        long apart = ahead.aheadMicros() - behind.aheadMicros() - ahead.errorMicros() - behind.errorMicros();
        if (apart > CLOCKS_APART_MICROS) {
            found.add("the clock of " + ahead.name() + " is " + millis(apart) + " ms ahead of that of " + behind.name()
                    + ": times of znodes and in logs mislead; let NTP keep them");
        }
    }

    // --- versions ----------------------------------------------------------------------------------------------------

    private void versions() {
        Map<String, List<String>> byVersion = new TreeMap<>();
        for (ServerReport server : ensemble.servers()) {
            if (server.failure() == null && ensemble.isVoter(server)) {
                byVersion
                        .computeIfAbsent(server.version(), none -> new ArrayList<>())
                        .add(server.name());
            }
        }
        byVersion.forEach((version, servers) -> {
            String defect = defectOf(version);
            if (defect != null) {
                found.add(String.join(", ", servers) + " with " + version.split("-")[0] + ": " + defect);
            }
        });
    }

    /** What docs/compatibility.md says of a release of Apache's; null if nothing is to be done. */
    static @Nullable String defectOf(String version) {
        Matcher release = RELEASE.matcher(version);
        if (version.contains("matriarch") || !release.matches()) {
            return null;
        }
        int minor = Integer.parseInt(release.group(2));
        int patch = Integer.parseInt(release.group(3));
        if (minor == 9 && patch == 3) {
            return "passes holes in its history on (ZOOKEEPER-4925): upgrade";
        }
        boolean isFixed = minor > 9 || (minor == 9 && patch >= 2) || (minor == 8 && patch >= 5);
        return isFixed
                ? null
                : "a power cut of several of them can lose acknowledged writes (ZOOKEEPER-4643, 4646, 4785): upgrade to"
                        + " 3.8.5, 3.9.4 or later";
    }

    private static String millis(long micros) {
        return micros < 100_000
                ? String.format(Locale.ROOT, "%.1f", micros / 1000.0)
                : String.format(Locale.ROOT, "%,d", micros / 1000);
    }
}
