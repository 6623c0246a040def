package io.matriarch.server.client;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code lead N}, a line feed behind it: server N is to lead. The one word that changes something, and the one with an
 * argument: it is taken from this machine, or from anywhere if the whitelist names it; {@code *} does not.
 */
final class LeadWord {
    static final String NAME = "lead";
    /** A line with any server id fits. */
    static final int MAX_BYTES = 32;

    static final String USAGE = "refused: lead needs a server's id behind it, and a line feed: lead 2\n";

    private LeadWord() {}

    /** Whether the line has come to its end, or is none. */
    static boolean isComplete(Bytes received) {
        int last = received.length() - 1;
        return received.length() >= MAX_BYTES || (last >= 0 && received.array()[received.offset() + last] == '\n');
    }

    /** The refusal for a caller from {@code remote}; null if it may. */
    static @Nullable String refusal(Set<String> whitelist, SocketAddress remote) {
        boolean isLocal = remote instanceof InetSocketAddress internet
                && internet.getAddress().isLoopbackAddress();
        return isLocal || whitelist.contains(NAME)
                ? null
                : "refused: lead is taken from this machine only, unless 4lw.commands.whitelist names it\n";
    }

    /** The server that the line names; null if it names none. */
    static @Nullable ServerId server(Bytes line) {
        String text = new String(line.array(), line.offset(), line.length(), StandardCharsets.US_ASCII);
        try {
            return new ServerId(Long.parseLong(text.substring(NAME.length()).strip()));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
