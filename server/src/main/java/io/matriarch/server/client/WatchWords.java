package io.matriarch.server.client;

import io.matriarch.core.request.ClientFigures;

/**
 * Who watches what: wchs, wchc and wchp, to the byte as Apache's server writes them (operations.md 3.2).
 *
 * <p>Compat: of data and existence only, watches on children are left out. Each word walks all watches, which is why Apache
 * advises against allowing the last two.
 */
final class WatchWords {
    private WatchWords() {}

    /** Takes part in the walk: how many groups of equal keys followed one another, and how many watches in all. */
    private static final class Groups {
        private Object last = "";
        private int groups;
        private int watches;

        /** Whether {@code key} begins a group. */
        boolean begins(Object key) {
            watches++;
            if (key.equals(last)) {
                return false;
            }
            last = key;
            groups++;
            return true;
        }
    }

    static String summary(ClientFigures clients) {
        Groups connections = new Groups();
        clients.visitWatches((sessionId, path) -> connections.begins(sessionId));
        Groups paths = new Groups();
        clients.visitWatchesByPath((sessionId, path) -> paths.begins(path));
        return connections.groups + " connections watching " + paths.groups + " paths\nTotal watches:" + paths.watches
                + "\n";
    }

    static String byConnection(ClientFigures clients) {
        LongAnswer text = new LongAnswer();
        Groups connections = new Groups();
        clients.visitWatches((sessionId, path) -> {
            if (connections.begins(sessionId)) {
                text.line("0x" + Long.toHexString(sessionId));
            }
            text.line("\t" + path);
        });
        return text + "\n";
    }

    static String byPath(ClientFigures clients) {
        LongAnswer text = new LongAnswer();
        Groups paths = new Groups();
        clients.visitWatchesByPath((sessionId, path) -> {
            if (paths.begins(path)) {
                text.line(path);
            }
            text.line("\t0x" + Long.toHexString(sessionId));
        });
        return text + "\n";
    }
}
