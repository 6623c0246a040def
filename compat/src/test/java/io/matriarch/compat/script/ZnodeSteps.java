package io.matriarch.compat.script;

import static io.matriarch.compat.script.Stage.bytes;
import static io.matriarch.compat.script.Step.step;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.Stat;

/** Creating, reading, changing and deleting znodes: client.md 6.2 to 6.4, 8, 9; scenarios C, S, K of section 22. */
final class ZnodeSteps {
    private ZnodeSteps() {}

    /** For a server that has served nobody yet. */
    static List<Step> fresh() {
        return List.of(
                step("the root of a fresh tree", s -> s.stat("/")),
                step("the built-in znodes", s -> s.stat("/zookeeper")),
                step("children of the root of a fresh tree", s -> s.children("/")),
                step("the first child", s -> s.create("/first-", "", CreateMode.PERSISTENT_SEQUENTIAL)),
                step("the root after its first child", s -> s.stat("/")));
    }

    static List<Step> creating() {
        return List.of(
                step("create", s -> s.create("/create", "abc", CreateMode.PERSISTENT)),
                step("S1: its stat", s -> s.stat("/create")),
                step("create what exists", s -> s.create("/create")),
                step("create /", s -> s.create("/")),
                step("create under a missing parent", s -> s.create("/missing/child")),
                step("S8: create2", s -> {
                    Stat stat = new Stat();
                    s.client().create("/create/two", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, stat);
                    return stat;
                }),
                step("null data", s -> s.client().getData("/create/two", false, null) == null),
                step("S2: the parent after one child", s -> s.stat("/create")),
                step("C3: sequential", s -> s.create("/create/s-", "", CreateMode.PERSISTENT_SEQUENTIAL)),
                step("the next one", s -> s.create("/create/s-", "", CreateMode.PERSISTENT_SEQUENTIAL)),
                step("sequential in a directory", s -> s.create("/create/", "", CreateMode.PERSISTENT_SEQUENTIAL)),
                step("a plain child counts too", s -> s.create("/create/plain")),
                step("sequential after that", s -> s.create("/create/s-", "", CreateMode.PERSISTENT_SEQUENTIAL)),
                step("ephemeral", s -> s.create("/create/e", "", CreateMode.EPHEMERAL)),
                step("its stat", s -> s.stat("/create/e")),
                step("K7: a child of it", s -> s.create("/create/e/child")),
                step("a sequential child of it", s -> s.create("/create/e/c", "", CreateMode.EPHEMERAL_SEQUENTIAL)),
                step("ephemeral sequential", s -> s.create("/create/es-", "", CreateMode.EPHEMERAL_SEQUENTIAL)),
                step("K8: container", s -> s.create("/create/box", "", CreateMode.CONTAINER)),
                step("its stat", s -> s.stat("/create/box")),
                step("K7: a child of a container", s -> s.create("/create/box/in")),
                step("K4: with TTL when disabled", s -> s.client()
                        .create(
                                "/create/ttl",
                                bytes(""),
                                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                                CreateMode.PERSISTENT_WITH_TTL,
                                null,
                                1000)),
                step("the connection still works", s -> s.stat("/create")),
                step("names of every letter allowed", s -> s.create("/create/ä %:\\... .a")),
                step("500000 bytes", s -> {
                    s.client()
                            .create(
                                    "/create/big",
                                    new byte[500_000],
                                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                                    CreateMode.PERSISTENT);
                    return s.client().getData("/create/big", false, null).length;
                }),
                step("all children", s -> s.children("/create")),
                step("a session's end", s -> {
                    s.client("owner")
                            .create("/create/theirs", bytes("x"), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
                    Stat before = s.stat("/create/theirs");
                    s.closeClient("owner");
                    return List.of(before, String.valueOf(s.stat("/create/theirs")));
                }),
                step("the parent after all that", s -> s.stat("/create")));
    }

    static List<Step> changing() {
        return List.of(
                step("start", s -> s.create("/change", "0", CreateMode.PERSISTENT)),
                step("a child", s -> s.create("/change/child", "0", CreateMode.PERSISTENT)),
                step("exists of nothing", s -> String.valueOf(s.stat("/nothing"))),
                step("getData of nothing", s -> s.client().getData("/nothing", false, null)),
                step("getChildren of nothing", s -> s.client().getChildren("/nothing", false)),
                step("getACL of nothing", s -> s.client().getACL("/nothing", null)),
                step("C8: setData of nothing", s -> s.client().setData("/nothing", bytes(""), -1)),
                step("setData, any version", s -> s.client().setData("/change", bytes("one"), -1)),
                step("setData, right version", s -> s.client().setData("/change", bytes("two"), 1)),
                step("setData, stale version", s -> s.client().setData("/change", bytes("no"), 1)),
                step("setData, version -2", s -> s.client().setData("/change", bytes("no"), -2)),
                step("getData", s -> s.client().getData("/change", false, null)),
                step("getData's stat", s -> {
                    Stat stat = new Stat();
                    s.client().getData("/change", false, stat);
                    return stat;
                }),
                step("setData of null", s -> s.client().setData("/change/child", null, -1)),
                step("S4: the child", s -> s.stat("/change/child")),
                step("S4: its parent is untouched", s -> s.stat("/change")),
                step("S7: getChildren2", s -> {
                    Stat stat = new Stat();
                    return List.of(s.client().getChildren("/change", false, stat), stat);
                }),
                step("delete nothing", s -> delete(s, "/change/nothing", -1)),
                step("delete under nothing", s -> delete(s, "/nothing/child", -1)),
                step("C2: delete with children", s -> delete(s, "/change", -1)),
                step("delete, stale version", s -> delete(s, "/change/child", 7)),
                step("delete, right version", s -> delete(s, "/change/child", 1)),
                step("S6: the parent", s -> s.stat("/change")),
                step("delete, any version", s -> delete(s, "/change", -1)),
                step("gone", s -> String.valueOf(s.stat("/change"))),
                step("sync of nothing", s -> {
                    CompletableFuture<String> answer = new CompletableFuture<>();
                    s.client().sync("/nothing", (code, path, context) -> answer.complete(code + " " + path), null);
                    return answer.get(10, TimeUnit.SECONDS);
                }),
                step("delete /", s -> delete(s, "/", -1)),
                step("delete /zookeeper", s -> delete(s, "/zookeeper", -1)),
                step("delete /zookeeper/config", s -> delete(s, "/zookeeper/config", -1)),
                step("numbers start again under a new parent", s -> {
                    s.create("/change");
                    return s.create("/change/s", "", CreateMode.PERSISTENT_SEQUENTIAL);
                }));
    }

    static List<Step> counting() {
        return List.of(
                step("start", s -> s.create("/count")),
                step("a branch", s -> s.create("/count/branch")),
                step("mine", s -> s.create("/count/branch/mine", "", CreateMode.EPHEMERAL)),
                step("also mine", s -> s.create("/count/mine", "", CreateMode.EPHEMERAL)),
                step("not below", s -> s.create("/counting", "", CreateMode.EPHEMERAL)),
                step("K10: all below", s -> s.client().getAllChildrenNumber("/count")),
                step("K10: all below a leaf", s -> s.client().getAllChildrenNumber("/count/mine")),
                step("K10: below nothing", s -> s.client().getAllChildrenNumber("/nothing")),
                step(
                        "K9: my ephemerals",
                        s -> s.client().getEphemerals().stream().sorted().toList()),
                step("K9: with a prefix", s -> s.client().getEphemerals("/count/b").stream()
                        .sorted()
                        .toList()),
                step(
                        "K9: with half a name",
                        s -> s.client().getEphemerals("/cou").stream().sorted().toList()),
                step("K9: of another session", s -> s.client("b").getEphemerals()),
                step("K11: who am I", s -> s.client().whoAmI()),
                step("K11: who am I after digest", s -> {
                    s.client().addAuthInfo("digest", bytes("a:b"));
                    s.events();
                    return s.client().whoAmI().stream()
                            .map(c -> c.getAuthScheme() + ":" + c.getUser())
                            .sorted()
                            .toList();
                }));
    }

    private static Object delete(Stage stage, String path, int version) throws Exception {
        stage.client().delete(path, version);
        return null;
    }
}
