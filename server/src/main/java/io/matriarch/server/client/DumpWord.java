package io.matriarch.server.client;

import io.matriarch.core.peer.Inspection;
import io.matriarch.core.port.Now;
import io.matriarch.core.session.Expiry;
import io.matriarch.core.tree.DataTree;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Sessions, ephemeral znodes and connections: dump, to the byte as Apache's server writes it (operations.md 3.2).
 *
 * <p>Deviation: connections are listed by the second in which each is closed if it stays silent; Apache, which closes them
 * later, lists steps of ten seconds.
 */
final class DumpWord {
    /** Compat: as Java writes a date, whatever the language of the machine. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.ENGLISH);

    private final Now now;
    private final ZoneId zone;
    private final LongAnswer text = new LongAnswer();

    /** @param zone for the dates */
    DumpWord(Now now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    String of(Inspection inspection, List<ConnectionLine> connections) {
        text.line("SessionTracker dump:");
        sessions(inspection);
        text.line("ephemeral nodes dump:");
        ephemerals(inspection.tree());
        text.line("Connections dump:");
        connections(connections);
        return text.toString();
    }

    private void sessions(Inspection inspection) {
        List<Expiry> local = inspection.clients().localExpiries();
        List<Expiry> global = inspection.expiries();
        if (local != null) {
            expiries("Local Session Sets", local);
        }
        if (global != null) {
            expiries(local == null ? "Session Sets" : "Global Session Sets", global);
            return;
        }
        // Only the leader keeps their time.
        Map<Long, Integer> timeouts = new TreeMap<>(inspection.tree().sessions());
        text.line("Global Sessions(" + timeouts.size() + "):");
        timeouts.forEach((id, millis) -> text.line(hex(id) + "\t" + millis + "ms"));
    }

    private void expiries(String title, List<Expiry> expiries) {
        int all = expiries.stream().mapToInt(each -> each.sessions().size()).sum();
        text.line(title + " (" + expiries.size() + ")/(" + all + "):");
        for (Expiry expiry : expiries) {
            text.line(expiry.sessions().size() + " expire at " + date(expiry.atNanos()) + ":");
            expiry.sessions().forEach(id -> text.line("\t" + hex(id)));
        }
    }

    private void ephemerals(DataTree tree) {
        List<Long> owners = tree.ephemeralOwners();
        text.line("Sessions with Ephemerals (" + owners.size() + "):");
        for (long owner : owners) {
            text.line(hex(owner) + ":");
            tree.ephemerals(owner).forEach(path -> text.line("\t" + path));
        }
    }

    private void connections(List<ConnectionLine> connections) {
        Map<Long, List<ConnectionLine>> bySecond = new TreeMap<>();
        for (ConnectionLine line : connections) {
            long second = TimeUnit.NANOSECONDS.toSeconds(line.silentUntilNanos(now.nanos()) - now.nanos());
            bySecond.computeIfAbsent(second, end -> new ArrayList<>()).add(line);
        }
        text.line("Connections Sets (" + bySecond.size() + ")/(" + connections.size() + "):");
        bySecond.forEach((second, lines) -> {
            text.line(lines.size() + " expire at " + date(now.plusMillis(1000 * second)) + ":");
            lines.forEach(line -> text.line("\tip: " + line.address() + " sessionId: " + hex(line.sessionId())));
        });
    }

    private String date(long atNanos) {
        long millis = now.wallMillis() + TimeUnit.NANOSECONDS.toMillis(atNanos - now.nanos());
        return DATE.format(Instant.ofEpochMilli(millis).atZone(zone));
    }

    private static String hex(long id) {
        return "0x" + Long.toHexString(id);
    }
}
