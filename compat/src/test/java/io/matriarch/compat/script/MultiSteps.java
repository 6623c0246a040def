package io.matriarch.compat.script;

import static io.matriarch.compat.script.Stage.bytes;
import static io.matriarch.compat.script.Step.step;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;

/** Several operations as one: client.md 12; scenarios M of section 22. */
final class MultiSteps {
    private MultiSteps() {}

    static List<Step> steps() {
        return List.of(
                step("start", s -> s.create("/multi")),
                step(
                        "M1: create, create below, delete, set",
                        s -> multi(
                                s,
                                create("/multi/m", CreateMode.PERSISTENT),
                                create("/multi/m/a", CreateMode.PERSISTENT),
                                Op.delete("/multi/m/a", -1),
                                Op.setData("/multi/m", bytes("x"), 0))),
                step("M1: one zxid for all", s -> s.stat("/multi/m")),
                step(
                        "M2: a check that fails, then create",
                        s -> multi(s, Op.check("/multi/m", 7), create("/multi/never", CreateMode.PERSISTENT))),
                step("M2: nothing happened", s -> String.valueOf(s.stat("/multi/never"))),
                step(
                        "M3: the last one fails",
                        s -> multi(
                                s,
                                create("/multi/a", CreateMode.PERSISTENT),
                                create("/multi/b", CreateMode.PERSISTENT),
                                Op.delete("/multi/missing", -1))),
                step("M3: nothing happened", s -> s.children("/multi")),
                step(
                        "M4: the same version twice",
                        s -> multi(s, Op.setData("/multi/m", bytes("y"), 1), Op.setData("/multi/m", bytes("z"), 1))),
                step(
                        "M5: versions in turn",
                        s -> multi(s, Op.setData("/multi/m", bytes("y"), 1), Op.setData("/multi/m", bytes("z"), 2))),
                step(
                        "M7: a failed one uses up no number",
                        s -> multi(
                                s,
                                create("/multi/s-", CreateMode.PERSISTENT_SEQUENTIAL),
                                Op.delete("/multi/missing", -1))),
                step(
                        "M7: sequential twice",
                        s -> multi(
                                s,
                                create("/multi/s-", CreateMode.PERSISTENT_SEQUENTIAL),
                                create("/multi/s-", CreateMode.PERSISTENT_SEQUENTIAL))),
                step(
                        "M9: ephemeral and gone",
                        s -> multi(s, create("/multi/e", CreateMode.EPHEMERAL), Op.delete("/multi/e", 0))),
                step("M11: empty", s -> multi(s)),
                step("M12: a container", s -> multi(s, create("/multi/box", CreateMode.CONTAINER))),
                step("a right check", s -> multi(s, Op.check("/multi/m", 3))),
                step("a check of nothing", s -> multi(s, Op.check("/multi/missing", 0))),
                step(
                        "a child made below one deleted before it",
                        s -> multi(s, Op.delete("/multi/box", -1), create("/multi/box/in", CreateMode.PERSISTENT))),
                step("M6: watches of a successful one", s -> {
                    s.client().getData("/multi/m", true, null);
                    s.client().getChildren("/multi", true);
                    multi(
                            s,
                            Op.setData("/multi/m", bytes("1"), -1),
                            Op.setData("/multi/m", bytes("2"), -1),
                            create("/multi/w1", CreateMode.PERSISTENT),
                            create("/multi/w2", CreateMode.PERSISTENT));
                    return s.events();
                }),
                step("M6: watches of a failed one", s -> {
                    s.client().getData("/multi/m", true, null);
                    multi(s, Op.setData("/multi/m", bytes("3"), -1), Op.delete("/multi/missing", -1));
                    return s.events();
                }),
                step("M6: the watch is still there", s -> {
                    s.client().setData("/multi/m", bytes("4"), -1);
                    return s.events();
                }),
                step("the parent after all that", s -> s.stat("/multi")));
    }

    /** Operations that read; not every server offers them. */
    static List<Step> reading() {
        return List.of(
                step("start", s -> s.create("/reading", "r", CreateMode.PERSISTENT)),
                step("a child", s -> s.create("/reading/child", "c", CreateMode.PERSISTENT)),
                step(
                        "M13: each with its own outcome",
                        s -> multi(s, Op.getData("/reading"), Op.getChildren("/missing"), Op.getChildren("/reading"))));
    }

    private static Op create(String path, CreateMode mode) {
        return Op.create(path, bytes(""), ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    private static Object multi(Stage stage, Op... operations) throws InterruptedException, KeeperException {
        List<Op> list = new ArrayList<>(List.of(operations));
        try {
            return stage.client().multi(list);
        } catch (KeeperException failure) {
            return List.of(failure, failure.getResults() == null ? List.of() : failure.getResults());
        }
    }
}
