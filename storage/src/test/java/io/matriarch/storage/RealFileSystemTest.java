package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lane on the machine's own files. */
class RealFileSystemTest {
    @TempDir
    private Path directory;

    @Test
    void aLifeAcrossRestarts() throws IOException {
        StorageOptions options = StorageOptions.in(directory.resolve("a/data").toString())
                .withLogDir(directory.resolve("b/log").toString());
        StorageLane lane = StorageLane.open(new RealFileSystem(), options, new RecoveredHistory());
        Histories.appendRange(lane, 0x1_0000_0001L, 0x1_0000_0064L);
        Histories.writePieces(lane, 1, Zxid.of(1, 100), List.of("hundred"));
        lane.finishSnapshot(new Effect.FinishSnapshot(1, Zxid.of(1, 100)));
        lane.close();

        lane = StorageLane.open(new RealFileSystem(), options, new RecoveredHistory());
        Histories.appendRange(lane, 0x1_0000_0065L, 0x1_0000_00C8L);
        lane.perform(new Effect.Truncate(1000, Zxid.of(1, 150)));
        lane.perform(new Effect.StoreAcceptedEpoch(1001, 4));
        lane.close();

        RecoveredHistory found = new RecoveredHistory();
        StorageLane.open(new RealFileSystem(), options, found).close();
        assertThat(found.base).isEqualTo(Zxid.of(1, 100));
        assertThat(found.zxids()).hasSize(50).last().isEqualTo(Zxid.of(1, 150));
        assertThat(found.acceptedEpoch).isEqualTo(4);
        assertThat(new RealFileSystem()
                        .list(directory.resolve("a/data/version-2").toString()))
                .containsExactly("acceptedEpoch", "contiguous", "currentEpoch", "snapshot.0", "snapshot.100000064");
    }

    @Test
    void filesGrowByThePreallocation() throws IOException {
        StorageOptions options = StorageOptions.in(directory.toString());
        StorageLane lane = StorageLane.open(new RealFileSystem(), options, new RecoveredHistory());
        Histories.appendRange(lane, 1, 1);
        lane.close();
        assertThat(Files.size(directory.resolve("version-2/log.1"))).isEqualTo(64 << 20);
        RecoveredHistory found = new RecoveredHistory();
        StorageLane.open(new RealFileSystem(), options, found).close();
        assertThat(found.zxids()).containsExactly(new Zxid(1));
    }
}
