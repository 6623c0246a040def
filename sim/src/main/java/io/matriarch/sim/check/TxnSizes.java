package io.matriarch.sim.check;

/**
 * How long transactions may be in one world.
 *
 * @param ours a request that would become a longer one is refused by our leaders
 * @param anybodys no longer one may be proposed
 */
public record TxnSizes(int ours, int anybodys) {}
