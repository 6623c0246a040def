package io.matriarch.compat;

import io.matriarch.bench.ensemble.Flavour;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What is wrong with an ensemble after a run, each thing by the name of the check that found it. {@code PlantedFaultsTest} shows that each check can fail. */
final class Verdict {
    private static final Pattern DIGEST_COMPLAINT =
            Pattern.compile("Digests are not matching|digest mismatch", Pattern.CASE_INSENSITIVE);

    private final List<Complaint> complaints = new ArrayList<>();

    /** The checks. */
    enum Check {
        /** A server lacks what was acknowledged to a client. */
        LOST,
        /** A znode, a field of its Stat, its data or its ACL is not the same on every server. */
        DIFFERING,
        /** A server says in its log that its tree's digest is not the one that it was told (disk.md 9). */
        DIGEST,
        /** A client's session did not live through it. */
        SESSION,
        /** A server of some kind was never seen in a role in which it should have been. */
        ROLE
    }

    /** One thing that is wrong. */
    record Complaint(Check check, String what) {
        @Override
        public String toString() {
            return check + ": " + what;
        }
    }

    /** Everything that is wrong. */
    List<Complaint> complaints() {
        return complaints;
    }

    /** What one check found. */
    List<String> of(Check check) {
        return complaints.stream()
                .filter(complaint -> complaint.check == check)
                .map(Complaint::what)
                .toList();
    }

    /**
     * Every server has every path that was acknowledged.
     *
     * @param trees lines of {@link TreeDump} by server
     */
    Verdict requireAll(Collection<String> acknowledged, SortedMap<String, List<String>> trees) {
        trees.forEach((server, tree) -> {
            Set<String> paths = byPath(tree).keySet();
            acknowledged.stream()
                    .filter(path -> !paths.contains(path))
                    .forEach(path -> add(Check.LOST, path + " at " + server));
        });
        return this;
    }

    /** Every znode is the same on every server. */
    Verdict requireEqual(SortedMap<String, List<String>> trees) {
        Map<String, Map<String, String>> linesByServer = new TreeMap<>();
        Set<String> paths = new TreeSet<>();
        trees.forEach((server, tree) -> {
            Map<String, String> lines = byPath(tree);
            linesByServer.put(server, lines);
            paths.addAll(lines.keySet());
        });
        for (String path : paths) {
            Map<String, List<String>> serversByLine = new LinkedHashMap<>();
            linesByServer.forEach((server, lines) -> serversByLine
                    .computeIfAbsent(lines.getOrDefault(path, "missing"), line -> new ArrayList<>())
                    .add(server));
            if (serversByLine.size() > 1) {
                List<String> sides = new ArrayList<>();
                serversByLine.forEach((line, servers) -> sides.add(String.join(", ", servers) + ": " + line));
                add(Check.DIFFERING, path + "\n  " + String.join("\n  ", sides));
            }
        }
        return this;
    }

    /** No line of the server's log complains of a digest. */
    Verdict requireNoDigestComplaint(String server, List<String> log) {
        log.stream()
                .filter(line -> DIGEST_COMPLAINT.matcher(line).find())
                .forEach(line -> add(Check.DIGEST, server + ": " + line));
        return this;
    }

    /** The writer has the session that it began with. */
    Verdict requireSession(Writer writer) {
        if (!writer.hasKeptSession()) {
            add(Check.SESSION, writer.path() + ": " + writer.events());
        }
        return this;
    }

    /** Servers of this kind were seen in each of these roles. */
    Verdict requireRoles(Flavour flavour, Set<String> seen, List<String> wanted) {
        wanted.stream()
                .filter(role -> !seen.contains(role))
                .forEach(role -> add(Check.ROLE, flavour.label() + " was never seen as " + role + ", only as " + seen));
        return this;
    }

    private void add(Check check, String what) {
        complaints.add(new Complaint(check, what));
    }

    private static Map<String, String> byPath(List<String> tree) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : tree) {
            int end = line.indexOf(' ');
            lines.put(line.substring(0, end), line.substring(end + 1));
        }
        return lines;
    }
}
