package io.matriarch.cli.ensemble;

import io.matriarch.server.client.Standing;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Restarts one server after the other: none before the others can do without it, none before the one before serves again
 * and has what the leader has. Whatever goes wrong ends it, and leaves the rest alone.
 */
final class RollingRestart {
    private final Surroundings around;
    private final PrintWriter out;

    /** What the restart needs from outside. */
    interface Surroundings {
        /** How the ensemble is now. */
        EnsembleReport look();

        /** Restarts a server; answers when it has been stopped and started, with the exit status of that. */
        int restart(ServerReport server) throws IOException, InterruptedException;

        /** Asks {@code leader} to hand over to {@code next}; answers what it said. */
        String handOver(ServerReport leader, ServerReport next) throws IOException;

        /** Lets some time pass before the next look; false if the patience for {@code step} is over. */
        boolean await(int attempt) throws InterruptedException;
    }

    RollingRestart(Surroundings around, PrintWriter out) {
        this.around = around;
        this.out = out;
    }

    /** Does it all; false if it ended early. */
    boolean run(RestartPlan plan) throws IOException, InterruptedException {
        for (long sid : plan.order()) {
            if (!restart(sid)) {
                say("stopped here: nothing more is restarted");
                return false;
            }
        }
        say("done: " + plan.order().size() + " servers were restarted");
        return true;
    }

    private boolean restart(long sid) throws IOException, InterruptedException {
        EnsembleReport before = lookUntil(report -> isSafe(report, sid));
        ServerReport server = before.server(sid);
        if (server == null || !isSafe(before, sid)) {
            say("server " + sid + " may not be stopped: "
                    + (server == null
                            ? "it was not found"
                            : SafeToStop.of(before, server).reason()));
            return false;
        }
        if (server.isLeading()) {
            server = Objects.requireNonNullElse(handOver(before, server).server(sid), server);
        }
        say("server " + sid + " at " + server.address() + " is restarted");
        int exit = around.restart(server);
        if (exit != 0) {
            say("the restart of server " + sid + " failed with exit status " + exit);
            return false;
        }
        return isBack(server);
    }

    private static boolean isSafe(EnsembleReport report, long sid) {
        ServerReport server = report.server(sid);
        return server != null && SafeToStop.of(report, server).isSafe();
    }

    /** What the leader answers matters little: a leader of ours that is asked to stop hands over by itself. */
    private EnsembleReport handOver(EnsembleReport before, ServerReport leader)
            throws IOException, InterruptedException {
        ServerReport next = before.servingVotersWithout(leader).stream()
                .filter(server -> server.standing() != null)
                .max(Comparator.comparing(ServerReport::zxid).thenComparing(ServerReport.BY_VOTE))
                .orElse(null);
        if (next == null || leader.standing() == null) {
            say(leader.name() + " leads, and cannot hand over to a server of ours: its clients wait for an election");
            return before;
        }
        say(leader.name() + " leads: " + around.handOver(leader, next));
        return lookUntil(report -> report.leader() != null
                && !Objects.equals(report.leader().sid(), leader.sid())
                && isSafe(report, Objects.requireNonNull(leader.sid())));
    }

    private boolean isBack(ServerReport before) throws InterruptedException {
        long sid = Objects.requireNonNull(before.sid());
        EnsembleReport after = lookUntil(report -> isBackIn(report, before));
        if (isBackIn(after, before)) {
            ServerReport server = Objects.requireNonNull(after.server(sid));
            say("server " + sid + " serves again in epoch " + server.epoch() + ", up to " + server.zxid());
            return true;
        }
        ServerReport server = after.server(sid);
        String why = server == null || server.failure() != null
                ? "it does not answer"
                : isSameProcess(server, before)
                        ? "it was not restarted: its process is the one of before"
                        : server.isServing() ? "it lags behind the leader" : "it serves no clients";
        say("server " + sid + " is not back: " + why);
        return false;
    }

    private static boolean isBackIn(EnsembleReport report, ServerReport before) {
        ServerReport server = report.server(Objects.requireNonNull(before.sid()));
        ServerReport leader = report.leader();
        return server != null
                && leader != null
                && server.isServing()
                && !isSameProcess(server, before)
                && SafeToStop.lag(leader, server) <= SafeToStop.MAX_LAG;
    }

    /** Apache's servers do not tell; there the command's word is taken. */
    private static boolean isSameProcess(ServerReport server, ServerReport before) {
        Standing now = server.standing();
        Standing then = before.standing();
        return now != null && then != null && now.startedMicros() == then.startedMicros();
    }

    private EnsembleReport lookUntil(Predicate<EnsembleReport> isDone) throws InterruptedException {
        EnsembleReport report = around.look();
        for (int attempt = 1; !isDone.test(report) && around.await(attempt); attempt++) {
            report = around.look();
        }
        return report;
    }

    private void say(@Nullable String text) {
        out.println(text);
        out.flush();
    }
}
