package io.matriarch.server.journal;

import io.matriarch.core.port.Now;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.server.json.JsonLine;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happened in this server's elections, kept in files across restarts (docs/explain.md).
 *
 * <p>Nothing of it is on the way of an election: entries are noted on the replica thread, and some time later, when the
 * election is over as a rule, handed to a thread that turns them into text and writes them. That thread ends when there is
 * nothing to do. A journal that cannot be written stops nobody: it warns once, and tries again with the next entries.
 *
 * <p>Methods are for the replica thread, but for {@link #close}.
 */
public final class ElectionJournal {
    /** How long after the first entry they are written. */
    public static final int DELAY_MILLIS = 200;

    /** Entries that may wait for the disk; those beyond are left out, and counted. */
    static final int MAX_WAITING = 20_000;

    /** What {@link #recent} answers at most, but for its first line. */
    static final int MAX_ANSWER_BYTES = 1 << 19;

    /** A clock that is off by more than this was set. */
    private static final long CLOCK_SET_MILLIS = 200;

    private static final int IDLE_SECONDS = 1;
    private static final int CLOSE_SECONDS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(ElectionJournal.class);

    private final ServerId self;
    private final String version;
    private final Path directory;
    private final JournalFiles files;
    private final Supplier<Now> clock;
    private final Consumer<Runnable> later;
    private final ThreadPoolExecutor writer;
    private final AtomicInteger waiting = new AtomicInteger();
    private final RepeatedWords words = new RepeatedWords();

    private List<Noted> noted = new ArrayList<>();
    private long leftOut;
    private JournalEntry.Roster roster;
    private @Nullable Now zero;
    private boolean isFlushDue;
    private boolean hasWarned;

    private record Noted(long atMicros, Record entry) {}

    private ElectionJournal(
            Path directory,
            long maxFileBytes,
            ServerId self,
            String version,
            Supplier<Now> clock,
            Consumer<Runnable> later) {
        this.self = self;
        this.version = version;
        this.directory = directory;
        this.files = new JournalFiles(directory, maxFileBytes);
        this.clock = clock;
        this.later = later;
        this.roster = new JournalEntry.Roster(self, version, List.of(), List.of());
        this.writer = writer();
    }

    private ThreadPoolExecutor writer() {
        ThreadPoolExecutor made =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "matriarch-" + self + "-journal");
                    thread.setDaemon(true);
                    return thread;
                }) {
                    @Override
                    protected void terminated() {
                        files.close();
                    }
                };
        made.allowCoreThreadTimeOut(true);
        return made;
    }

    /**
     * The journal in {@code dataDir}; its directory is made with the first entry.
     *
     * @param later runs what it is given on the replica thread, {@link #DELAY_MILLIS} from then
     */
    public static ElectionJournal in(
            Path dataDir, ServerId self, String version, Supplier<Now> clock, Consumer<Runnable> later) {
        return new ElectionJournal(
                dataDir.resolve(JournalFiles.DIRECTORY), JournalFiles.MAX_FILE_BYTES, self, version, clock, later);
    }

    /** As {@link #in}, with files of another size. */
    static ElectionJournal small(
            Path dataDir, long maxFileBytes, ServerId self, Supplier<Now> clock, Consumer<Runnable> later) {
        return new ElectionJournal(dataDir.resolve(JournalFiles.DIRECTORY), maxFileBytes, self, "test", clock, later);
    }

    // --- what happens ------------------------------------------------------------------------------------------------

    /** This process began, with these members and what it found on disk. */
    public void started(Configuration members, Recovered recovered) {
        members(members);
        note(new JournalEntry.Started(
                self, recovered.lastLogged(), recovered.currentEpoch(), recovered.acceptedEpoch()));
    }

    /** The members are these from now on. */
    public void members(Configuration members) {
        JournalEntry.Roster next = new JournalEntry.Roster(
                self,
                version,
                members.participants(),
                members.members().keySet().stream().filter(members::isObserver).toList());
        if (!next.voters().equals(roster.voters()) || !next.observers().equals(roster.observers())) {
            roster = next;
            note(next);
        }
    }

    /** The core or the shell told {@code event}; what has nothing to do with elections is not kept. */
    public void traced(TraceEvent event) {
        boolean isOfElection = event.topic() == TraceEvent.Topic.ELECTION && event.level() != TraceEvent.Level.TRACE;
        if (!isOfElection && !(event instanceof TraceEvent.LearnerSynced)) {
            return;
        }
        if (event instanceof TraceEvent.ElectionStarted || event instanceof TraceEvent.RoleChanged) {
            words.forget();
        }
        boolean isRepeated = event instanceof TraceEvent.VoteReceived heard
                && words.isRepeated(clock.get(), heard.from(), false, heard.state(), heard.vote());
        if (!isRepeated) {
            note((Record) event);
        }
    }

    /** A notification goes to {@code to}. */
    public void told(ServerId to, Notification notification) {
        TraceEvent.Vote vote = new TraceEvent.Vote(
                notification.peerEpoch(), notification.zxid(), notification.leader(), notification.round());
        PeerState state = notification.state();
        if (!words.isRepeated(clock.get(), to, true, state, vote)) {
            note(new JournalEntry.Told(to, state, vote));
        }
    }

    /** This process ends, for this reason. */
    public void stopped(String reason) {
        note(new JournalEntry.Stopped(reason));
        flush();
    }

    private void note(Record entry) {
        if (noted.size() + waiting.get() >= MAX_WAITING) {
            leftOut++;
            return;
        }
        Now now = clock.get();
        long atMicros = micros(now);
        if (leftOut > 0) {
            noted.add(new Noted(atMicros, new JournalEntry.LeftOut(leftOut)));
            leftOut = 0;
        }
        noted.add(new Noted(atMicros, entry));
        if (!isFlushDue) {
            isFlushDue = true;
            later.accept(this::flush);
        }
    }

    /** Wall-clock time that runs as evenly as the monotonic clock, until somebody sets it. */
    private long micros(Now now) {
        Now from = zero;
        if (from == null) {
            from = now;
            zero = now;
        }
        long offMillis = now.wallMillis() - from.wallMillis() - now.millisSince(from.nanos());
        if (Math.abs(offMillis) > CLOCK_SET_MILLIS) {
            from = now;
            zero = now;
            noted.add(new Noted(now.wallMillis() * 1000, new JournalEntry.ClockSet(offMillis)));
        }
        return from.wallMillis() * 1000 + TimeUnit.NANOSECONDS.toMicros(now.nanos() - from.nanos());
    }

    // --- out ---------------------------------------------------------------------------------------------------------

    private void flush() {
        isFlushDue = false;
        if (noted.isEmpty() || writer.isShutdown()) {
            return;
        }
        List<Noted> batch = noted;
        noted = new ArrayList<>();
        waiting.addAndGet(batch.size());
        String head = head();
        writer.execute(() -> write(head, batch));
    }

    private String head() {
        Now now = clock.get();
        return JsonLine.of(micros(now), roster);
    }

    /**
     * What was kept, newest lines up to a bound, each on a line of its own: first whose it is and who belongs to the
     * ensemble now, at last {@code {"kind":"end"}}, so that a reader sees that nothing was cut off.
     */
    public CompletableFuture<String> recent() {
        flush();
        if (writer.isShutdown()) {
            return CompletableFuture.completedFuture("");
        }
        String head = head();
        return CompletableFuture.supplyAsync(() -> head + "\n" + tail() + "{\"kind\":\"end\"}\n", writer);
    }

    /** Writes what was noted before and ends; waits for that, within a bound. For any thread, after the last entry. */
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the end of the election journal could not be written in {} s", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends as in a killed process: what was not handed to the disk is lost. */
    public void abandon() {
        noted.clear();
        writer.getQueue().clear();
        writer.shutdown();
    }

    // --- on the thread that writes -----------------------------------------------------------------------------------

    private void write(String head, List<Noted> batch) {
        List<String> lines = new ArrayList<>(batch.size());
        for (Noted one : batch) {
            lines.add(JsonLine.of(one.atMicros(), one.entry()));
        }
        try {
            files.append(head, lines);
            hasWarned = false;
        } catch (IOException e) {
            warn("written", e);
        } finally {
            waiting.addAndGet(-batch.size());
        }
    }

    private String tail() {
        try {
            return files.tail(MAX_ANSWER_BYTES);
        } catch (IOException e) {
            warn("read", e);
            return "";
        }
    }

    private void warn(String verb, IOException why) {
        if (!hasWarned) {
            hasWarned = true;
            LOG.warn(
                    "the election journal in {} cannot be {}: {}; 'explain' will lack what this server saw, and nothing"
                            + " else depends on it",
                    directory,
                    verb,
                    String.valueOf(why));
        }
    }
}
