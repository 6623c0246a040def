package io.matriarch.compat.session;

import static org.awaitility.Awaitility.await;

import io.matriarch.bench.ensemble.FourLetterWord;
import io.matriarch.bench.ensemble.ServerProcess;
import io.matriarch.compat.Clients;
import io.matriarch.wire.client.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * What sessions that only one server knows do at {@code home} and, when they go there, at {@code other}; each line is what
 * was tried and what came of it. Played in a directory of its own in the tree.
 */
final class SessionScript {
    private static final Duration BOUND = Duration.ofSeconds(5);

    private final ServerProcess home;
    private final ServerProcess other;
    private final String root;
    private final List<String> lines = new ArrayList<>();

    private SessionScript(ServerProcess home, ServerProcess other, String root) {
        this.home = home;
        this.other = other;
        this.root = root;
    }

    /** Where ephemeral znodes make a session known to all. */
    static List<String> withUpgrading(ServerProcess home, ServerProcess other, String root) throws Exception {
        SessionScript script = new SessionScript(home, other, root);
        script.staysLocal();
        script.isUpgradedAndMoves();
        return script.lines;
    }

    /** Where they are refused. */
    static List<String> withoutUpgrading(ServerProcess home, ServerProcess other, String root) throws Exception {
        SessionScript script = new SessionScript(home, other, root);
        script.staysLocal();
        script.isRefusedEphemerals();
        return script.lines;
    }

    private void says(String what, Object outcome) {
        lines.add(what + " -> " + outcome);
    }

    private void staysLocal() throws Exception {
        long session;
        try (FrameClient client = new FrameClient(home)) {
            says("opens", client.opens(false));
            session = client.sessionId();
            says("sessions at home", sessions(home, 0, 1));
            says(
                    "writes and reads",
                    client.asks(
                            FrameClient.create(root, 0),
                            FrameClient.create(root + "/a", 0),
                            new Request.GetData(root + "/a", false),
                            new Request.Multi(List.of(FrameClient.create(root + "/b", 0))),
                            FrameClient.create(root + "/a", 0),
                            new Request.Sync(root),
                            new Request.GetChildren(root, false, false)));
            says("sessions at home", sessions(home, 0, 1));
        }
        try (FrameClient elsewhere = new FrameClient(other)) {
            says("goes elsewhere", elsewhere.resumes(session, false));
        }
        try (FrameClient again = new FrameClient(home)) {
            says("comes back", again.resumes(session, false));
            says("reads", again.asks(new Request.Exists(root + "/b", false)));
            says("closes behind a write", again.asks(FrameClient.create(root + "/c", 0), new Request.CloseSession()));
            says("and the connection", again.isClosedByServer());
        }
        try (FrameClient after = new FrameClient(home)) {
            says("comes back after its end", after.resumes(session, false));
        }
        says("sessions at home", sessions(home, 0, 0));
    }

    private void isUpgradedAndMoves() throws Exception {
        long session;
        try (FrameClient client = new FrameClient(home)) {
            says("opens", client.opens(false));
            session = client.sessionId();
            says(
                    "creates an ephemeral znode among others",
                    client.asks(
                            FrameClient.create(root + "/d", 0),
                            FrameClient.create(root + "/e", 1),
                            new Request.Exists(root + "/e", false),
                            FrameClient.create(root + "/f", 1),
                            new Request.GetData(root + "/f", false)));
            says("sessions at home", sessions(home, 1, 0));
            says("sessions elsewhere", sessions(other, 1, 0));
        }
        try (FrameClient elsewhere = new FrameClient(other)) {
            says("goes elsewhere", elsewhere.resumes(session, false));
            says(
                    "finds and makes more",
                    elsewhere.asks(new Request.Exists(root + "/e", false), FrameClient.create(root + "/g", 1)));
            says("closes", elsewhere.asks(new Request.CloseSession()));
        }
        try (FrameClient another = new FrameClient(other)) {
            another.opens(false);
            says("its ephemeral znodes", another.asks(new Request.Exists(root + "/e", false)));
            says("a multi upgrades too", another.asks(new Request.Multi(List.of(FrameClient.create(root + "/m", 1)))));
            says("sessions elsewhere", sessions(other, 1, 0));
            says("closes", another.asks(new Request.CloseSession()));
        }
        says("sessions at home", sessions(home, 0, 0));
    }

    private void isRefusedEphemerals() throws Exception {
        try (FrameClient client = new FrameClient(home)) {
            says("opens", client.opens(false));
            says(
                    "is refused an ephemeral znode between writes",
                    client.asks(
                            FrameClient.create(root + "/h", 0),
                            FrameClient.create(root + "/i", 1),
                            FrameClient.create("/no/parent", 1),
                            FrameClient.create(root + "/k", 0),
                            new Request.Exists(root + "/i", false)));
            says("sessions at home", sessions(home, 0, 1));
            says("closes", client.asks(new Request.CloseSession()));
        }
    }

    /** Counts of mntr, once they are as they should be; else as they stay. */
    private static String sessions(ServerProcess server, int global, int local) throws Exception {
        String wanted = "global " + global + ", local " + local;
        Callable<String> counts = () -> counts(server);
        try {
            await().atMost(BOUND).until(counts, wanted::equals);
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            return counts.call();
        }
        return wanted;
    }

    private static String counts(ServerProcess server) throws IOException {
        String mntr = FourLetterWord.ask(server.clientAddress(), "mntr", Clients.SERVING_BOUND);
        return "global " + figure(mntr, "zk_global_sessions") + ", local " + figure(mntr, "zk_local_sessions");
    }

    private static String figure(String mntr, String key) {
        return mntr.lines()
                .filter(line -> line.startsWith(key + "\t"))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElse("?");
    }
}
