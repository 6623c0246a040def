package io.matriarch.bench.load;

import java.time.Duration;

/**
 * How long writes stopped after a fault.
 *
 * @param ofServing until a write was acknowledged to a client of a server that the fault left alone
 * @param ofMoving until a write was acknowledged to a client of the failed server, wherever it went; zero if no server failed
 */
public record Outage(Duration ofServing, Duration ofMoving) {}
