package io.matriarch.candidate;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the candidates under a path are named, so that candidates of other libraries can take part in one election with
 * ours (client.md 20.4). All who compete under one path must use one layout. Whatever the layout, the number that the
 * server appends decides.
 */
public enum Layout {
    /** {@code _c_<uuid>-candidate-NNNNNNNNNN}: our own. */
    MATRIARCH("_c_", "-candidate-"),

    /** {@code _c_<uuid>-latch-NNNNNNNNNN}: Curator's LeaderLatch; so also Marathon and Chronos. */
    CURATOR_LATCH("_c_", "-latch-"),

    /** {@code _c_<uuid>-lock-NNNNNNNNNN}: Curator's LeaderSelector and InterProcessMutex. */
    CURATOR_SELECTOR("_c_", "-lock-"),

    /** {@code <32 hex digits>__lock__NNNNNNNNNN}: kazoo's Election and Lock. */
    KAZOO("", "__lock__"),

    /**
     * {@code json.info_NNNNNNNNNN}: Mesos masters. The content must be their JSON. Such a name holds nothing of its
     * candidate's own, so that priorities cannot be used.
     */
    MESOS("json.info_", null),

    /** Our own lock, for reading. */
    READ("_c_", "-read-"),

    /** Our own lock, for writing. */
    WRITE("_c_", "-write-"),

    /** A member of a group. */
    MEMBER("_c_", "-member-");

    /** Bounds what a name says about its candidate's priority. */
    static final int MAX_PRIORITY = 9999;

    private static final Pattern PRIORITY = Pattern.compile("-p(\\d{1,4})(?=-|__)");

    private final String start;
    private final @Nullable String label;

    Layout(String start, @Nullable String label) {
        this.start = start;
        this.label = label;
    }

    /** Whether a name shows whose it is, so that a znode whose creation was not answered can be recognised. */
    boolean isProtected() {
        return label != null;
    }

    /** The beginning of a candidate's name, all but the number; only this candidate's if {@link #isProtected}. */
    String prefix(UUID id, int priority) {
        if (label == null) {
            return start;
        }
        String unique = this == KAZOO ? id.toString().replace("-", "") : id.toString();
        return start + unique + (priority == 0 ? "" : String.format(Locale.ROOT, "-p%d", priority)) + label;
    }

    /** The priority that {@code name} says, 0 if none. */
    static int priorityOf(String name) {
        Matcher matcher = PRIORITY.matcher(name);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** Whether {@code name} is one of this layout. */
    boolean isNameOf(String name) {
        return label == null ? name.startsWith(start) : name.startsWith(start) && name.contains(label);
    }
}
