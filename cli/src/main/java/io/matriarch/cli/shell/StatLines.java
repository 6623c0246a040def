package io.matriarch.cli.shell;

import io.matriarch.cli.terminal.Ink;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.zookeeper.data.Stat;

/** A znode's Stat: zkCli's eleven lines for people, and as many fields for programs. */
final class StatLines {
    private StatLines() {}

    /** One {@code name = value} per line, names as zkCli writes them; zxids and sessions in hexadecimal, times in UTC. */
    static String text(Screen screen, Stat stat) {
        StringJoiner lines = new StringJoiner("\n");
        Map<String, Object> fields = fields(stat);
        zkCliNames().forEach((field, name) -> lines.add(screen.ink(Ink.FAINT, name + " =") + " " + fields.get(field)));
        return lines.toString();
    }

    /** All fields, under the names of the protocol. */
    static Map<String, Object> fields(Stat stat) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("czxid", hex(stat.getCzxid()));
        fields.put("ctime", Instant.ofEpochMilli(stat.getCtime()).toString());
        fields.put("mzxid", hex(stat.getMzxid()));
        fields.put("mtime", Instant.ofEpochMilli(stat.getMtime()).toString());
        fields.put("pzxid", hex(stat.getPzxid()));
        fields.put("cversion", stat.getCversion());
        fields.put("version", stat.getVersion());
        fields.put("aversion", stat.getAversion());
        fields.put("ephemeralOwner", hex(stat.getEphemeralOwner()));
        fields.put("dataLength", stat.getDataLength());
        fields.put("numChildren", stat.getNumChildren());
        return fields;
    }

    private static Map<String, String> zkCliNames() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("czxid", "cZxid");
        names.put("ctime", "ctime");
        names.put("mzxid", "mZxid");
        names.put("mtime", "mtime");
        names.put("pzxid", "pZxid");
        names.put("cversion", "cversion");
        names.put("version", "dataVersion");
        names.put("aversion", "aclVersion");
        names.put("ephemeralOwner", "ephemeralOwner");
        names.put("dataLength", "dataLength");
        names.put("numChildren", "numChildren");
        return names;
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
