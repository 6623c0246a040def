package io.matriarch.core.zab;

import io.matriarch.core.port.Now;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.quorum.Heartbeat;
import io.matriarch.wire.quorum.QuorumPacket;
import org.jspecify.annotations.Nullable;

/**
 * A learner's side of short heartbeats ({@link Pulse}): it answers each, and when none has come for as long as the last one
 * said, the leader is lost, as if its link had broken.
 *
 * <p>Nobody else is blamed for one's own stall: who was away itself looks first whether a heartbeat has come meanwhile, and
 * whose own disk does not answer goes on waiting, up to {@code syncLimit}. Waiting longer is always safe.
 */
final class LeaderWatch {
    /** An alarm that rings so much later than it should says that this process did not run. */
    static final int STALL_MILLIS = 20;

    private final Zab zab;
    private final PingEchoes echoes;

    private long heard;
    private long heardNanos;
    private int patienceMillis;
    private long deadlineNanos = Long.MAX_VALUE;
    private boolean isJudging;
    private boolean hasLookedAgain;
    private boolean isEchoHeld;
    private long newestZxid;

    LeaderWatch(Zab zab, PingEchoes echoes) {
        this.zab = zab;
        this.echoes = echoes;
    }

    /** A short heartbeat came. It is answered when what came before it is on our disk. */
    void heard(QuorumPacket ping) {
        heard++;
        heardNanos = zab.now().nanos();
        patienceMillis = Heartbeat.decode(ping.data()).patienceMillis();
        deadlineNanos = zab.now().plusMillis(zab.rules().waitsForHeartbeats() ? patienceMillis : patienceMillis / 2);
        hasLookedAgain = false;
        newestZxid = ping.zxid();
        if (!isEchoHeld) {
            isEchoHeld = true;
            zab.gate().whenStored(this::echo);
        }
    }

    private void echo() {
        isEchoHeld = false;
        echoes.send(newestZxid);
    }

    void timePassed(Now now, Exit exit) {
        if (isJudging || !now.isAtOrAfter(deadlineNanos)) {
            return;
        }
        boolean wasAway = now.millisSince(deadlineNanos) > STALL_MILLIS;
        if (wasAway && !hasLookedAgain) {
            hasLookedAgain = true;
            deadlineNanos = now.plusMillis(Math.max(1, patienceMillis / HeartbeatConfig.BEATS));
            return;
        }
        isJudging = true;
        long heardBefore = heard;
        zab.gate().whenStored(() -> judge(heardBefore, exit));
    }

    private void judge(long heardBefore, Exit exit) {
        isJudging = false;
        if (heard == heardBefore) {
            exit.because("no heartbeat from the leader for " + zab.now().millisSince(heardNanos)
                    + " ms, more than its bound of " + patienceMillis + " ms");
        }
    }

    /** When {@link #timePassed} has something to do; Long.MAX_VALUE as long as no heartbeat came, or our own disk is due. */
    long deadlineNanos() {
        return isJudging ? Long.MAX_VALUE : deadlineNanos;
    }

    /** Whether this is a short heartbeat; the leader sends them to those only that asked. */
    static boolean isHeartbeat(QuorumPacket packet) {
        @Nullable Bytes data = packet.data();
        return packet.zxid() < 0 && data != null;
    }
}
