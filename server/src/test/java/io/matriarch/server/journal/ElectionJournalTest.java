package io.matriarch.server.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal on a real directory, with the clock and the replica thread in the test's hands. */
class ElectionJournalTest {
    private static final ServerId ONE = new ServerId(1);
    private static final ServerId TWO = new ServerId(2);
    private static final Configuration MEMBERS =
            Configuration.parse("server.1=a:1:2:participant\nserver.2=b:1:2:participant\nserver.3=c:1:2:observer");

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    @TempDir
    Path dataDir;

    private final Queue<Runnable> due = new ArrayDeque<>();
    private long nanos;
    private long wallMillis = 1_000_000;
    private ElectionJournal journal;

    @AfterEach
    void end() {
        if (journal != null) {
            journal.close();
        }
    }

    private void open(long maxFileBytes) {
        journal = ElectionJournal.small(dataDir, maxFileBytes, ONE, () -> new Now(nanos, wallMillis), due::add);
    }

    private Path file(String name) {
        return dataDir.resolve("election-journal").resolve(name);
    }

    private List<String> kept(String name) throws IOException {
        return Files.readAllLines(file(name));
    }

    private List<String> recent() {
        return journal.recent().join().lines().toList();
    }

    private static TraceEvent lost(String why) {
        return new TraceEvent.LeaderLost(TWO, 5, why);
    }

    private void restart() {
        journal.close();
        open(JournalFiles.MAX_FILE_BYTES);
    }

    @Test
    void anEndedJournalHoldsNoFile() throws IOException {
        assumeTrue(Files.isDirectory(OPEN_FILES), "the system does not show what a process has open");
        open(JournalFiles.MAX_FILE_BYTES);
        journal.traced(lost("once"));
        assertThat(recent()).hasSize(4);
        assertThat(isHeldOpen()).isTrue();

        journal.close();
        assertThat(isHeldOpen()).isFalse();

        open(JournalFiles.MAX_FILE_BYTES);
        journal.traced(lost("again"));
        assertThat(recent()).hasSize(5);
        journal.abandon();
        journal.close();
        assertThat(isHeldOpen()).isFalse();
    }

    private boolean isHeldOpen() throws IOException {
        Path sought = file("journal.jsonl").toRealPath();
        try (Stream<Path> open = Files.list(OPEN_FILES)) {
            return open.anyMatch(link -> {
                try {
                    return Files.readSymbolicLink(link).equals(sought);
                } catch (IOException closedMeanwhile) {
                    return false;
                }
            });
        }
    }

    @Test
    void whatAProcessSawIsThereAfterTheNextStart() {
        open(JournalFiles.MAX_FILE_BYTES);
        journal.members(MEMBERS);
        journal.traced(lost("first"));
        journal.stopped("asked to stop");
        restart();
        journal.traced(lost("second"));

        assertThat(recent())
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"roster\""),
                        line -> assertThat(line).contains("\"roster\"", "\"voters\":[1,2],\"observers\":[3]"),
                        line -> assertThat(line).contains("\"roster\""),
                        line -> assertThat(line).contains("\"first\""),
                        line -> assertThat(line).contains("\"stopped\""),
                        line -> assertThat(line).contains("\"second\""),
                        line -> assertThat(line).isEqualTo("{\"kind\":\"end\"}"));
    }

    @Test
    void nothingIsWrittenBeforeTheElectionIsLikelyOver() {
        open(JournalFiles.MAX_FILE_BYTES);
        journal.traced(lost("first"));
        journal.traced(lost("second"));

        assertThat(due).hasSize(1);
        assertThat(file(JournalFiles.NEWER)).doesNotExist();
        due.remove().run();
        journal.close();
        assertThat(file(JournalFiles.NEWER)).exists();
    }

    @Test
    void anEntryTornByACrashSpoilsNoOther() throws IOException {
        open(JournalFiles.MAX_FILE_BYTES);
        journal.traced(lost("first"));
        journal.stopped("end");
        journal.close();
        Files.writeString(file(JournalFiles.NEWER), "{\"atMicros\":17", StandardOpenOption.APPEND);
        open(JournalFiles.MAX_FILE_BYTES);
        journal.traced(lost("second"));

        assertThat(recent()).contains("{\"atMicros\":17").anyMatch(line -> line.contains("\"second\""));
    }

    @Test
    void filesStayWithinTheirBoundAndTheOldestGoFirst() throws IOException {
        open(10_000);
        for (int i = 0; i < 1000; i++) {
            journal.traced(lost("loss " + i));
            due.remove().run();
        }
        List<String> recent = recent();

        assertThat(Files.size(file(JournalFiles.NEWER))).isLessThan(10_300);
        assertThat(Files.size(file(JournalFiles.OLDER))).isLessThan(10_300);
        assertThat(kept(JournalFiles.NEWER).get(0)).contains("\"roster\"");
        assertThat(recent).noneMatch(line -> line.contains("loss 0\"")).anyMatch(line -> line.contains("loss 999\""));
        try (var files = Files.list(dataDir.resolve("election-journal"))) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void theAnswerIsBoundedAndBeginsWithAWholeLine() throws IOException {
        open(JournalFiles.MAX_FILE_BYTES);
        for (int i = 0; i < 6000; i++) {
            journal.traced(lost("loss " + i));
        }
        List<String> recent = recent();

        assertThat(recent.stream().mapToLong(String::length).sum()).isLessThan(ElectionJournal.MAX_ANSWER_BYTES + 300);
        assertThat(recent).hasSizeLessThan(6000).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(recent.get(recent.size() - 2)).contains("loss 5999\"");
    }

    @Test
    void whatTheDiskDoesNotTakeInTimeIsLeftOutAndCounted() {
        open(JournalFiles.MAX_FILE_BYTES);
        for (int i = 0; i < ElectionJournal.MAX_WAITING + 7; i++) {
            journal.traced(lost("loss " + i));
        }
        due.remove().run();
        recent();
        journal.traced(lost("after"));

        assertThat(recent()).anyMatch(line -> line.endsWith("\"leftOut\",\"count\":7}"));
    }

    @Test
    void aDirectoryThatCannotBeWrittenStopsNobodyAndIsTriedAgain() throws IOException {
        Files.writeString(dataDir.resolve("election-journal"), "in the way");
        open(JournalFiles.MAX_FILE_BYTES);
        journal.traced(lost("unwritten"));
        assertThat(recent()).hasSize(2);
        Files.delete(dataDir.resolve("election-journal"));
        journal.traced(lost("written"));

        assertThat(recent())
                .noneMatch(line -> line.contains("unwritten"))
                .anyMatch(line -> line.contains("\"written\""));
    }

    @Test
    void aFileThatIsNoJournalIsAppendedToAndHandedOutAsItIs() throws IOException {
        Files.createDirectories(dataDir.resolve("election-journal"));
        Files.write(file(JournalFiles.NEWER), "x\u00e9y\n\u0000\u0001".getBytes(StandardCharsets.ISO_8859_1));
        open(JournalFiles.MAX_FILE_BYTES);
        journal.traced(lost("first"));

        assertThat(recent()).contains("x\u00e9y").anyMatch(line -> line.contains("\"first\""));
    }

    @Test
    void timesFollowTheMonotonicClockAndAClockThatWasSetIsSaid() {
        open(JournalFiles.MAX_FILE_BYTES);
        journal.traced(lost("at zero"));
        nanos += 1_500_000;
        wallMillis += 101; // within what is not worth telling
        journal.traced(lost("later"));
        wallMillis -= 5000;
        journal.traced(lost("set back"));

        assertThat(recent())
                .anyMatch(line -> line.startsWith("{\"atMicros\":1000000000,") && line.contains("at zero"))
                .anyMatch(line -> line.startsWith("{\"atMicros\":1000001500,") && line.contains("later"))
                .anyMatch(line -> line.startsWith("{\"atMicros\":995101000,\"kind\":\"clockSet\",\"byMillis\":-4900"))
                .anyMatch(line -> line.startsWith("{\"atMicros\":995101000,") && line.contains("set back"));
    }

    @Test
    void repeatedWordsAreNotedAFewTimesThenOnceInAWhileAndAnewInEachElection() {
        open(JournalFiles.MAX_FILE_BYTES);
        Notification word = new Notification(PeerState.LOOKING, ONE, new Zxid(7), 3, 0, 2, null);
        TraceEvent.Vote vote = new TraceEvent.Vote(0, new Zxid(7), ONE, 3);
        for (int i = 0; i < 15; i++) {
            journal.told(TWO, word);
            journal.traced(new TraceEvent.VoteReceived(TWO, PeerState.LOOKING, vote));
        }
        assertThat(recent()).hasSize(2 + 10 + 1 + 1);
        nanos += 601_000_000_000L;
        wallMillis += 601_000;
        journal.told(TWO, word);
        assertThat(recent()).hasSize(2 + 11 + 1 + 1);
        journal.traced(new TraceEvent.ElectionStarted(4, vote, "again"));
        journal.told(TWO, word);
        assertThat(recent()).hasSize(2 + 13 + 1 + 1);
    }

    @Test
    void whatHasNothingToDoWithElectionsIsNotKept() {
        open(JournalFiles.MAX_FILE_BYTES);
        journal.traced(new TraceEvent.SessionOpened(1, 1000));
        journal.traced(new TraceEvent.SnapshotTaken(new Zxid(1), true));
        journal.traced(new TraceEvent.LearnerSynced(TWO, "DIFF", new Zxid(1)));

        assertThat(recent()).hasSize(2 + 1 + 1).anyMatch(line -> line.contains("learnerSynced"));
    }

    @Test
    void aKilledProcessWritesNoMore() {
        open(JournalFiles.MAX_FILE_BYTES);
        journal.traced(lost("first"));
        journal.abandon();
        journal.close();

        assertThat(file(JournalFiles.NEWER)).doesNotExist();
    }
}
