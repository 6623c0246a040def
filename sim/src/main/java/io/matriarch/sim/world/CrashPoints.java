package io.matriarch.sim.world;

import io.matriarch.core.port.Effect;
import io.matriarch.sim.time.Chance;
import io.matriarch.wire.disk.SnapshotPiece;
import io.matriarch.wire.quorum.PacketType;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Ends a process right before or right after the next step of a drawn kind: where recovery is hardest. */
final class CrashPoints {
    private record Point(String name, Predicate<Effect> matches) {}

    private static final List<Point> POINTS = List.of(
            new Point("storing the accepted epoch", effect -> effect instanceof Effect.StoreAcceptedEpoch),
            new Point("storing the current epoch", effect -> effect instanceof Effect.StoreCurrentEpoch),
            new Point("truncating", effect -> effect instanceof Effect.Truncate),
            new Point("installing a snapshot", effect -> effect instanceof Effect.InstallSnapshot),
            new Point("writing a snapshot", effect -> effect instanceof Effect.WriteSnapshot),
            new Point("finishing a snapshot", effect -> effect instanceof Effect.FinishSnapshot),
            new Point("sending a piece of a snapshot", effect -> effect instanceof Effect.SendSnapshotPiece),
            new Point("reading the log for a learner", effect -> effect instanceof Effect.ReadLog),
            new Point("appending", effect -> effect instanceof Effect.Append),
            new Point("answering a client", effect -> effect instanceof Effect.SendReply),
            sending(PacketType.LEADERINFO),
            sending(PacketType.ACKEPOCH),
            sending(PacketType.NEWLEADER),
            sending(PacketType.ACK),
            sending(PacketType.UPTODATE),
            sending(PacketType.PROPOSAL),
            sending(PacketType.COMMIT),
            sending(PacketType.TRUNC),
            sending(PacketType.DIFF));

    /** Not among those that are drawn: {@link Fault#CUT_SNAPSHOT}. */
    private static final Point SNAPSHOT_SENT = new Point(
            "sending the last piece of a snapshot",
            effect -> effect instanceof Effect.SendSnapshotPiece send && send.piece() instanceof SnapshotPiece.End);

    /** The same: {@link Fault#CUT_TRUNCATION}. */
    private static final Point TRUNCATION_SENT = sending(PacketType.TRUNC);

    private final SimHost host;
    private final Chance chance;
    private @Nullable Point armed;
    private boolean isAfter;
    private boolean isPowerLost;
    private int remaining;

    CrashPoints(SimHost host, Chance chance) {
        this.host = host;
        this.chance = chance;
    }

    /** Draws a point; a process that never comes there is not hurt. */
    void arm() {
        armed = chance.pick(POINTS);
        isAfter = chance.hits(0.5);
        isPowerLost = chance.hits(0.5);
        remaining = chance.hits(0.7) ? 1 : (int) chance.between(2, 20);
    }

    /** Ends the process when it has sent a whole snapshot, and nothing behind it. */
    void armForSnapshot() {
        armFor(SNAPSHOT_SENT);
    }

    /** Ends the process when it has told a learner to cut its log, and nothing behind it. */
    void armForTruncation() {
        armFor(TRUNCATION_SENT);
    }

    private void armFor(Point point) {
        armed = point;
        isAfter = true;
        isPowerLost = false;
        remaining = 1;
    }

    void disarm() {
        armed = null;
    }

    void before(Effect effect) {
        if (armed != null && armed.matches.test(effect) && --remaining == 0 && !isAfter) {
            crash("right before " + armed.name);
        }
    }

    void after() {
        if (armed != null && isAfter && remaining == 0) {
            crash("right after " + armed.name);
        }
    }

    private void crash(String when) {
        armed = null;
        if (isPowerLost) {
            host.losePower(when);
        } else {
            host.kill("killed " + when);
        }
    }

    private static Point sending(int type) {
        return new Point(
                "sending " + PacketType.name(type),
                effect -> effect instanceof Effect.SendPacket send
                        && send.packet().type() == type);
    }
}
