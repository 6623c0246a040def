package io.matriarch.cli.ensemble;

import io.matriarch.core.quorum.Configuration;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an ensemble is, as a table within a hundred columns, a forecast, and what should be looked at. */
final class StatusText {
    private static final String OURS = "matriarch-";

    private final PrintWriter out;

    StatusText(PrintWriter out) {
        this.out = out;
    }

    void print(EnsembleReport ensemble, @Nullable Forecast forecast, List<String> concerns) {
        ServerReport leader = ensemble.leader();
        out.println(headline(ensemble, leader));
        out.println();
        line("server", "role", "serves", "epoch", "zxid", "lag", "force ms", "max ms", "clients", "version");
        for (ServerReport server : ensemble.servers()) {
            row(server, leader);
        }
        if (leader != null && forecast != null) {
            out.println();
            wrapped("", forecast.text(leader));
        }
        if (!concerns.isEmpty()) {
            out.println();
            concerns.forEach(concern -> wrapped("WARNING: ", concern));
        }
        out.flush();
    }

    private static String headline(EnsembleReport ensemble, @Nullable ServerReport leader) {
        int serving = ensemble.servingVoters().size();
        Configuration members = ensemble.configuration();
        int observers = members == null
                ? 0
                : members.members().size() - members.participants().size();
        return (leader == null ? "Nobody leads" : capital(leader.name()) + " leads epoch " + leader.epoch())
                + "; " + serving + " of " + ensemble.voterCount() + " voters serve"
                + (observers == 0 ? "" : ", besides " + observers + (observers == 1 ? " observer" : " observers"));
    }

    private void row(ServerReport server, @Nullable ServerReport leader) {
        String sid = server.sid() == null ? "?" : server.sid().toString();
        if (server.failure() != null || server.role() == null) {
            out.println(String.format(Locale.ROOT, "  %-6s  %-10s %s: %s", sid, "-", server.address(), server.failure())
                    .stripTrailing());
            return;
        }
        ServerReport.Force force = server.force();
        line(
                sid,
                server.role().name().toLowerCase(Locale.ROOT),
                server.isServing() ? "yes" : "no",
                Long.toString(server.epoch()),
                server.zxid().toString(),
                leader == null || server.equals(leader) ? "-" : lag(leader, server),
                force == null ? "-" : millis(force.medianMicros()),
                force == null ? "-" : millis(force.maxMicros()),
                Integer.toString(server.clients()),
                shortVersion(server.version()));
    }

    private static String lag(ServerReport leader, ServerReport server) {
        long lag = SafeToStop.lag(leader, server);
        return lag == Long.MAX_VALUE ? "epoch" : Long.toString(lag);
    }

    /** Ours without the release of ZooKeeper that it stands for, Apache's without the hash that it appends. */
    private static String shortVersion(String version) {
        int dash = version.indexOf('-');
        int ours = version.indexOf(OURS);
        return ours >= 0
                ? "matriarch " + version.substring(ours + OURS.length())
                : dash < 0 ? version : version.substring(0, dash);
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, micros < 10_000 ? "%.2f" : "%.0f", micros / 1000.0);
    }

    private void line(Object... columns) {
        out.println(String.format(Locale.ROOT, "  %-6s  %-10s %-7s %5s  %-13s %6s  %8s %8s  %7s  %s", columns)
                .stripTrailing());
    }

    private void wrapped(String head, String text) {
        StringBuilder line = new StringBuilder(head);
        int length = 0;
        for (String word : text.split(" ")) {
            if (length > 0 && line.length() + 1 + word.length() > 100) {
                out.println(line);
                line.setLength(0);
                line.append(" ".repeat(head.length()));
                length = 0;
            }
            line.append(length == 0 ? "" : " ").append(word);
            length += word.length();
        }
        out.println(line);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
