package io.matriarch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.storage.MemoryFileSystem.Loss;
import io.matriarch.storage.MemoryFileSystem.Stopped;
import io.matriarch.wire.Zxid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * One life of a storage lane, stopped at each of its disk operations in turn; then any state that the disk may be in.
 * What recovery finds must be what was last durable, or that and a part of what came after: nothing forced is missing,
 * nothing is invented (disk.md 13, scenarios 14 to 21 and 27).
 */
class CrashPointTest {
    private static final int SEEDS = 4;

    /** What a server would find: marks of all transactions, and its epochs. */
    private record State(List<String> history, long accepted, long current) {
        /** zab.md R28. */
        State raised() {
            long epoch = history.isEmpty()
                    ? 0
                    : zxidOf(history.get(history.size() - 1)).epoch();
            return new State(history, Math.max(accepted, epoch), Math.max(current, epoch));
        }

        private static Zxid zxidOf(String mark) {
            return new Zxid(Long.parseLong(mark.substring(2, mark.indexOf(':')), 16));
        }
    }

    /** The life, and at each moment the states that may be found after a crash. */
    private static final class Life {
        private final List<State> possible = new ArrayList<>();
        private State now = new State(List.of(), 0, 0);
        private long ticket;
        private final MemoryFileSystem files;
        private StorageLane lane;

        Life(MemoryFileSystem files) {
            this.files = files;
            possible.add(now);
            lane = Histories.open(files);
        }

        static List<State> live(MemoryFileSystem files) {
            Life life = null;
            List<State> before = List.of(new State(List.of(), 0, 0));
            try {
                life = new Life(files);
                life.all();
                return life.possible;
            } catch (Stopped stopped) {
                return life == null ? before : life.possible;
            }
        }

        private void all() {
            accept(1);
            follow(1);
            append(1, 1, 6, 1, 700);
            append(1, 7, 12, 1, 100);
            roll();
            appendUnforced(1, 13, 14, 1, 40);
            roll();
            ownSnapshot(1);
            append(1, 15, 18, 1, 900);
            roll();
            append(1, 19, 19, 1, 3000);
            ownSnapshot(2);
            roll();
            append(1, 20, 20, 1, 50);
            ownSnapshot(5);
            purge();
            roll();
            appendUnforced(1, 21, 22, 1, 100);
            truncate(Zxid.of(1, 17));
            append(1, 18, 19, 2, 500);
            accept(2);
            appendUnforced(1, 20, 20, 2, 500);
            install(3, Zxid.of(2, 0), now.history().subList(0, 16));
            appendUnforced(2, 1, 1, 2, 600);
            follow(2);
            appendUnforced(2, 2, 3, 2, 600);
            reload();
            append(2, 4, 9, 2, 900);
            List<String> another = new ArrayList<>(now.history().subList(0, 22));
            another.add(Zxid.of(2, 7) + ":5");
            install(4, Zxid.of(2, 7), another);
            append(2, 8, 9, 3, 300);
            lane.close();
        }

        private void doing(State next) {
            now = next;
            possible.add(next.raised());
        }

        private void done() {
            possible.clear();
            possible.add(now.raised());
        }

        private void durably(State next, Effect.StorageEffect effect) {
            doing(next);
            lane.perform(effect);
            done();
        }

        private void accept(long epoch) {
            durably(new State(now.history(), epoch, now.current()), new Effect.StoreAcceptedEpoch(++ticket, epoch));
        }

        private void follow(long epoch) {
            durably(new State(now.history(), now.accepted(), epoch), new Effect.StoreCurrentEpoch(++ticket, epoch));
        }

        private void roll() {
            durably(now, new Effect.RollLog(++ticket));
        }

        private void append(long epoch, int from, int to, int author, int bytes) {
            appendUnforced(epoch, from, to, author, bytes);
            assertThat(lane.force()).isEqualTo(ticket);
            done();
        }

        private void appendUnforced(long epoch, int from, int to, int author, int bytes) {
            for (int counter = from; counter <= to; counter++) {
                var entry = Histories.entry(Zxid.of(epoch, counter), author, bytes);
                List<String> longer = new ArrayList<>(now.history());
                longer.add(Histories.markOf(entry));
                doing(new State(List.copyOf(longer), now.accepted(), now.current()));
                lane.perform(Histories.append(++ticket, entry));
            }
        }

        private void ownSnapshot(long id) {
            Zxid zxid = lane.lastLogged();
            Histories.writePieces(lane, id, zxid, now.history());
            lane.finishSnapshot(new Effect.FinishSnapshot(id, zxid));
        }

        private void purge() {
            Purge purge = new Purge(files, Histories.options(), Purge.MIN_RETAINED);
            try {
                assertThat(purge.perform(purge.plan())).isPositive();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void truncate(Zxid to) {
            List<String> kept = now.history().stream()
                    .filter(mark -> !State.zxidOf(mark).isAfter(to))
                    .toList();
            durably(new State(kept, now.accepted(), now.current()), new Effect.Truncate(++ticket, to));
        }

        private void install(long id, Zxid zxid, List<String> history) {
            Histories.writePieces(lane, id, zxid, history);
            durably(
                    new State(List.copyOf(history), now.accepted(), Math.max(now.current(), zxid.epoch())),
                    new Effect.InstallSnapshot(++ticket, id, zxid));
        }

        private void reload() {
            RecoveredHistory found = new RecoveredHistory();
            lane.reload(found);
            assertThat(found.history()).isEqualTo(now.history());
            done();
        }
    }

    private static State found(MemoryFileSystem files) {
        RecoveredHistory history = Histories.recover(files);
        assertThat(history.isTrusted).isTrue();
        return new State(history.history(), history.acceptedEpoch, history.currentEpoch);
    }

    private static long operationsOfALife() {
        MemoryFileSystem files = new MemoryFileSystem();
        Life.live(files);
        return files.operations();
    }

    @Test
    void whereverTheMachineStopsWhatWasForcedIsThereAndNothingIsInvented() {
        long operations = operationsOfALife();
        assertThat(operations).isGreaterThan(100);
        for (long n = 1; n <= operations + 1; n++) {
            MemoryFileSystem files = new MemoryFileSystem().stopAt(n);
            List<State> possible = Life.live(files);
            for (Loss loss : Loss.values()) {
                for (int seed = 0; seed < (loss == Loss.SOME ? SEEDS : 1); seed++) {
                    MemoryFileSystem after = files.afterPowerLoss(loss, new Random(seed));
                    assertThat(found(after.copy()))
                            .as("stopped at operation %d, loss %s, seed %d", n, loss, seed)
                            .isIn(possible);
                    if (seed > 0) {
                        continue;
                    }
                    crashDuringRecovery(after, possible, n, "stopped at operation " + n + ", loss " + loss);
                }
            }
        }
    }

    private static void crashDuringRecovery(MemoryFileSystem start, List<State> possible, long seed, String story) {
        for (long m = 1; ; m++) {
            MemoryFileSystem files = start.copy().stopAt(m);
            try {
                found(files);
                return;
            } catch (Stopped stopped) {
                MemoryFileSystem after = files.afterPowerLoss(Loss.SOME, new Random(seed + 31 * m));
                assertThat(found(after))
                        .as("%s, recovery stopped at operation %d, seed %d", story, m, seed)
                        .isIn(possible);
            }
        }
    }

    @Test
    void r6WhatRecoveryReportsAfterADeadProcessSurvivesADeadMachine() {
        long operations = operationsOfALife();
        for (long n = 1; n <= operations + 1; n++) {
            MemoryFileSystem files = new MemoryFileSystem().stopAt(n);
            Life.live(files);
            State reported = found(files.afterProcessDeath());
            assertThat(found(files.afterPowerLoss(Loss.ALL, new Random(n))))
                    .as("stopped at operation %d", n)
                    .isEqualTo(reported);
        }
    }

    @Test
    void afterAnyCrashTheServerGoesOnAppending() {
        long operations = operationsOfALife();
        for (long n = 1; n <= operations + 1; n++) {
            MemoryFileSystem files = new MemoryFileSystem().stopAt(n);
            Life.live(files);
            for (int seed = 0; seed < SEEDS; seed++) {
                goOn(files.afterPowerLoss(Loss.SOME, new Random(seed)), "stopped at operation " + n + ", seed " + seed);
            }
        }
    }

    private static void goOn(MemoryFileSystem files, String story) {
        List<String> expected = new ArrayList<>(found(files).history());
        StorageLane lane = Histories.open(files);
        for (int i = 0; i < 3; i++) {
            var entry = Histories.entry(lane.lastLogged().next(), 9, 50);
            lane.perform(Histories.append(i, entry));
            expected.add(Histories.markOf(entry));
        }
        lane.force();
        assertThat(found(files.afterPowerLoss(Loss.ALL, new Random(0))).history())
                .as(story)
                .isEqualTo(expected);
    }
}
