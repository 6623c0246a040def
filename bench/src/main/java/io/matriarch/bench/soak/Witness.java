package io.matriarch.bench.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sees what leaders say and do, and believes nothing else: no lease, no server, no library.
 *
 * <p>A leader says for a moment that has passed that it led then. Moments are {@link System#nanoTime}, which all processes of one
 * machine read from the same clock. However late such a word arrives, it is about its moment; so two candidates that
 * both led at some moment are an overlap, and a word that was long on its way is none.
 *
 * <p>Each word also writes: it moves a counter on, unless a higher token was seen before, and is refused then. Safe for use by
 * several threads.
 */
public final class Witness {
    private record Grant(String candidate, long grantedNanos) {}

    private final Map<Grant, Reign> reigns = new LinkedHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private long highestToken = Long.MIN_VALUE;
    private long counter;
    private long lateRefused;
    private long lateTaken;
    private long refused;

    /**
     * A candidate that was told at {@code grantedNanos} that it leads says that it still led at {@code atNanos}, and writes.
     *
     * @return whether the write was taken
     */
    public synchronized boolean leads(String candidate, long token, long grantedNanos, long atNanos) {
        Grant grant = new Grant(candidate, grantedNanos);
        Reign reign = reigns.get(grant);
        if (reign == null) {
            reign = new Reign(candidate, token, grantedNanos);
            reigns.put(grant, reign);
        }
        reign.lastsUntil(atNanos);
        for (Reign other : reigns.values()) {
            if (other != reign) {
                compare(other, reign);
            }
        }
        boolean isTaken = write(token);
        refused += isTaken ? 0 : 1;
        return isTaken;
    }

    /** A candidate that does not lead any more writes all the same, as a request does that was long on its way. */
    public synchronized boolean writesLate(long token) {
        boolean isTaken = write(token);
        if (isTaken) {
            lateTaken++;
        } else {
            lateRefused++;
        }
        return isTaken;
    }

    /** It was told that its leadership is over, at {@code atNanos}, and why. */
    public synchronized void ceased(String candidate, long grantedNanos, long atNanos, String reason) {
        Reign reign = reigns.get(new Grant(candidate, grantedNanos));
        if (reign != null) {
            reign.end(atNanos, reason);
        }
    }

    /** The process of all candidates whose names begin so is gone. */
    public synchronized void killed(String prefix, long atNanos) {
        for (Reign reign : reigns.values()) {
            if (reign.candidate().startsWith(prefix)) {
                reign.end(atNanos, Reign.KILLED);
            }
        }
    }

    /** Something keeps it from seeing. */
    synchronized void cannotJudge(String why) {
        violations.add("the witness cannot judge: " + why);
    }

    /** Who led last, if its leadership is not known to be over. */
    public synchronized Optional<String> leader() {
        return reigns.values().stream()
                .max((a, b) -> Long.compare(a.fromNanos(), b.fromNanos()))
                .filter(reign -> reign.reason().isEmpty())
                .map(Reign::candidate);
    }

    /** All leaderships so far, in order of their beginnings. */
    public synchronized List<Reign> reigns() {
        return reigns.values().stream()
                .sorted((a, b) -> Long.compare(a.fromNanos(), b.fromNanos()))
                .map(Reign::copy)
                .toList();
    }

    /** What must not be: two leaders at one moment, or a later leader with a lower token. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Writes taken. */
    public synchronized long counter() {
        return counter;
    }

    /** Late writes that were refused, because a later leader had written. */
    public synchronized long lateRefused() {
        return lateRefused;
    }

    /** Late writes that were taken, because no later leader had written. */
    public synchronized long lateTaken() {
        return lateTaken;
    }

    /** Writes of those who led when they sent them, that arrived after a later leader's. */
    public synchronized long overtaken() {
        return refused;
    }

    private boolean write(long token) {
        if (token < highestToken) {
            return false;
        }
        highestToken = token;
        counter++;
        return true;
    }

    private void compare(Reign one, Reign other) {
        if (one.overlaps(other)) {
            report("two led at one moment: " + one + " and " + other, one, other);
        } else {
            Reign earlier = one.fromNanos() < other.fromNanos() ? one : other;
            Reign later = earlier == one ? other : one;
            if (later.token() < earlier.token()) {
                report("a later leader has a lower token: " + earlier + ", then " + later, one, other);
            }
        }
    }

    private void report(String what, Reign one, Reign other) {
        // Once for each pair: what follows is the same again.
        if (one.isFirstViolationWith(other)) {
            violations.add(what);
        }
    }
}
