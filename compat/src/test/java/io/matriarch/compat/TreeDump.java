package io.matriarch.compat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** A whole tree as text, one line per znode with all that the protocol shows of it: data, every field of Stat, ACL. */
final class TreeDump {
    private TreeDump() {}

    private static final String BUILT_IN = "/zookeeper";

    /** Each server writes it for itself when it learns of a configuration (zab.md 14). */
    private static final String CONFIGURATION = BUILT_IN + "/config";

    /** The tree that this client's server has, without the built-in znodes under /zookeeper. */
    static List<String> of(ZooKeeper client) throws KeeperException, InterruptedException {
        List<String> lines = new ArrayList<>();
        dump(client, "/", BUILT_IN, lines);
        return lines;
    }

    /** The tree that this client's server has, without the configuration. */
    static List<String> withBuiltIn(ZooKeeper client) throws KeeperException, InterruptedException {
        List<String> lines = new ArrayList<>();
        dump(client, "/", CONFIGURATION, lines);
        return lines;
    }

    private static void dump(ZooKeeper client, String path, String excluded, List<String> lines)
            throws KeeperException, InterruptedException {
        Stat stat = new Stat();
        byte[] data = client.getData(path, false, stat);
        String text = data == null ? "null" : "'" + new String(data, StandardCharsets.UTF_8) + "'";
        lines.add(path + " " + text + " czxid=" + Long.toHexString(stat.getCzxid()) + " mzxid="
                + Long.toHexString(stat.getMzxid()) + " pzxid=" + Long.toHexString(stat.getPzxid()) + " ctime="
                + stat.getCtime() + " mtime=" + stat.getMtime() + " version=" + stat.getVersion() + " cversion="
                + stat.getCversion() + " aversion=" + stat.getAversion() + " owner="
                + Long.toHexString(stat.getEphemeralOwner()) + " length=" + stat.getDataLength() + " children="
                + stat.getNumChildren() + " acl=" + client.getACL(path, null));
        for (String child : client.getChildren(path, false).stream().sorted().toList()) {
            String childPath = path.equals("/") ? "/" + child : path + "/" + child;
            if (!childPath.equals(excluded)) {
                dump(client, childPath, excluded, lines);
            }
        }
    }
}
