package io.matriarch.cli.elect;

import io.matriarch.candidate.Candidacy;
import io.matriarch.candidate.CandidacyEvent;
import io.matriarch.candidate.Leadership;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command while a candidacy leads. It listens to the candidacy, on a thread that may block: it returns from the end of a
 * leadership only once the command is gone, so that the znode is not taken back before.
 */
final class Service implements Consumer<CandidacyEvent> {
    /** Whoever was ended by a SIGTERM and had nothing to say exits so. */
    static final int TERMINATED = 128 + 15;

    /** What the user asked for. */
    record Wishes(List<String> command, Duration grace, boolean isOnce, boolean isAgain, Duration rest) {}

    private final Wishes wishes;
    private final Consumer<String> words;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    /** Complete once known: the command may end before. */
    private final CompletableFuture<Candidacy> candidacy = new CompletableFuture<>();

    /** Used on the listener's thread only. */
    private @Nullable LedProcess running;

    private volatile int lastStatus = TERMINATED;

    /** @param words takes what the user should read, a line each */
    Service(Wishes wishes, Consumer<String> words) {
        this.wishes = wishes;
        this.words = words;
    }

    /** Says whose events these are. */
    void standsAs(Candidacy made) {
        candidacy.complete(made);
    }

    /** Complete with the exit status when there is nothing more to do. */
    CompletableFuture<Integer> status() {
        return status;
    }

    /** The status that the command ended with last; {@link #TERMINATED} if it never ran. Asked after the candidacy is closed. */
    int lastStatus() {
        return lastStatus;
    }

    @Override
    public void accept(CandidacyEvent event) {
        if (event instanceof CandidacyEvent.Leading leading) {
            lead(leading.leadership());
        } else if (event instanceof CandidacyEvent.SteppedDown down) {
            stepDown(down);
        } else if (event instanceof CandidacyEvent.Waiting waiting) {
            words.accept("waiting behind " + waiting.predecessor());
        } else if (event instanceof CandidacyEvent.SessionLost) {
            words.accept("the session ended; standing again with a new one");
        } else if (event instanceof CandidacyEvent.Troubled troubled) {
            words.accept(troubled.what());
        } else if (event instanceof CandidacyEvent.Disconnected) {
            words.accept("the connection is gone");
        }
    }

    private void lead(Leadership leadership) {
        words.accept("leading in term " + leadership.term() + ", fencing token " + leadership.fencingToken());
        // The thread may have been busy with the end of the leadership before this one.
        if (wishes.command().isEmpty() || !leadership.isCurrent()) {
            return;
        }
        LedProcess started = LedProcess.start(wishes.command(), leadership);
        running = started;
        var unused = started.ended().thenAccept(code -> endedByItself(started, code));
    }

    /** On the command's thread: it ended, perhaps because it was stopped. */
    private void endedByItself(LedProcess ended, int code) {
        if (ended.isStopping()) {
            return;
        }
        if (code == LedProcess.NOT_STARTED) {
            words.accept("cannot start " + wishes.command().get(0) + ": " + ended.failure());
        }
        if (wishes.isAgain()) {
            words.accept("the command ended with status " + code + "; standing again in "
                    + wishes.rest().toSeconds() + " s");
            CompletableFuture<Void> unused = candidacy.thenAccept(mine -> mine.resign(wishes.rest()));
        } else {
            status.complete(code);
        }
    }

    private void stepDown(CandidacyEvent.SteppedDown event) {
        words.accept("leading no longer: " + event.reason());
        LedProcess ending = running;
        running = null;
        if (ending != null) {
            end(ending, event.leadership());
        }
        if (wishes.isOnce()) {
            status.complete(lastStatus);
        }
    }

    private void end(LedProcess ending, Leadership leadership) {
        Duration fitting = leadership.timeToStop().minus(LedProcess.MARGIN);
        Duration patience = fitting.compareTo(wishes.grace()) < 0 ? fitting : wishes.grace();
        try {
            if (!ending.stop(patience)) {
                words.accept("the command did not end on SIGTERM and was killed");
            }
            lastStatus = ending.ended().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
