package io.matriarch.core.quorum;

/**
 * Whether and how the members may be changed while a server runs (zab.md 14, client.md 15).
 *
 * @param isEnabled whether they may at all; if not, the version stays 0 and no configuration of others is taken over
 * @param isStandalone whether this server is one without an ensemble
 * @param minVoters fewer participants than this are refused: 2, or 1 where one server may be an ensemble
 */
public record ReconfigRules(boolean isEnabled, boolean isStandalone, int minVoters) {
    /** The members never change. */
    public static final ReconfigRules DISABLED = new ReconfigRules(false, false, 2);
}
