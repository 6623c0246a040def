package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.core.port.Effect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** acceptedEpoch and currentEpoch (disk.md 1.1, zab.md 16 and R28). */
class EpochTest {
    private static final String ACCEPTED = Histories.DIR + "/acceptedEpoch";
    private static final String CURRENT = Histories.DIR + "/currentEpoch";

    private static void put(MemoryFileSystem files, String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void expect(MemoryFileSystem files, long accepted, long current) {
        RecoveredHistory found = Histories.recover(files);
        assertThat(found.acceptedEpoch).isEqualTo(accepted);
        assertThat(found.currentEpoch).isEqualTo(current);
        assertThat(new String(files.bytes(ACCEPTED), StandardCharsets.US_ASCII)).isEqualTo(accepted + "\n");
        assertThat(new String(files.bytes(CURRENT), StandardCharsets.US_ASCII)).isEqualTo(current + "\n");
    }

    @Test
    void missingFilesAreMadeFromTheEpochOfTheLastZxid() {
        MemoryFileSystem files = Histories.directoryWith(3);
        files.remove(ACCEPTED);
        files.remove(CURRENT);
        expect(files, 1, 1);
    }

    @Test
    void aFileOfApacheWithoutALineEndIsRead() {
        MemoryFileSystem files = Histories.directoryWith(3);
        files.put(ACCEPTED, "7".getBytes(StandardCharsets.US_ASCII));
        files.put(CURRENT, "6".getBytes(StandardCharsets.US_ASCII));
        RecoveredHistory found = Histories.recover(files);
        assertThat(found.acceptedEpoch).isEqualTo(7);
        assertThat(found.currentEpoch).isEqualTo(6);
    }

    @Test
    void scenario12R28RaisesWhatIsBehindTheLog() {
        MemoryFileSystem files = Histories.directoryWith(3);
        StorageLane lane = Histories.open(files);
        lane.perform(Histories.append(1, Histories.entry(0x4_0000_0001L)));
        lane.force();
        lane.close();
        put(files, CURRENT, "1\n");
        put(files, ACCEPTED, "5\n");
        expect(files, 5, 4);
        put(files, CURRENT, "1\n");
        put(files, ACCEPTED, "2\n");
        expect(files, 4, 4);
    }

    @Test
    void anUnreadableFileFallsBackToItsTmpAndThenToTheLog() {
        MemoryFileSystem files = Histories.directoryWith(3);
        put(files, ACCEPTED, "");
        put(files, ACCEPTED + ".tmp", "9");
        put(files, CURRENT, "x\n");
        expect(files, 9, 1);
    }

    @Test
    void aPromiseThatCannotBeReadIsNotGuessed() {
        MemoryFileSystem files = Histories.directoryWith(3);
        put(files, ACCEPTED, "x\n");
        put(files, CURRENT, "1\n");
        assertThatThrownBy(() -> Histories.recover(files))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(ACCEPTED + " does not hold a number")
                .hasMessageContaining("Write into it the greatest number");
        put(files, ACCEPTED, "7\n");
        expect(files, 7, 1);
    }

    @Test
    void aTmpLeftoverBesideAGoodFileDoesNotCount() {
        MemoryFileSystem files = Histories.directoryWith(3);
        put(files, CURRENT + ".tmp", "9");
        put(files, ACCEPTED + ".tmp", "");
        expect(files, 1, 1);
    }

    @Test
    void acceptedBelowCurrentIsRefusedByName() {
        MemoryFileSystem files = Histories.directoryWith(3);
        put(files, ACCEPTED, "2\n");
        put(files, CURRENT, "3\n");
        assertThatThrownBy(() -> Histories.recover(files))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(ACCEPTED)
                .hasMessageContaining(CURRENT);
    }

    @Test
    void storedEpochsAreFoundAgain() {
        MemoryFileSystem files = Histories.directoryWith(3);
        StorageLane lane = Histories.open(files);
        lane.perform(new Effect.StoreAcceptedEpoch(1, 5));
        lane.perform(new Effect.StoreCurrentEpoch(2, 4));
        lane.close();
        expect(files, 5, 4);
    }

    @Test
    void anEpochOfAsManyDigitsIsReplacedInPlaceOnceItsNameIsDurable() {
        List<String> names = new ArrayList<>();
        MemoryFileSystem files = Histories.directoryWith(3);
        FileSystem observed = new ForwardingFileSystem(files) {
            @Override
            public void rename(String from, String to) throws IOException {
                names.add(to);
                super.rename(from, to);
            }
        };
        StorageLane lane = Histories.open(observed);
        names.clear();
        lane.perform(new Effect.StoreAcceptedEpoch(1, 8));
        lane.perform(new Effect.StoreAcceptedEpoch(2, 9));
        assertThat(names).as("the second one changes no name").containsExactly(ACCEPTED);
        lane.perform(new Effect.StoreAcceptedEpoch(3, 10));
        assertThat(names).as("a longer one does").containsExactly(ACCEPTED, ACCEPTED);
        lane.close();
        expect(files, 10, 1);
    }
}
