package io.matriarch.core.quorum;

import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The text of a configuration, as it stands in notifications, in NEWLEADER, in its znode and in files (election.md 5.2). */
final class ConfigurationText {
    private static final String SERVER = "server.";
    private static final String GROUP = "group.";
    private static final String WEIGHT = "weight.";
    private static final String VERSION = "version=";

    private final SortedMap<ServerId, Member> members = new TreeMap<>();
    private final SortedMap<Long, Set<ServerId>> groups = new TreeMap<>();
    private final SortedMap<ServerId, Long> weights = new TreeMap<>();
    private long version;

    private ConfigurationText() {}

    static String text(Configuration configuration) {
        StringBuilder text = new StringBuilder();
        for (Member member : configuration.members().values()) {
            text.append(SERVER)
                    .append(member.sid())
                    .append('=')
                    .append(member.text())
                    .append('\n');
        }
        QuorumGroups grouped = configuration.groups();
        text.append(grouped == null ? "" : grouped.configText());
        return text.append("version=")
                .append(Long.toHexString(configuration.version()))
                .toString();
    }

    static Configuration parse(String text) {
        ConfigurationText read = new ConfigurationText();
        for (String line : text.split("[\r\n]+")) {
            String content = line.strip();
            if (!content.isEmpty() && content.charAt(0) != '#') {
                read.line(content);
            }
        }
        try {
            return new Configuration(read.version, read.members, read.quorumGroups());
        } catch (IllegalArgumentException e) {
            throw new MalformedException("a configuration in which nobody can decide: " + e.getMessage());
        }
    }

    /** The last line that names a version is the last line of most texts. Throws MalformedException if it is no number. */
    static long versionIn(String text) {
        int at = text.lastIndexOf(VERSION);
        if (at < 0) {
            return 0;
        }
        int end = text.indexOf('\n', at);
        return hexOf(text.substring(at + VERSION.length(), end < 0 ? text.length() : end)
                .strip());
    }

    private void line(String line) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new MalformedException("'" + line + "' is no key=value");
        }
        String key = line.substring(0, equals).strip();
        String value = line.substring(equals + 1).strip();
        if (key.equals("version")) {
            version = hexOf(value);
        } else if (key.startsWith(SERVER)) {
            ServerId sid = sidOf(key.substring(SERVER.length()));
            if (members.putIfAbsent(sid, Member.parse(sid, value)) != null) {
                throw new MalformedException("server " + sid + " stands there twice");
            }
        } else if (key.startsWith(GROUP)) {
            Set<ServerId> sids = new TreeSet<>();
            for (String sid : value.split(":", -1)) {
                sids.add(sidOf(sid.strip()));
            }
            groups.put(numberOf(key.substring(GROUP.length())), sids);
        } else if (key.startsWith(WEIGHT)) {
            weights.put(sidOf(key.substring(WEIGHT.length())), numberOf(value));
        } else {
            throw new MalformedException("'" + key + "' is no server, group, weight or version");
        }
    }

    private @Nullable QuorumGroups quorumGroups() {
        if (groups.isEmpty() && weights.isEmpty()) {
            return null;
        }
        Set<ServerId> grouped = new TreeSet<>();
        for (Map.Entry<Long, Set<ServerId>> group : groups.entrySet()) {
            for (ServerId sid : group.getValue()) {
                if (!members.containsKey(sid) || !grouped.add(sid)) {
                    throw new MalformedException("server " + sid + " of group " + group.getKey()
                            + " must be a member, and in one group only");
                }
            }
        }
        for (Member member : members.values()) {
            if (member.isParticipant() && !grouped.contains(member.sid())) {
                throw new MalformedException("server " + member.sid() + " is in no group");
            }
        }
        if (weights.values().stream().anyMatch(weight -> weight < 0 || weight > Integer.MAX_VALUE)) {
            throw new MalformedException("a weight must be a number from 0 to " + Integer.MAX_VALUE);
        }
        return new QuorumGroups(groups, weights);
    }

    private static ServerId sidOf(String text) {
        return new ServerId(numberOf(text));
    }

    private static long numberOf(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedException("'" + text + "' must be a number");
        }
    }

    private static long hexOf(String text) {
        try {
            return Long.parseLong(text, 16);
        } catch (NumberFormatException e) {
            throw new MalformedException("version '" + text + "' must be a number in hexadecimal digits");
        }
    }
}
