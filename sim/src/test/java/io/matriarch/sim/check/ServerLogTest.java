package io.matriarch.sim.check;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.Effect;
import io.matriarch.wire.Zxid;
import org.junit.jupiter.api.Test;

/** zab.md 18.41 and 18.43: what a server may find on its disk after a crash. */
class ServerLogTest {
    private static final Zxid OLDER = Zxid.of(1, 0);
    private static final Zxid NEWER = Zxid.of(2, 0);

    private final Proposals proposals = new Proposals(new TxnBounds(1000, 1000));
    private final ServerLog log = new ServerLog(1, proposals);

    ServerLogTest() {
        proposals.snapshotSent(OLDER.value(), new ZxidList());
        proposals.snapshotSent(NEWER.value(), new ZxidList());
    }

    private static ServerLog.Found snapshotAt(Zxid zxid) {
        ServerLog.Found found = new ServerLog.Found();
        found.snapshot(zxid);
        return found;
    }

    private void installs(Zxid zxid) {
        Effect.InstallSnapshot install = new Effect.InstallSnapshot(1, 1, zxid);
        log.begun(install);
        log.done(install);
    }

    @Test
    void anInterruptedInstallationOfAnOlderSnapshotLeavesTheOldOneOrThatOne() {
        installs(NEWER);
        log.begun(new Effect.InstallSnapshot(2, 2, OLDER));
        assertThatCode(() -> log.recovered(snapshotAt(OLDER))).doesNotThrowAnyException();
        installs(NEWER);
        log.begun(new Effect.InstallSnapshot(2, 2, OLDER));
        assertThatCode(() -> log.recovered(snapshotAt(NEWER))).doesNotThrowAnyException();
    }

    @Test
    void anInstalledSnapshotIsNotLost() {
        installs(NEWER);
        assertThatThrownBy(() -> log.recovered(snapshotAt(OLDER))).isInstanceOf(InvariantViolation.class);
    }

    /** Seed 2010781: an Apache server took a snapshot of a tail that nobody had committed (D21), and was told to cut it. */
    @Test
    void anInstalledSnapshotIsGoneWhenTheLogIsCutBelowIt() {
        installs(NEWER);
        Effect.Truncate cut = new Effect.Truncate(2, OLDER);
        log.begun(cut);
        log.done(cut);
        assertThatCode(() -> log.recovered(snapshotAt(OLDER))).doesNotThrowAnyException();
    }

    @Test
    void aSnapshotAtTheCutOrBelowIsNotLost() {
        installs(NEWER);
        Effect.Truncate cut = new Effect.Truncate(2, NEWER);
        log.begun(cut);
        log.done(cut);
        assertThatThrownBy(() -> log.recovered(snapshotAt(OLDER))).isInstanceOf(InvariantViolation.class);
    }
}
