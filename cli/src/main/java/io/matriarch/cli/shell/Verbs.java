package io.matriarch.cli.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** All commands there are. */
final class Verbs {
    /**
     * One command.
     *
     * @param synopsis its options and arguments as help shows them, also where completion finds the options
     * @param what one sentence
     * @param verb makes it anew for each use
     */
    record Entry(String name, String synopsis, String what, Supplier<Verb> verb) {
        /** Its options, as typed. */
        List<String> options() {
            List<String> options = new ArrayList<>();
            for (String word : synopsis.split("[\\s\\[\\]|]+")) {
                if (word.startsWith("-")) {
                    options.add(word);
                }
            }
            return options;
        }

        /** Whether its first argument is the path of a znode. */
        boolean takesPath() {
            return synopsis.contains(" PATH") || synopsis.contains("[PATH]");
        }
    }

    private static final Map<String, Entry> ALL = new LinkedHashMap<>();
    /** Names of old, as zkCli has them. */
    private static final Map<String, String> ALIASES =
            Map.of("rmr", "deleteall", "exit", "quit", "?", "help", "addwatch", "addWatch");

    private Verbs() {}

    static {
        add("ls", "ls [-s] [-w] [-R] PATH", "List children; -s with Stat, -w watch, -R all below.", Reading.Ls::new);
        add("ls2", "ls2 [-w] [-R] PATH", "The old name of ls -s.", Reading.Ls::withStat);
        add(
                "get",
                "get [-s] [-w] [-b] [-x] PATH",
                "Show data; -s with Stat, -w watch, -b as base64, -x as hex dump.",
                Reading.Get::new);
        add("stat", "stat [-w] PATH", "Show the Stat; -w watch.", Reading.ShowStat::new);
        add("getAllChildrenNumber", "getAllChildrenNumber PATH", "Count the znodes below.", Reading.CountBelow::new);
        add("getEphemerals", "getEphemerals [PATH]", "List this session's ephemeral znodes.", Reading.Ephemerals::new);
        add(
                "create",
                "create [-s] [-e] [-c] [-t TTL] PATH [DATA] [ACL]",
                "Create one; -s sequential, -e ephemeral, -c container, -t gone after TTL ms.",
                Writing.Create::new);
        add(
                "set",
                "set [-s] [-v VERSION] [-b] PATH DATA",
                "Replace data; -s with Stat, -v only this version, -b DATA is base64.",
                Writing.Overwrite::new);
        add("delete", "delete [-v VERSION] PATH", "Delete a znode; -v only this version.", Writing.Delete::new);
        add(
                "deleteall",
                "deleteall [-b BATCH] PATH",
                "Delete a znode with all below; -b so many at a time.",
                Writing.DeleteAll::new);
        add("sync", "sync PATH", "Wait until this server has what the leader has.", Writing.Sync::new);
        add("getAcl", "getAcl [-s] PATH", "Show the ACL; -s with Stat.", Access.GetAcl::new);
        add(
                "setAcl",
                "setAcl [-s] [-v VERSION] [-R] PATH ACL",
                "Replace the ACL; -s with Stat, -v only this ACL version, -R also below.",
                Access.SetAcl::new);
        add("addauth", "addauth SCHEME [AUTH]", "Authenticate this session.", Access.AddAuth::new);
        add("whoami", "whoami", "Show as whom this session is authenticated.", Access.WhoAmI::new);
        add(
                "addWatch",
                "addWatch [-m MODE] PATH",
                "Watch until removed; MODE PERSISTENT or (default) PERSISTENT_RECURSIVE.",
                Watching.AddWatch::new);
        add(
                "removewatches",
                "removewatches [-c|-d|-a|-p|-r] [-l] PATH",
                "Remove watches of children, data, any, persistent, recursive; -l offline.",
                Watching.RemoveWatches::new);
        add("printwatches", "printwatches [on|off]", "Whether to tell when watches fire.", Watching.PrintWatches::new);
        add(
                "setquota",
                "setquota -n|-b|-N|-B VALUE PATH",
                "Limit znodes (-n, hard -N) or bytes (-b, hard -B).",
                Limiting.SetQuota::new);
        add("listquota", "listquota PATH", "Show limits and usage.", Limiting.ListQuota::new);
        add("delquota", "delquota [-n|-b|-N|-B] PATH", "Remove one limit, or all.", Limiting.DelQuota::new);
        add(
                "config",
                "config [-c] [-w] [-s]",
                "Show the members; -c only where clients connect, -w watch, -s with Stat.",
                Membership.Config::new);
        add(
                "reconfig",
                "reconfig [-s] [-v VERSION] [-file FILE | -members LIST] [-add LIST] [-remove IDS]",
                "Change the members; -v only if the configuration is this one, in hex.",
                Membership.Reconfig::new);
        add("connect", "connect [SERVERS]", "End the session and open another.", Steering.Connect::new);
        add("close", "close", "End the session.", Steering.Close::new);
        add("history", "history", "Show the last commands.", Steering.History::new);
        add("redo", "redo N", "Do command N of the history again.", Steering.Redo::new);
        add("version", "version", "Show versions.", Steering.ShowVersion::new);
        add("help", "help [COMMAND]", "List commands, or explain one.", Steering.Help::new);
        add("quit", "quit", "End the session and leave.", Steering.Quit::new);
    }

    private static void add(String name, String synopsis, String what, Supplier<Verb> verb) {
        ALL.put(name, new Entry(name, synopsis, what, verb));
    }

    static List<Entry> all() {
        return List.copyOf(ALL.values());
    }

    /** By its name or an older one; upper and lower case are one. */
    static Optional<Entry> named(String name) {
        String known = ALIASES.getOrDefault(name, name);
        return Optional.ofNullable(ALL.get(known)).or(() -> ALL.values().stream()
                .filter(entry -> entry.name.equalsIgnoreCase(known))
                .findFirst());
    }

    /** A name that was perhaps meant. */
    static Optional<String> nearestTo(String name) {
        String typed = name.toLowerCase(Locale.ROOT);
        return ALL.keySet().stream()
                .min(Comparator.comparingInt(known -> distance(typed, known.toLowerCase(Locale.ROOT))))
                .filter(known -> distance(typed, known.toLowerCase(Locale.ROOT)) <= Math.max(1, typed.length() / 3));
    }

    /** How many letters must be inserted, left out or replaced. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
