package io.matriarch.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LogEntry;
import io.matriarch.core.zab.DatabaseLoader;
import io.matriarch.storage.StorageLane;
import io.matriarch.storage.StorageOptions;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.disk.NodeRecord;
import io.matriarch.wire.disk.SnapshotPiece;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The storage thread on a real directory, whose forces the test holds up. */
class StorageThreadTest {
    private static final Zxid SNAPSHOT_ZXID = new Zxid(0);

    @TempDir
    Path dir;

    private final BlockingQueue<Event> reports = new LinkedBlockingQueue<>();
    private final HeldFiles files = new HeldFiles();
    private volatile Consumer<Event> whenReported = event -> {};
    private StorageThread storage;
    private long lastTicket;

    @BeforeEach
    void start() {
        StorageOptions options = StorageOptions.in(dir.toString()).withPreAllocBytes(0);
        storage = new StorageThread(StorageLane.open(files, options, new DatabaseLoader()), "disk", 1000, this::report);
        storage.start();
        // The first append creates the log file, with forces of its own.
        storage.submit(List.of(append()));
        assertThat(next()).isEqualTo(new Event.Stored(1));
        files.hold();
    }

    private void report(Event event) {
        reports.add(event);
        whenReported.accept(event);
    }

    @AfterEach
    void stop() {
        files.letGo();
        storage.stop();
    }

    @Test
    void groupsThatQueueUpWhileTheDiskIsBusyShareOneForce() {
        storage.submit(List.of(append()));
        files.awaitForce();
        storage.submit(List.of(append(), append()));
        storage.submit(List.of(append()));
        storage.submit(List.of(append()));
        assertThat(storage.pendingBytes()).isPositive();
        files.letGo();

        assertThat(next()).isEqualTo(new Event.Stored(2));
        assertThat(next()).isEqualTo(new Event.Stored(6));
        assertThat(files.forces).isEqualTo(2);
        assertThat(storage.pendingBytes()).isZero();
    }

    @Test
    void logWaitsForOnePieceOfASnapshotAtMost() {
        files.letGo();
        // Asked for while the first piece is being written.
        whenReported = event -> {
            if (event instanceof Event.SnapshotPieceWritten) { // the report of start() may still be on its way here
                whenReported = ignored -> {};
                storage.submit(List.of(append()));
            }
        };
        storage.submit(List.of(piece(tables()), piece(nodes()), piece(SnapshotPiece.End.BARE)));

        assertThat(next()).isEqualTo(new Event.SnapshotPieceWritten(9));
        assertThat(next()).isEqualTo(new Event.Stored(2));
        assertThat(next()).isEqualTo(new Event.SnapshotPieceWritten(9));
        assertThat(next()).isEqualTo(new Event.SnapshotPieceWritten(9));
    }

    @Test
    void snapshotIsInstalledOnlyAfterAllPiecesThatCameBefore() {
        storage.submit(List.of(
                piece(tables()),
                piece(nodes()),
                piece(SnapshotPiece.End.BARE),
                new Effect.InstallSnapshot(++lastTicket, 9, new Zxid(0x200000000L))));
        files.letGo();

        assertThat(next()).isEqualTo(new Event.SnapshotPieceWritten(9));
        assertThat(next()).isEqualTo(new Event.SnapshotPieceWritten(9));
        assertThat(next()).isEqualTo(new Event.SnapshotPieceWritten(9));
        assertThat(next()).isEqualTo(new Event.Stored(2));
    }

    @Test
    void failedForceIsReportedAndNothingIsStoredAfterIt() {
        files.failNext();
        storage.submit(List.of(append()));
        files.letGo();

        assertThat(next()).isInstanceOf(Event.StorageFailed.class);
        storage.submit(List.of(append()));
        storage.stop();
        assertThat(reports).isEmpty();
    }

    @Test
    void stopFinishesWhatWasSubmitted() {
        files.letGo();
        storage.submit(List.of(append(), append()));
        storage.stop();

        assertThat(reports).contains(new Event.Stored(3));
    }

    @Test
    void abandonedThreadReportsNothingMore() {
        storage.submit(List.of(append()));
        files.awaitForce();
        storage.submit(List.of(append()));
        storage.abandon();
        files.letGo();
        storage.stop();

        assertThat(reports).isEmpty();
    }

    private Effect.Append append() {
        long ticket = ++lastTicket;
        LogEntry entry = new LogEntry(new Zxid(0x100000000L + ticket), Bytes.wrap(new byte[100]));
        return new Effect.Append(ticket, entry);
    }

    private static Effect piece(SnapshotPiece piece) {
        return new Effect.WriteSnapshot(9, SNAPSHOT_ZXID, piece);
    }

    private static SnapshotPiece tables() {
        return new SnapshotPiece.Tables(Map.of(), Map.of(1L, Acl.OPEN));
    }

    private static SnapshotPiece nodes() {
        return new SnapshotPiece.Nodes(List.of(new NodeRecord("", Bytes.EMPTY, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
    }

    private Event next() {
        try {
            Event event = reports.poll(10, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("nothing was reported");
            }
            return event;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The machine's files, with forces that can be held up, counted and made to fail. */
    @Test
    void choresRunBetweenGroupsAndOneThatFailsStopsNothing() throws InterruptedException {
        List<String> done = new CopyOnWriteArrayList<>();
        CountDownLatch isDone = new CountDownLatch(2);
        storage.submit(List.of(append()));
        files.awaitForce();
        storage.submit(() -> {
            done.add("first");
            isDone.countDown();
            throw new UncheckedIOException(new IOException("a file that cannot be deleted"));
        });
        storage.submit(() -> {
            done.add("second");
            isDone.countDown();
        });
        assertThat(done).isEmpty();
        files.letGo();
        assertThat(next()).isEqualTo(new Event.Stored(2));
        assertThat(isDone.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(done).containsExactly("first", "second");
        storage.submit(List.of(append()));
        assertThat(next()).isEqualTo(new Event.Stored(3));
    }
}
