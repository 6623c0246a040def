package io.matriarch.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.bench.ensemble.EnsembleOptions;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.bench.ensemble.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * Three voters, of which server 3 leads, server 1 is brought up to date by it, over a connection with a {@link QuorumGate} in it, and server 2
 * is there so that the others have a quorum without it.
 */
final class GatedEnsemble implements AutoCloseable {
    /** Beyond initLimit: an Apache election can stall that long (election.md 6.3). */
    static final Duration BOUND = Duration.ofSeconds(60);

    private final EnsembleProcess ensemble;
    private final Flavour learnerFlavour;
    private final QuorumGate gate;

    private GatedEnsemble(EnsembleProcess ensemble, Flavour learnerFlavour) throws IOException {
        this.ensemble = ensemble;
        this.learnerFlavour = learnerFlavour;
        ConfigLines config = new ConfigLines(learner());
        gate = new QuorumGate(config.quorumPort(3));
        config.replaceQuorumPort(3, gate.port());
    }

    /** Lays it out, lets all write the same, and ends all. */
    static GatedEnsemble create(Servers servers, String name, Flavour learner, Flavour leader) throws Exception {
        return create(servers, name, learner, leader, UnaryOperator.identity());
    }

    /** The same with other settings. Server 2 is the leader's like. */
    static GatedEnsemble create(
            Servers servers, String name, Flavour learner, Flavour leader, UnaryOperator<EnsembleOptions> options)
            throws Exception {
        return create(servers, name, List.of(learner, leader, leader), options);
    }

    /** The same of these servers 1, 2 and 3. */
    static GatedEnsemble create(
            Servers servers, String name, List<Flavour> flavours, UnaryOperator<EnsembleOptions> options)
            throws Exception {
        GatedEnsemble gated = new GatedEnsemble(servers.create(name, flavours, options), flavours.get(0));
        gated.startWithoutLearner();
        gated.startLearner();
        gated.awaitServing();
        ZooKeeper client = gated.connectToLeader();
        try {
            SharedDirectory.writeMuch(client, 0);
        } finally {
            Clients.close(client);
        }
        gated.requireSameTrees();
        gated.killAll();
        return gated;
    }

    ServerProcess learner() {
        return ensemble.server(1);
    }

    ServerProcess witness() {
        return ensemble.server(2);
    }

    ServerProcess leader() {
        return ensemble.server(3);
    }

    List<ServerProcess> servers() {
        return ensemble.servers();
    }

    QuorumGate gate() {
        return gate;
    }

    /** Server 3 leads: it has the higher id, and 2 has nothing that it lacks. */
    void startWithoutLearner() {
        leader().start();
        witness().start();
        ensemble.awaitServing(BOUND);
        assertThat(ensemble.leader()).isSameAs(leader());
    }

    /** Whoever ran on its directory meanwhile. */
    void startLearner() {
        learner().startAs(learnerFlavour);
    }

    void startAll() {
        if (!learner().isAlive()) {
            startLearner();
        }
        ensemble.startAll();
    }

    void awaitServing() {
        ensemble.awaitServing(BOUND);
    }

    void killAll() {
        ensemble.servers().forEach(ServerProcess::signalKill);
        ensemble.servers().forEach(ServerProcess::kill);
    }

    ZooKeeper connectToLeader() {
        return Clients.connect(EnsembleProcess.connectString(List.of(leader())));
    }

    /** Through whoever serves. */
    void write(String parent, int count, int sizeBytes) throws Exception {
        ZooKeeper client = Clients.connect(EnsembleProcess.connectString(ensemble.running()));
        try {
            client.create(parent, null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            for (int i = 0; i < count; i++) {
                client.create(
                        parent + "/" + i, new byte[sizeBytes], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
        } finally {
            Clients.close(client);
        }
    }

    /** Every znode is the same on all three in every field, none is of a tail that nobody committed, and no server complains. */
    void requireSameTrees() throws Exception {
        Verdict verdict = new Verdict();
        var trees = KillsInTurn.trees(ensemble);
        verdict.requireEqual(trees);
        trees.forEach(
                (server, tree) -> assertThat(tree).as(server).noneMatch(line -> line.contains(UncommittedTail.NAME)));
        for (ServerProcess server : ensemble.servers()) {
            verdict.requireNoDigestComplaint(server.toString(), log(server));
        }
        assertThat(verdict.complaints()).isEmpty();
    }

    private static List<String> log(ServerProcess server) throws IOException {
        return Files.readAllLines(server.log(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        ensemble.close();
        gate.close();
    }
}
