package io.matriarch.compat.script;

import static io.matriarch.compat.script.Stage.bytes;
import static io.matriarch.compat.script.Step.step;

import java.util.List;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;

/** Watches: client.md 13; scenarios W of section 22. */
final class WatchSteps {
    private WatchSteps() {}

    static List<Step> oneShot() {
        return List.of(
                step("start", s -> s.create("/watch")),
                step("C4: exists of nothing, then created", s -> {
                    s.client().exists("/watch/x", true);
                    s.client("b").create("/watch/x", bytes(""), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                    return s.events();
                }),
                step("C4: once only", s -> {
                    s.client("b").setData("/watch/x", bytes("1"), -1);
                    return s.events();
                }),
                step("W1: getData, then set and delete", s -> {
                    s.client().getData("/watch/x", true, null);
                    s.client().setData("/watch/x", bytes("2"), -1);
                    s.client().delete("/watch/x", -1);
                    return s.events();
                }),
                step("W2: exists, then deleted", s -> {
                    s.create("/watch/x");
                    s.client().exists("/watch/x", true);
                    s.client().delete("/watch/x", -1);
                    return s.events();
                }),
                step("W2: children and data of a znode deleted", s -> {
                    s.create("/watch/x");
                    s.client().getChildren("/watch/x", true);
                    s.client().getData("/watch/x", true, null);
                    s.client().delete("/watch/x", -1);
                    return s.events();
                }),
                step("W3: created and the parent's children", s -> {
                    s.client().exists("/watch/y", true);
                    s.client().getChildren("/watch", true);
                    s.create("/watch/y");
                    return s.events();
                }),
                step("children are not told of data", s -> {
                    s.client().getChildren("/watch", true);
                    s.client().setData("/watch/y", bytes("1"), -1);
                    s.client().setData("/watch", bytes("1"), -1);
                    return s.events();
                }),
                step("then a child goes", s -> {
                    s.client().delete("/watch/y", -1);
                    return s.events();
                }),
                step("no watch by getData of nothing", s -> {
                    try {
                        s.client().getData("/watch/z", true, null);
                    } catch (KeeperException.NoNodeException expected) {
                        s.create("/watch/z");
                    }
                    return s.events();
                }),
                step("a session's end is a deletion", s -> {
                    s.client("owner")
                            .create("/watch/theirs", bytes(""), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
                    s.client().exists("/watch/theirs", true);
                    s.client().getChildren("/watch", true);
                    s.closeClient("owner");
                    s.client("b").sync("/", (code, path, context) -> {}, null);
                    s.stat("/watch");
                    return s.events();
                }),
                step("setACL tells nobody", s -> {
                    s.client().getData("/watch", true, null);
                    s.client().setACL("/watch", ZooDefs.Ids.OPEN_ACL_UNSAFE, -1);
                    return s.events();
                }));
    }

    static List<Step> removing() {
        return List.of(
                step("start", s -> s.create("/remove")),
                step("W12: none of that kind", s -> {
                    s.client().removeWatches("/remove", s.watcher(), Watcher.WatcherType.Data, false);
                    return null;
                }),
                step("W12: a data watch", s -> {
                    s.client().getData("/remove", s.watcher(), null);
                    s.client().removeWatches("/remove", s.watcher(), Watcher.WatcherType.Data, false);
                    return s.events();
                }),
                step("W12: later changes are silent", s -> {
                    s.client().setData("/remove", bytes("1"), -1);
                    return s.events();
                }),
                step("W12: the wrong kind", s -> {
                    s.client().getData("/remove", s.watcher(), null);
                    s.client().removeWatches("/remove", s.watcher(), Watcher.WatcherType.Children, false);
                    return null;
                }),
                step("any kind", s -> {
                    s.client().getChildren("/remove", s.watcher());
                    s.client().removeWatches("/remove", s.watcher(), Watcher.WatcherType.Any, false);
                    return s.events();
                }),
                step("silent again", s -> {
                    s.client().setData("/remove", bytes("2"), -1);
                    s.create("/remove/child");
                    return s.events();
                }));
    }

    /** Watches that stay; not every server offers them. */
    static List<Step> persistent() {
        return List.of(
                step("W7: persistent", s -> {
                    s.client().addWatch("/stay", s.watcher(), AddWatchMode.PERSISTENT);
                    s.create("/stay");
                    s.create("/stay/b");
                    s.client().setData("/stay", bytes("1"), -1);
                    s.client().delete("/stay/b", -1);
                    s.client().delete("/stay", -1);
                    s.create("/stay");
                    return s.events();
                }),
                step("removed", s -> {
                    s.client().removeWatches("/stay", s.watcher(), Watcher.WatcherType.Any, false);
                    s.client().setData("/stay", bytes("2"), -1);
                    return s.events();
                }),
                step("W8: recursive", s -> {
                    s.client().addWatch("/deep", s.watcher(), AddWatchMode.PERSISTENT_RECURSIVE);
                    s.create("/deep");
                    s.create("/deep/b");
                    s.create("/deep/b/c");
                    s.client().setData("/deep/b/c", bytes("1"), -1);
                    s.client().delete("/deep/b/c", -1);
                    s.create("/deeper");
                    return s.events();
                }));
    }
}
