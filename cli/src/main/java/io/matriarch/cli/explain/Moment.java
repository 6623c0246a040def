package io.matriarch.cli.explain;

/**
 * One entry of a journal.
 *
 * @param sid whose journal it is in
 * @param micros when, in microseconds since 1970; on that server's clock until {@link Elections} lays all on one
 * @param event a {@code TraceEvent} or a {@code JournalEntry}
 */
record Moment(long sid, long micros, Record event) {
    Moment earlierBy(long byMicros) {
        return new Moment(sid, micros - byMicros, event);
    }
}
