package io.matriarch.sim.world;

import io.matriarch.sim.time.Chance;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.util.List;

/**
 * What comes to the election port of a server of ours and is of no use: frames that cannot be read, from members and from
 * others, and words of servers that are no members (election.md 2.5, 8.11). None of it claims to be a member's word.
 */
final class Strangers {
    private static final long MILLI = 1_000_000;
    private static final int STRANGER = 99;
    /** Above every round and epoch of a world. */
    private static final int HIGH = 1_000_000;

    private final World world;
    private final Chance chance;

    Strangers(World world, Chance chance) {
        this.world = world;
        this.chance = chance;
    }

    /** A few frames, one after the other. */
    void visit(SimHost host) {
        long at = 0;
        for (int left = (int) chance.between(1, 6); left > 0; left--) {
            at += chance.between(0, 20) * MILLI;
            boolean isOfMember = chance.hits(0.3);
            int from = isOfMember ? chance.pick(world.hosts()).sid() : STRANGER;
            Bytes frame = isOfMember || chance.hits(0.3)
                    ? unreadable()
                    : word(!world.plan().isReconfigurable()).encode();
            world.heap().after(at, () -> host.frame(from, frame));
            if (chance.hits(0.5)) {
                world.heap()
                        .after(
                                at,
                                () -> host.frameIfServing(STRANGER, word(true).encode()));
            }
        }
    }

    /** Too short, or with a state that is none, or with less of a configuration than it says. */
    private Bytes unreadable() {
        byte[] bytes = new byte[(int) chance.between(0, 60)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) chance.below(256);
        }
        boolean isLong = bytes.length >= 4;
        if (isLong) {
            bytes[0] = -1; // no state is negative
        }
        return Bytes.wrap(bytes);
    }

    /** It votes for itself or for a member, in a high round, with a history above all, and brings a configuration. */
    private Notification word(boolean isConfigurationRead) {
        PeerState state =
                chance.pick(List.of(PeerState.LOOKING, PeerState.LOOKING, PeerState.FOLLOWING, PeerState.LEADING));
        int leader = chance.hits(0.5) ? STRANGER : chance.pick(world.hosts()).sid();
        long round = chance.hits(0.5) ? HIGH : chance.between(1, 10);
        return new Notification(
                state,
                new ServerId(leader),
                Zxid.of(HIGH, 1),
                round,
                HIGH,
                Notification.VERSION,
                configuration(isConfigurationRead));
    }

    /**
     * Where members change, servers that look for a leader take over what they can read, as Apache's do: it is to be none there.
     * To those that serve it may be one.
     */
    private static String configuration(boolean isRead) {
        String version = "version=" + Long.toHexString(Zxid.of(HIGH, 1).value());
        return (isRead ? "server.99=10.0.0.99:2888:3888:participant\n" : "server.x=nowhere:y\n") + version;
    }
}
