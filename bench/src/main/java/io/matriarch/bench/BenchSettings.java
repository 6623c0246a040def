package io.matriarch.bench;

import io.matriarch.bench.ensemble.Flavour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a run of the bench does.
 *
 * @param workloads what to measure
 * @param flavours whose servers; both for a comparison
 * @param rounds how often each flavour is set up afresh; the figures are medians over rounds
 * @param duration measured time of each throughput workload in each round
 * @param warmUp unmeasured time before each; the first of a round has it five times
 * @param servers members of the ensemble
 * @param connectionsPerServer client sessions on each server
 * @param window requests outstanding per session in pipelined workloads
 * @param payloadBytes data of every znode
 * @param kills leaders killed per round
 * @param handOvers how often per round the lead passes to another server by wish
 * @param heapMegabytes heap of each server
 * @param directory where servers keep their data
 * @param isDataKept whether data and logs of servers stay when the run is over
 */
public record BenchSettings(
        Set<Workload> workloads,
        List<Flavour> flavours,
        int rounds,
        Duration duration,
        Duration warmUp,
        int servers,
        int connectionsPerServer,
        int window,
        int payloadBytes,
        int kills,
        int handOvers,
        int heapMegabytes,
        Path directory,
        boolean isDataKept) {}
