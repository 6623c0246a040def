package io.matriarch.sim.check;

/**
 * How long transactions may be in one world.
 *
 * @param ourBytes a request that would become a longer one is refused by our leaders
 * @param mostBytes no longer one may be proposed by anybody
 */
public record TxnBounds(int ourBytes, int mostBytes) {}
