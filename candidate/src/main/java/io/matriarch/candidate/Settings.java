package io.matriarch.candidate;

import java.util.function.Predicate;

/**
 * What a campaign is for.
 *
 * @param parent where the candidates' znodes are, for instance {@code /candidates}
 * @param layout how they are named
 * @param priority 0 to {@link Layout#MAX_PRIORITY}; a first candidate that does not lead yet lets those with a higher one go first
 * @param isPreemptible whether a leader steps down for a candidate of higher priority
 * @param aim what it wants
 * @param isSessionOwn whether the session serves this campaign alone
 * @param blocks which earlier candidates keep this one from leading; all, in an election
 */
record Settings(
        String parent,
        Layout layout,
        int priority,
        boolean isPreemptible,
        Aim aim,
        boolean isSessionOwn,
        Predicate<String> blocks) {
    /** Every candidate before this one keeps it from leading. */
    static final Predicate<String> ALL = name -> true;

    static Settings election(String parent) {
        return new Settings(parent, Layout.MATRIARCH, 0, false, Aim.LEAD, true, ALL);
    }
}
