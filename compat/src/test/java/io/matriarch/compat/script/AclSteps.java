package io.matriarch.compat.script;

import static io.matriarch.compat.script.Stage.bytes;
import static io.matriarch.compat.script.Step.step;

import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/** Who may do what: client.md 11; scenarios A, C6, C7 of section 22. */
final class AclSteps {
    private static final Id ANYONE = ZooDefs.Ids.ANYONE_ID_UNSAFE;

    private AclSteps() {}

    static List<Step> world() {
        return List.of(
                step("start", s -> create(s, "/acl", Perms.ALL)),
                step("getACL", s -> s.client().getACL("/acl", null)),
                step("A8: setACL", s -> s.client().setACL("/acl", acl(Perms.READ | Perms.ADMIN | Perms.CREATE), -1)),
                step("A8: wrong version", s -> s.client().setACL("/acl", acl(Perms.ALL), 7)),
                step("A8: getACL's stat", s -> {
                    Stat stat = new Stat();
                    return List.of(s.client().getACL("/acl", stat), stat);
                }),
                step("no WRITE", s -> s.client().setData("/acl", bytes("no"), -1)),
                step("READ", s -> s.client().getData("/acl", false, null)),
                step("CREATE", s -> create(s, "/acl/child", Perms.ALL)),
                step("no DELETE for a child", s -> {
                    s.client().delete("/acl/child", -1);
                    return null;
                }),
                step("missing permission before missing znode", s -> {
                    s.client().delete("/acl/nothing", -1);
                    return null;
                }),
                step("a znode nobody reads", s -> create(s, "/acl/shut", Perms.ADMIN)),
                step("getData of it", s -> s.client().getData("/acl/shut", false, null)),
                step("getChildren of it", s -> s.client().getChildren("/acl/shut", false)),
                step("exists of it", s -> s.stat("/acl/shut")),
                step("getACL of it", s -> s.client().getACL("/acl/shut", null)),
                step("create below it", s -> create(s, "/acl/shut/in", Perms.ALL)),
                step("setACL, twice the same entry", s -> s.client()
                        .setACL("/acl/shut", list(new ACL(Perms.ALL, ANYONE), new ACL(Perms.ALL, ANYONE)), -1)),
                step("it is kept once", s -> s.client().getACL("/acl/shut", null)),
                step("setACL of nothing", s -> s.client().setACL("/nothing", acl(Perms.ALL), -1)),
                step("/zookeeper/config is for reading", s -> s.client().getACL("/zookeeper/config", null)),
                step("C7: an empty list", s -> s.client()
                        .create("/acl/none", bytes(""), list(), CreateMode.PERSISTENT)),
                step("C7: somebody in world", s -> create(s, "/acl/none", new Id("world", "me"))),
                step("C7: a scheme nobody knows", s -> create(s, "/acl/none", new Id("nobody", "me"))),
                step("C6: auth without any", s -> create(s, "/acl/none", new Id("auth", ""))));
    }

    static List<Step> digest() {
        return List.of(
                step("before", s -> create(s, "/digest", Perms.ALL)),
                step("who I am", s -> {
                    s.client().addAuthInfo("digest", bytes("pat:test"));
                    return s.events();
                }),
                step("C6: auth becomes my identity", s -> create(s, "/digest/mine", new Id("auth", ""))),
                step("and is shown so", s -> s.client().getACL("/digest/mine", null)),
                step("A1: I may", s -> s.client().setData("/digest/mine", bytes("mine"), -1)),
                step("A1: another may not read", s -> s.client("b").getData("/digest/mine", false, null)),
                step("nor write", s -> s.client("b").setData("/digest/mine", bytes("no"), -1)),
                step("A1: with the wrong password", s -> {
                    s.client("b").addAuthInfo("digest", bytes("pat:test2"));
                    return s.client("b").getData("/digest/mine", false, null);
                }),
                step("A1: with the right one", s -> {
                    s.client("b").addAuthInfo("digest", bytes("pat:test"));
                    return s.client("b").getData("/digest/mine", false, null);
                }),
                step("a malformed digest", s -> create(s, "/digest/bad", new Id("digest", "nocolon"))),
                step("A7: shown without ADMIN", s -> {
                    s.client()
                            .create(
                                    "/digest/part",
                                    bytes(""),
                                    list(
                                            new ACL(Perms.ALL, new Id("digest", "pat:n0tTheRightHash=")),
                                            new ACL(Perms.READ, ANYONE)),
                                    CreateMode.PERSISTENT);
                    return s.client().getACL("/digest/part", null);
                }),
                step("A4: by address", s -> create(s, "/digest/ip", new Id("ip", "127.0.0.0/8"))),
                step("A4: I may", s -> s.client().setData("/digest/ip", bytes("in"), -1)),
                step("A4: from elsewhere", s -> create(s, "/digest/far", new Id("ip", "10.0.0.0/8"))),
                step("A4: I may not", s -> s.client().getData("/digest/far", false, null)),
                step("A4: no address", s -> create(s, "/digest/bad", new Id("ip", "foo"))),
                step("A4: too many bits", s -> create(s, "/digest/bad", new Id("ip", "127.0.0.1/33"))));
    }

    private static List<ACL> acl(int permissions) {
        return list(new ACL(permissions, ANYONE));
    }

    /** The client asks its list whether it contains null, which {@code List.of} answers with an exception. */
    private static List<ACL> list(ACL... entries) {
        return Arrays.asList(entries);
    }

    private static String create(Stage stage, String path, int permissions) throws Exception {
        return stage.client().create(path, bytes(""), acl(permissions), CreateMode.PERSISTENT);
    }

    private static String create(Stage stage, String path, Id id) throws Exception {
        return stage.client().create(path, bytes(""), list(new ACL(Perms.ALL, id)), CreateMode.PERSISTENT);
    }
}
