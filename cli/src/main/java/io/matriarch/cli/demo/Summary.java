package io.matriarch.cli.demo;

/**
 * What the demo measured.
 *
 * @param first the election when the ensemble came up; from the start of the election at the server that completed the
 *     quorum to the established leader
 * @param failover the election after the leader was stopped; from the stop to the established leader
 * @param firstWriteMillis from that stop to the first acknowledged write
 * @param handoverMillis from the end of the leading candidate to the leadership of the next
 * @param sessionsKept sessions that lived through the failover, out of as many
 * @param znodes znodes compared on the server that came back
 * @param totalMillis all of it, from the first server's start
 */
record Summary(
        ServerElection first,
        ServerElection failover,
        double firstWriteMillis,
        String oldLeadingCandidate,
        String newLeadingCandidate,
        double handoverMillis,
        int sessionsKept,
        int znodes,
        double totalMillis) {

    /** One election among servers. */
    record ServerElection(long leader, long epoch, double millis) {}
}
