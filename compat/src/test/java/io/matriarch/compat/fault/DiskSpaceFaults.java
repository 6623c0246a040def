package io.matriarch.compat.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Servers;
import io.matriarch.compat.history.JudgedClients;
import io.matriarch.sim.history.HistoryReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The disk of one server is full: that server stops with one clear line and exit code 10, the others go on, and with space again it
 * starts and has what they have (disk.md scenario 22).
 */
@Timeout(600)
class DiskSpaceFaults {
    private static final int CLIENTS = 3;
    private static final int REPLIES = 200;
    private static final int DISK_MEGABYTES = 6;

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    @ParameterizedTest
    @ValueSource(strings = {"follower", "leader"})
    void aFullDiskStopsItsServerAndNobodyElse(String role) throws Exception {
        EnsembleProcess ensemble = SERVERS.create(
                role, Collections.nCopies(3, Servers.ours()), options -> options.withSetting("preAllocSize", "64")
                        .withSetting("snapCount", "2000"));
        List<SmallDisk> disks = new ArrayList<>();
        try {
            for (ServerProcess server : ensemble.servers()) {
                disks.add(SmallDisk.over(server.directory().resolve("data"), "myid", DISK_MEGABYTES));
                server.startBehind(disks.get(server.sid() - 1).words());
            }
            ensemble.awaitServing(Addresses.START_BOUND);
            try (JudgedClients clients =
                    JudgedClients.start("/full", CLIENTS, Addresses.of(ensemble.servers()), role.length())) {
                fillDisk(clients, role.equals("leader") ? ensemble.leader() : ensemble.follower(), disks, ensemble);
            }
            EqualTrees.awaitAmong(ensemble);
        } finally {
            ensemble.close();
            disks.forEach(SmallDisk::close);
        }
    }

    private static void fillDisk(
            JudgedClients clients, ServerProcess victim, List<SmallDisk> disks, EnsembleProcess ensemble)
            throws Exception {
        SmallDisk disk = disks.get(victim.sid() - 1);
        clients.awaitReplies(REPLIES);
        disk.fill();
        LastLine.await(victim, "No space left on device");
        clients.awaitReplies(REPLIES);

        disk.free();
        victim.startBehind(disk.words());
        victim.awaitServing(Addresses.START_BOUND);
        ensemble.awaitServing(Addresses.START_BOUND);
        clients.awaitReplies(REPLIES);
        HistoryReport report = clients.judge();
        assertThat(report.acknowledgedWrites()).isPositive();
    }
}
