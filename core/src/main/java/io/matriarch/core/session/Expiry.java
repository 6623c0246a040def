package io.matriarch.core.session;

import java.util.List;

/**
 * Sessions that end at one instant unless they are heard of before.
 *
 * @param atNanos the instant, as {@link io.matriarch.core.port.Now#nanos} counts
 * @param sessions their ids, at least one
 */
public record Expiry(long atNanos, List<Long> sessions) {}
