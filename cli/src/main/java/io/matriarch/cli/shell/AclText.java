package io.matriarch.cli.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/** ACLs as {@code scheme:id:perms[,…]}. An id may hold colons and commas: an entry ends with its permissions. */
final class AclText {
    private static final Pattern ENTRY = Pattern.compile("([^:,]+):(.*?):([cdrwa]+)(?:,|$)");
    private static final String LETTERS = "cdrwa";
    private static final int[] BITS = {Perms.CREATE, Perms.DELETE, Perms.READ, Perms.WRITE, Perms.ADMIN};

    private AclText() {}

    static List<ACL> parse(String text) throws ShellException {
        List<ACL> acl = new ArrayList<>();
        Matcher entry = ENTRY.matcher(text);
        int end = 0;
        while (end < text.length() && entry.find(end) && entry.start() == end) {
            acl.add(new ACL(bits(entry.group(3)), new Id(entry.group(1), entry.group(2))));
            end = entry.end();
        }
        if (acl.isEmpty() || end < text.length()) {
            throw ShellException.usage("'" + text.substring(end)
                    + "' is no ACL; write scheme:id:perms[,…] with perms of the letters " + LETTERS
                    + ", as in world:anyone:r,auth::cdrwa");
        }
        return acl;
    }

    private static int bits(String letters) {
        int bits = 0;
        for (int i = 0; i < LETTERS.length(); i++) {
            if (letters.indexOf(LETTERS.charAt(i)) >= 0) {
                bits |= BITS[i];
            }
        }
        return bits;
    }

    static String letters(int bits) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < LETTERS.length(); i++) {
            if ((bits & BITS[i]) != 0) {
                letters.append(LETTERS.charAt(i));
            }
        }
        return letters.toString();
    }

    /** Two lines per entry, as zkCli writes them. */
    static String text(List<ACL> acl) {
        List<String> lines = new ArrayList<>();
        for (ACL entry : acl) {
            lines.add("'" + entry.getId().getScheme() + ",'" + entry.getId().getId());
            lines.add(": " + letters(entry.getPerms()));
        }
        return String.join("\n", lines);
    }

    static List<Map<String, Object>> fields(List<ACL> acl) {
        List<Map<String, Object>> fields = new ArrayList<>();
        for (ACL entry : acl) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("scheme", entry.getId().getScheme());
            one.put("id", entry.getId().getId());
            one.put("perms", letters(entry.getPerms()));
            fields.add(one);
        }
        return fields;
    }
}
