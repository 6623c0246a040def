package io.matriarch.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rules for paths of znodes (client.md 8) and the two questions asked of valid ones. */
public final class ZnodePath {
    /** The root. */
    public static final String ROOT = "/";

    private ZnodePath() {}

    /** Whether {@code path} may name a znode. */
    public static boolean isValid(@Nullable String path) {
        return whyInvalid(path) == null;
    }

    /** Why {@code path} may not name a znode; null if it may. */
    public static @Nullable String whyInvalid(@Nullable String path) {
        if (path == null) {
            return "path is null";
        }
        if (path.isEmpty()) {
            return "path is empty";
        }
        if (path.charAt(0) != '/') {
            return "path does not start with /";
        }
        int length = path.length();
        if (length == 1) {
            return null;
        }
        if (path.charAt(length - 1) == '/') {
            return "path ends with /";
        }
        int componentStart = 1;
        for (int i = 1; i < length; i++) {
            char c = path.charAt(i);
            if (c == '/') {
                String reason = whyInvalidComponent(path, componentStart, i);
                if (reason != null) {
                    return reason;
                }
                componentStart = i + 1;
            } else if (isForbidden(c)) {
                return String.format(Locale.ROOT, "path has the forbidden character U+%04X at index %d", (int) c, i);
            }
        }
        return whyInvalidComponent(path, componentStart, length);
    }

    /** The path of the parent of a valid path that is not the root. */
    public static String parentOf(String path) {
        int slash = path.lastIndexOf('/');
        if (slash < 0 || path.length() == 1) {
            throw new IllegalArgumentException("no parent: " + path);
        }
        return slash == 0 ? ROOT : path.substring(0, slash);
    }

    /** The last component of a valid path; empty for the root. */
    public static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static @Nullable String whyInvalidComponent(String path, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return "path has an empty component at index " + from;
        }
        if (path.charAt(from) == '.' && (length == 1 || (length == 2 && path.charAt(from + 1) == '.'))) {
            return "path has a relative component at index " + from;
        }
        return null;
    }

    private static boolean isForbidden(char c) {
        if (c >= 0x20 && c < 0x7f) {
            return false;
        }
        return c <= 0x9f || (c >= 0xd800 && c <= 0xf8ff) || c >= 0xfff0;
    }
}
