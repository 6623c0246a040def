package io.matriarch.compat.candidates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.bench.candidates.Cable;
import io.matriarch.bench.ensemble.EnsembleProcess;
import io.matriarch.bench.ensemble.Flavour;
import io.matriarch.candidate.Layout;
import io.matriarch.compat.Clients;
import io.matriarch.compat.Servers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two candidates of ours and two of another library in turn, under one path: the order of the line is that of entering, whoever
 * resigns comes last, whoever falls silent is followed by the next, and nobody ever sees two leaders.
 */
@Timeout(240)
class MixedCandidatesMatrix {
    static final int SESSION_TIMEOUT_MILLIS = 4000;

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int CONTENDERS = 4;

    @RegisterExtension
    static final Servers SERVERS = Servers.onDemand();

    private static final Map<Flavour, EnsembleProcess> ENSEMBLES = new HashMap<>();

    private final Witness witness = new Witness();
    private final List<Contender> contenders = new ArrayList<>();
    private ZooKeeper observer;

    /** How the other library's contenders are made. */
    private interface Maker {
        Contender enter(String name, Cable cable, String path, Witness witness) throws Exception;
    }

    @AfterEach
    void leave() throws Exception {
        for (Contender contender : contenders) {
            contender.cable().heal();
            contender.leave();
        }
        if (observer != null) {
            Clients.close(observer);
        }
    }

    private static EnsembleProcess ensemble(Flavour flavour) {
        EnsembleProcess known = ENSEMBLES.get(flavour);
        if (known != null) {
            return known;
        }
        EnsembleProcess made = SERVERS.create(
                flavour.name(),
                Collections.nCopies(flavour == Flavour.APACHE ? 1 : 3, flavour),
                options -> options.withSetting("tickTime", "500"));
        ENSEMBLES.put(flavour, made);
        made.startAll();
        made.awaitServing(BOUND);
        return made;
    }

    @ParameterizedTest
    @EnumSource(Flavour.class)
    void withCuratorsLeaderLatch(Flavour flavour) throws Exception {
        inTurn(flavour, Layout.CURATOR_LATCH, LatchContender::new);
    }

    @ParameterizedTest
    @EnumSource(Flavour.class)
    void withCuratorsLeaderSelector(Flavour flavour) throws Exception {
        inTurn(flavour, Layout.CURATOR_SELECTOR, SelectorContender::new);
    }

    @ParameterizedTest
    @EnumSource(Flavour.class)
    void withKazoosElection(Flavour flavour) throws Exception {
        Assumptions.assumeTrue(KazooContender.isInstalled(), "no kazoo here: apt-get install python3-kazoo");
        inTurn(flavour, Layout.KAZOO, KazooContender::new);
    }

    @ParameterizedTest
    @EnumSource(Flavour.class)
    void withMastersOfMesossKind(Flavour flavour) throws Exception {
        inTurn(flavour, Layout.MESOS, MesosContender::new);
    }

    private void inTurn(Flavour flavour, Layout layout, Maker others) throws Exception {
        EnsembleProcess ensemble = ensemble(flavour);
        observer = Clients.connect(ensemble.connectString());
        String path = "/" + layout.name().toLowerCase(Locale.ROOT);
        observer.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int i = 0; i < CONTENDERS; i++) {
            int size = ensemble.servers().size();
            Cable cable =
                    new Cable(ensemble.server(1 + i % size).clientAddress().getPort());
            contenders.add(
                    i % 2 == 0
                            ? OurContender.enter("ours" + i, cable, path, layout, witness)
                            : others.enter("theirs" + i, cable, path, witness));
            int count = i + 1;
            await().atMost(BOUND).until(() -> line(path).size() == count);
        }
        assertThat(line(path)).as("in the order of entering").isEqualTo(names());
        for (int i = 0; i < CONTENDERS; i++) {
            awaitTheFirstLeads(path, contenders.get(i));
            contenders.get(i).resign();
            String name = contenders.get(i).name();
            await(name + " stands last").atMost(BOUND).until(() -> {
                List<String> line = line(path);
                return line.size() == CONTENDERS && line.get(CONTENDERS - 1).equals(name);
            });
        }
        for (int i = 0; i < 2; i++) {
            awaitTheFirstLeads(path, contenders.get(i));
            contenders.get(i).cable().silence();
            awaitTheFirstLeads(path, contenders.get(i + 1));
            contenders.get(i).cable().heal();
            await("it stands again").atMost(BOUND).until(() -> line(path).size() == CONTENDERS);
        }
        assertThat(witness.overlaps()).isEmpty();
    }

    private List<String> names() {
        return contenders.stream().map(Contender::name).toList();
    }

    private void awaitTheFirstLeads(String path, Contender expected) {
        await(expected.name() + " leads")
                .atMost(BOUND)
                .until(() -> witness.leader().equals(expected.name())
                        && line(path).get(0).equals(expected.name()));
        assertThat(witness.overlaps()).isEmpty();
    }

    /** Who stands, first comer first, by what each published. */
    private List<String> line(String path) throws Exception {
        List<String> names = new ArrayList<>();
        for (String child : observer.getChildren(path, false).stream()
                .sorted(Comparator.comparing(child -> child.substring(child.length() - 10)))
                .toList()) {
            try {
                String content = new String(observer.getData(path + "/" + child, false, null), StandardCharsets.UTF_8);
                names.add(content.startsWith("{") ? content.replaceAll(".*:\"|\"}", "") : content);
            } catch (KeeperException.NoNodeException gone) {
                // It left in between.
            }
        }
        return names;
    }
}
