package io.matriarch.cli.explain;

import io.matriarch.server.journal.JournalEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one server wrote down of its elections.
 *
 * @param sid whose it is
 * @param source where it was got, for people
 * @param roster the members as it knew them last
 * @param moments in order, on this server's own clock as it was when each process began
 * @param notes what a reader should know about this journal: clocks that were set, entries that are missing
 */
record Journal(long sid, String source, JournalEntry.Roster roster, List<Moment> moments, List<String> notes) {
    private static final String END = "{\"kind\":\"end\"}";

    /** What a server with the default bounds writes at most. */
    private static final long MAX_FILE_BYTES = 16L << 20;

    /**
     * Reads the files of a server's election journal.
     *
     * @param directory dataDir, or the journal's directory in it
     * @throws IOException if there is none
     */
    static Journal inDirectory(Path directory) throws IOException {
        Path inside = directory.resolve("election-journal");
        Path home = Files.isDirectory(inside) ? inside : directory;
        String text = contents(home.resolve("journal.1.jsonl")) + contents(home.resolve("journal.jsonl"));
        if (text.isEmpty()) {
            throw new IOException("there is no election journal in " + directory
                    + "; servers of an ensemble keep it in dataDir, as election-journal/journal.jsonl");
        }
        return read(text + END, directory.toString());
    }

    private static String contents(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(file + " is larger than any election journal");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads lines as they are in the files and in the answer to {@code jrnl}.
     *
     * @throws IOException if they do not tell whose journal it is
     */
    static Journal read(String text, String source) throws IOException {
        return new Reading(source).read(text);
    }

    private static final class Reading {
        private final JournalDecoder decoder = new JournalDecoder();
        private final String source;
        private final List<Moment> moments = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private JournalEntry.@Nullable Roster roster;
        private long sid;
        private long clockSetMicros;
        private long unreadable;
        private boolean hasEnded;

        Reading(String source) {
            this.source = source;
        }

        Journal read(String text) throws IOException {
            text.lines().filter(line -> !line.isBlank()).forEach(this::line);
            JournalEntry.Roster members = roster;
            if (members == null) {
                throw new IOException(source + " gave no election journal, but: "
                        + text.lines().findFirst().orElse("nothing").strip());
            }
            if (unreadable > 0) {
                notes.add(unreadable + " entries were torn, or written by another release, and are left out");
            }
            if (!hasEnded) {
                notes.add("its answer was cut off");
            }
            return new Journal(sid, source, members, List.copyOf(moments), List.copyOf(notes));
        }

        private void line(String line) {
            if (line.equals(END)) {
                hasEnded = true;
                return;
            }
            JournalDecoder.Decoded decoded = decoder.decode(line);
            if (decoded == null) {
                unreadable++;
            } else if (decoded.event() instanceof JournalEntry.Roster members) {
                sid = members.sid().value();
                roster = members;
            } else {
                keep(decoded);
            }
        }

        private void keep(JournalDecoder.Decoded decoded) {
            Record event = decoded.event();
            if (event instanceof JournalEntry.Started) {
                clockSetMicros = 0;
            } else if (event instanceof JournalEntry.ClockSet set) {
                clockSetMicros += set.byMillis() * 1000;
                notes.add("its clock was set by " + set.byMillis() + " ms at " + Instants.full(decoded.atMicros()));
            } else if (event instanceof JournalEntry.LeftOut left) {
                notes.add(left.count() + " entries are missing before " + Instants.full(decoded.atMicros())
                        + ": its disk did not take them");
            }
            moments.add(new Moment(sid, decoded.atMicros() - clockSetMicros, event));
        }
    }
}
