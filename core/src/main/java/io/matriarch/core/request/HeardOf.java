package io.matriarch.core.request;

import io.matriarch.core.port.Now;

/**
 * A client of this server was heard of.
 *
 * @param sessionId its session, which all servers know
 * @param timeoutMillis the session's timeout
 * @param at when, for the last time
 */
public record HeardOf(long sessionId, int timeoutMillis, Now at) {}
