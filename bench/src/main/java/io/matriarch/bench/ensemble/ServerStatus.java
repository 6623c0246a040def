package io.matriarch.bench.ensemble;

import java.util.Optional;

/**
 * What a serving server says of itself in answer to {@code srvr}.
 *
 * @param mode standalone, leader, follower, observer or read-only
 * @param zxid last transaction it processed
 */
public record ServerStatus(String mode, long zxid) {
    private static final String MODE = "Mode: ";
    private static final String ZXID = "Zxid: 0x";

    /** Whether it leads an ensemble. */
    public boolean isLeader() {
        return mode.equals("leader");
    }

    /** Whether it follows a leader. */
    public boolean isFollower() {
        return mode.equals("follower");
    }

    /** Reads the answer; empty if it is not that of a serving server. */
    static Optional<ServerStatus> parse(String srvr) {
        String mode = null;
        long zxid = -1;
        for (String line : srvr.split("\n")) {
            if (line.startsWith(MODE)) {
                mode = line.substring(MODE.length()).trim();
            } else if (line.startsWith(ZXID)) {
                zxid = Long.parseUnsignedLong(line.substring(ZXID.length()).trim(), 16);
            }
        }
        return mode == null ? Optional.empty() : Optional.of(new ServerStatus(mode, zxid));
    }
}
