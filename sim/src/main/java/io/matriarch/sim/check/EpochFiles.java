package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.wire.Bytes;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The two epochs of a server as its disk would show them after a power loss at this moment. */
public final class EpochFiles {
    private final int sid;
    private final Function<String, @Nullable Bytes> durableFile;
    private long highestAccepted;
    private long highestCurrent;

    /** {@code durableFile}: the durable content of {@code acceptedEpoch} or {@code currentEpoch}, null if missing. */
    public EpochFiles(int sid, Function<String, @Nullable Bytes> durableFile) {
        this.sid = sid;
        this.durableFile = durableFile;
    }

    /** 0 if there is no file. */
    long accepted() {
        return read("acceptedEpoch");
    }

    /** 0 if there is no file. */
    long current() {
        return read("currentEpoch");
    }

    /** The files are gone with their disk. */
    void diskLost() {
        highestAccepted = 0;
        highestCurrent = 0;
    }

    /** To be called whenever something on the disk may have changed. */
    public void check(ServerLog log) {
        long accepted = accepted();
        long current = current();
        require(
                accepted >= highestAccepted && current >= highestCurrent,
                Invariant.EPOCHS_ON_DISK,
                () -> "server " + sid + " has acceptedEpoch " + accepted + " and currentEpoch " + current
                        + " on disk after " + highestAccepted + " and " + highestCurrent);
        require(
                current <= accepted,
                Invariant.EPOCHS_ON_DISK,
                () -> "server " + sid + " has currentEpoch " + current + " above acceptedEpoch " + accepted
                        + " on disk");
        long logged = Zxids.epoch(log.lastForced());
        require(
                logged <= accepted,
                Invariant.EPOCHS_ON_DISK,
                () -> "server " + sid + " has forced " + Zxids.show(log.lastForced()) + " with acceptedEpoch "
                        + accepted + " on disk");
        highestAccepted = accepted;
        highestCurrent = current;
    }

    private long read(String name) {
        Bytes content = durableFile.apply(name);
        if (content == null || content.isEmpty()) {
            return 0;
        }
        String text = content.asUtf8().strip();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvariantViolation(
                    Invariant.EPOCHS_ON_DISK, "server " + sid + " has '" + text + "' in " + name, e);
        }
    }
}
