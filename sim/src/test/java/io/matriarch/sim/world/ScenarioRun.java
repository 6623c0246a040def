package io.matriarch.sim.world;

import io.matriarch.core.peer.PeerStatus;
import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.sim.apache.ApacheRelease;
import io.matriarch.wire.Zxid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Performs the commands of one scenario file and says what happened: who decided for whom, who was synchronized how. All
 * invariants are checked on the way. docs/testing.md lists the commands.
 */
final class ScenarioRun {
    private static final long MILLI = 1_000_000;
    private static final int SEED = 1;
    private static final int TICK_MILLIS = 200;
    private static final int FIRST_WRITER = 2001;
    private static final long SETTLE_LIMIT_MILLIS = 30_000;
    private static final Pattern STEP = Pattern.compile("\\s*[0-9.]+ s([0-9]+) +(.*)");
    private static final List<Shown> SHOWN = List.of(
            new Shown(
                    "LeaderDecided\\[vote=\\((.*?)\\) in round (\\d+), as=(\\w+), rule=(\\w+),.*",
                    "$3 ($1) in round $2, by $4"),
            new Shown(
                    "LeaderEstablished\\[epoch=(\\d+), history=(\\w+),.*",
                    "is established in epoch $1 with history $2"),
            new Shown(
                    "DecisionDropped\\[vote=\\((.*?)\\) in round (\\d+), reason=(.*)\\]", "drops ($1) in round $2: $3"),
            new Shown("LearnerSynced\\[learner=(\\d+), how=(\\w+), upTo=(\\w+)\\]", "sync of $1 by $2 up to $3"));

    private record Shown(Pattern pattern, String text) {
        Shown(String pattern, String text) {
            this(Pattern.compile(pattern), text);
        }
    }

    private final List<String> happened = new ArrayList<>();
    private World world;
    private int writers;

    /** What is printed below the command. */
    String perform(String command) {
        happened.clear();
        List<String> words = Arrays.asList(command.split(" +"));
        List<String> arguments = words.subList(1, words.size());
        switch (words.get(0)) {
            case "servers" -> begin(arguments);
            case "start" -> each(arguments, SimHost::start);
            case "kill" -> each(arguments, SimHost::stop);
            case "cut" -> setCut(arguments, true);
            case "join" -> setCut(arguments, false);
            case "wait" -> runFor(Long.parseLong(arguments.get(0)));
            case "settle" -> settle();
            case "write" -> write(sid(arguments.get(0)), Integer.parseInt(arguments.get(1)));
            case "status" -> status();
            default -> throw new IllegalArgumentException("no command: " + command);
        }
        return String.join("\n", happened);
    }

    // --- commands ----------------------------------------------------------------------------------------------------

    /** {@code servers 3}, {@code servers 3 observers 1}, {@code servers 3 apache R3_9_5 at 2 3}. */
    private void begin(List<String> words) {
        int voters = Integer.parseInt(words.get(0));
        int observers = words.contains("observers") ? Integer.parseInt(words.get(words.indexOf("observers") + 1)) : 0;
        SortedMap<Integer, ApacheRelease> apache = new TreeMap<>();
        if (words.contains("apache")) {
            int at = words.indexOf("apache");
            for (String sid : words.subList(at + 3, words.size())) {
                apache.put(Integer.parseInt(sid), ApacheRelease.valueOf(words.get(at + 1)));
            }
        }
        WorldPlan plan = CalmPlan.of(voters, observers, apache, TICK_MILLIS, HeartbeatConfig.OFF);
        world = new World(SEED, plan, WorldParts.CORRECT, this::read, false);
    }

    private void each(List<String> sids, java.util.function.Consumer<SimHost> act) {
        for (String sid : sids) {
            act.accept(host(sid(sid)));
            runFor(1);
        }
    }

    /** {@code cut 1 2 from 3}: neither hears the other. */
    private void setCut(List<String> words, boolean isCut) {
        int middle = words.indexOf(isCut ? "from" : "with");
        for (String left : words.subList(0, middle)) {
            for (String right : words.subList(middle + 1, words.size())) {
                if (isCut) {
                    world.topology().block(sid(left), sid(right));
                    world.topology().block(sid(right), sid(left));
                } else {
                    world.topology().unblock(sid(left), sid(right));
                    world.topology().unblock(sid(right), sid(left));
                }
            }
        }
    }

    private void settle() {
        runUntil(() -> world.hosts().stream().filter(SimHost::isUp).allMatch(host -> host.server()
                .isServing()));
        runFor(500);
        status();
    }

    private void write(int sid, int count) {
        ScriptedWriter writer = new ScriptedWriter(++writers, count);
        world.network().dial(FIRST_WRITER + writers, sid, host(sid).clientPort(), writer);
        runUntil(writer::isOver);
        happened.add(writer.acknowledged() + " of " + count + " acknowledged");
    }

    private void status() {
        for (SimHost host : world.hosts()) {
            if (host.isUp()) {
                happened.add("server " + host.sid() + ": " + status(host));
            }
        }
    }

    private static String status(SimHost host) {
        if (!(host.process() instanceof SimProcess)) {
            return host.server().describe();
        }
        PeerStatus status = host.peer().status();
        return status.role() + (status.leader() == null ? "" : " " + status.leader()) + " in round " + status.round()
                + ", epoch " + status.currentEpoch() + ", logged " + show(status.lastLogged())
                + (status.isServing() ? "" : ", not serving");
    }

    private static String show(Zxid zxid) {
        return "(" + zxid.epoch() + "," + zxid.counter() + ")";
    }

    // --- the world ---------------------------------------------------------------------------------------------------

    private SimHost host(int sid) {
        return world.hosts().get(sid - 1);
    }

    private static int sid(String word) {
        return Integer.parseInt(word);
    }

    private void runFor(long millis) {
        world.heap().runUntil(world.heap().nowNanos() + millis * MILLI);
    }

    private void runUntil(BooleanSupplier condition) {
        long limit = world.heap().nowNanos() + SETTLE_LIMIT_MILLIS * MILLI;
        while (!condition.getAsBoolean()) {
            if (world.heap().nowNanos() > limit) {
                happened.add("not within " + SETTLE_LIMIT_MILLIS + " ms");
                return;
            }
            runFor(10);
        }
    }

    /** Picks from the trace what a reader wants to know. */
    private void read(String step) {
        Matcher head = STEP.matcher(step.lines().findFirst().orElse(""));
        if (!head.matches()) {
            return;
        }
        if (head.group(2).startsWith("** decides: ")) {
            happened.add("server " + head.group(1) + " " + head.group(2).substring("** decides: ".length()));
        }
        step.lines().skip(1).forEach(line -> {
            for (Shown shown : SHOWN) {
                Matcher found = shown.pattern.matcher(line);
                if (line.contains("-> trace ") && found.find()) {
                    String text = found.group().replaceFirst(shown.pattern.pattern(), shown.text);
                    happened.add("server " + head.group(1) + " " + text);
                }
            }
        });
    }
}
