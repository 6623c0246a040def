package io.matriarch.server.client;

/**
 * The text of an answer with a line per session, znode or watch, of which there may be millions. Deviation: beyond a bound
 * lines are counted and not written, and the last line tells how many.
 */
final class LongAnswer {
    /** Some megabytes; written in a fraction of a second. */
    static final int MAX_LINES = 100_000;

    private final StringBuilder text = new StringBuilder();
    private int lines;
    private long leftOut;

    void line(String line) {
        if (lines < MAX_LINES) {
            lines++;
            text.append(line).append('\n');
        } else {
            leftOut++;
        }
    }

    @Override
    public String toString() {
        return leftOut == 0 ? text.toString() : text + "(" + leftOut + " more lines are left out)\n";
    }
}
