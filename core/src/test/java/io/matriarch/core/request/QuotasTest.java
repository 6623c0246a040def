package io.matriarch.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.tree.DataTree;
import io.matriarch.core.tree.FrozenTree;
import io.matriarch.core.tree.Quotas;
import io.matriarch.core.tree.Znode;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import io.matriarch.wire.disk.SnapshotPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Levels 0 and 1: quotas, client.md 14, disk.md 8 and scenarios R6 and R7. */
class QuotasTest {
    private static final String QUOTA = "/zookeeper/quota";
    private static final String LIMITS = "/zookeeper_limits";
    private static final String STATS = "/zookeeper_stats";

    private final List<Quotas.Excess> reported = new ArrayList<>();
    private final Server server = serving(true);
    private final TestClient client = server.connected();

    private Server serving(boolean isEnforcing) {
        Server made = new Server();
        made.preparation = new TxnPreparation(
                made.tree,
                true,
                session -> false,
                MembershipChange.never(),
                TxnLimit.NONE,
                RequestRules.CORRECT,
                ZnodeConfig.DEFAULT.withQuotas(isEnforcing));
        made.preparation.reportQuotas(reported::add);
        made.desk.serve(made.now(), made);
        return made;
    }

    private static Request create(String path, String data) {
        return new Request.Create(OpCode.CREATE, path, Bytes.utf8(data), Acl.OPEN, 0, Request.Create.NO_TTL);
    }

    private static Request set(String path, String data) {
        return new Request.SetData(path, Bytes.utf8(data), -1);
    }

    /** What zkCli does. */
    private static void setQuota(TestClient client, String path, String limits) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            client.err(create(QUOTA + path.substring(0, slash), ""));
        }
        client.err(create(QUOTA + path, ""));
        assertThat(client.err(create(QUOTA + path + LIMITS, limits))).isZero();
        assertThat(client.err(create(QUOTA + path + STATS, "count=0,bytes=0"))).isZero();
    }

    private static String stats(DataTree tree, String path) {
        Znode node = tree.find(QUOTA + path + STATS);
        return node.data().asUtf8();
    }

    private String stats(String path) {
        return stats(server.tree, path);
    }

    // --- usage ---------------------------------------------------------------------------------------------------

    @Test
    void r7UsageIsCountedWhenItsZnodeAppearsAndFromThenOnInPlace() {
        client.err(create("/app", "0123456789"));
        client.err(create("/app/a", ""));
        setQuota(client, "/app", "count=5,bytes=-1");
        assertThat(stats("/app")).isEqualTo("count=2,bytes=10");
        long digest = server.tree.digest();
        var before = server.tree.find(QUOTA + "/app" + STATS).stat();
        assertThat(client.err(create("/app/b", "xy"))).isZero();
        assertThat(stats("/app")).isEqualTo("count=3,bytes=12");
        assertThat(client.err(set("/app/b", "x"))).isZero();
        assertThat(client.err(new Request.Delete("/app/a", -1))).isZero();
        assertThat(stats("/app")).isEqualTo("count=2,bytes=11");
        var after = server.tree.find(QUOTA + "/app" + STATS).stat();
        assertThat(List.of(after.version(), after.mzxid(), after.mtime()))
                .isEqualTo(List.of(before.version(), before.mzxid(), before.mtime()));
        assertThat(server.tree.digest()).isNotEqualTo(digest);
        assertThat(server.tree.digestMismatch()).isNull();
    }

    @Test
    void usageFiresNoWatch() {
        client.err(create("/app", ""));
        setQuota(client, "/app", "count=5,bytes=-1");
        client.answer(new Request.GetData(QUOTA + "/app" + STATS, true));
        client.heard();
        client.err(create("/app/a", "x"));
        assertThat(client.heard()).noneMatch(line -> line.contains(STATS));
    }

    @Test
    void theDeepestQuotaAloneCounts() {
        client.err(create("/a", ""));
        client.err(create("/a/b", ""));
        setQuota(client, "/a", "count=9,bytes=-1");
        setQuota(client, "/a/b", "count=9,bytes=-1");
        client.err(create("/a/b/c", "123"));
        client.err(create("/a/bc", "45"));
        assertThat(stats("/a")).isEqualTo("count=3,bytes=2");
        assertThat(stats("/a/b")).isEqualTo("count=2,bytes=3");
    }

    @Test
    void withoutLimitsNothingIsCountedAnyMore() {
        client.err(create("/a", ""));
        setQuota(client, "/a", "count=9,bytes=-1");
        client.err(new Request.Delete(QUOTA + "/a" + LIMITS, -1));
        client.err(create("/a/b", ""));
        assertThat(stats("/a")).isEqualTo("count=1,bytes=0");
    }

    @Test
    void otherKeysOfUsageAreKeptAndTheRootHasNoQuota() {
        client.err(create("/a", ""));
        setQuota(client, "/a", "count=9,bytes=-1");
        client.err(set(QUOTA + "/a" + STATS, "bytes=5;z=1,count=7,,broken,b=x,a=="));
        client.err(create("/a/b", "1"));
        assertThat(stats("/a")).isEqualTo("count=8,bytes=6=;z=1");
        client.err(create(QUOTA + LIMITS, "count=1,bytes=-1"));
        assertThat(client.err(create("/other", ""))).isZero();
        assertThat(server.tree.quotas().above("/other")).isNull();
    }

    @Test
    void usageIsThatOfTheTreeAfterAnythingAndAfterASnapshot() {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            Server any = serving(false);
            TestClient asker = any.connected();
            List<String> limited = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                String path = path(random);
                if (random.nextInt(40) == 0 && any.tree.find(QUOTA + path) == null) {
                    setQuota(asker, path, "count=3,bytes=4");
                    limited.add(path);
                } else {
                    asker.err(change(random, path));
                }
                if (i == 150) {
                    any.tree = copy(any.tree);
                    assertUsage(any.tree, limited, "seed " + seed + " from its snapshot");
                    break;
                }
                assertUsage(any.tree, limited, "seed " + seed + " step " + i);
            }
        }
    }

    private static Request change(Random random, String path) {
        String data = "x".repeat(random.nextInt(5));
        return switch (random.nextInt(6)) {
            case 0 -> new Request.Delete(path, -1);
            case 1 -> set(path, data);
            case 2 ->
                new Request.Multi(List.of(create(path, data), set(path, "12345678"), new Request.Delete(path, -1)));
            default -> create(path, data);
        };
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int depth = random.nextInt(3); depth >= 0; depth--) {
            path.append('/').append((char) ('a' + random.nextInt(2)));
        }
        return path.toString();
    }

    private static DataTree copy(DataTree tree) {
        DataTree.Loader loader = new DataTree.Loader();
        try (FrozenTree view = tree.freeze()) {
            for (SnapshotPiece piece = view.next(100); piece != null; piece = view.next(100)) {
                loader.accept(piece);
            }
            return loader.finish(view.zxid());
        }
    }

    /** The deepest quota counts what is not below another, as if each had been there from the beginning. */
    private static void assertUsage(DataTree tree, List<String> limited, String as) {
        for (String path : limited) {
            boolean isNested = limited.stream().anyMatch(other -> !other.equals(path) && other.startsWith(path + "/"));
            if (!isNested) {
                assertThat(stats(tree, path)).as(as + " " + path).isEqualTo(counted(tree, path));
            }
        }
    }

    private static String counted(DataTree tree, String path) {
        Znode node = tree.find(path);
        return node == null ? "count=0,bytes=0" : "count=" + count(tree, path) + ",bytes=" + bytes(tree, path);
    }

    private static int count(DataTree tree, String path) {
        int count = 1;
        for (String child : tree.find(path).childNames()) {
            count += count(tree, path + "/" + child);
        }
        return count;
    }

    private static int bytes(DataTree tree, String path) {
        Bytes data = tree.find(path).data();
        int bytes = data == null ? 0 : data.length();
        for (String child : tree.find(path).childNames()) {
            bytes += bytes(tree, path + "/" + child);
        }
        return bytes;
    }

    // --- limits --------------------------------------------------------------------------------------------------

    @Test
    void r6AHardLimitOfZnodesIsEnforced() {
        client.err(create("/app", ""));
        setQuota(client, "/app", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2");
        assertThat(client.err(create("/app/a", "123"))).isZero();
        assertThat(client.err(create("/app/b", ""))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(server.tree.find("/app/b")).isNull();
        assertThat(client.err(set("/app/a", "12345"))).as("not of bytes").isZero();
        client.err(new Request.Delete("/app/a", -1));
        assertThat(client.err(create("/app/b", ""))).isZero();
    }

    @Test
    void r6AHardLimitOfBytesIsEnforced() {
        client.err(create("/app", "12"));
        setQuota(client, "/app", "count=-1,bytes=3=;byteHardLimit=4;countHardLimit=-1");
        assertThat(client.err(set("/app", "12345"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(client.err(create("/app/a", "123"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(client.err(create("/app/a", "12"))).isZero();
        assertThat(client.err(create("/app/b", ""))).as("no more bytes").isZero();
        assertThat(client.err(set("/app", "1"))).isZero();
    }

    @Test
    void quotaIsCheckedBehindTheParentOfACreationAndBeforeTheVersionOfAChange() {
        client.err(create("/app", "12"));
        setQuota(client, "/app", "count=-1,bytes=-1=;byteHardLimit=2;countHardLimit=1");
        assertThat(client.err(create("/app/a/b", ""))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(new Request.SetData("/app", Bytes.utf8("123"), 7)))
                .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(client.err(new Request.SetData("/app", Bytes.utf8("1"), 7))).isEqualTo(ErrorCode.BAD_VERSION);
    }

    @Test
    void r6InsideAMultiItFailsInItsPlace() {
        client.err(create("/app", ""));
        setQuota(client, "/app", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=1");
        Response.MultiResults results = (Response.MultiResults)
                client.answer(new Request.Multi(List.of(create("/else", ""), create("/app/a", ""), create("/z", ""))))
                        .body();
        assertThat(results.results())
                .extracting(result -> result.err())
                .containsExactly(0, ErrorCode.QUOTA_EXCEEDED, ErrorCode.RUNTIME_INCONSISTENCY);
        assertThat(server.tree.find("/else")).isNull();
    }

    @Test
    void ofAMultiEachPartIsJudgedByWhatWasThereBefore() {
        client.err(create("/app", ""));
        setQuota(client, "/app", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2");
        Request both = new Request.Multi(List.of(create("/app/a", ""), create("/app/b", "")));
        assertThat(client.err(both)).as("Compat: as by Apache").isZero();
        assertThat(stats("/app")).isEqualTo("count=3,bytes=0");
    }

    @Test
    void r6WithoutEnforcementItIsOnlyReported() {
        Server lenient = serving(false);
        TestClient other = lenient.connected();
        other.err(create("/app", ""));
        setQuota(other, "/app", "count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=1");
        assertThat(other.err(create("/app/a", ""))).isZero();
        assertThat(reported).containsExactly(new Quotas.Excess("/app", false, true, 2, 1));
    }

    @Test
    void aSoftLimitIsReportedOnceUntilSomethingIsWithinIt() {
        client.err(create("/app", ""));
        setQuota(client, "/app", "count=2,bytes=1");
        client.err(create("/app/a", ""));
        assertThat(reported).isEmpty();
        assertThat(client.err(create("/app/b", "xy"))).isZero();
        client.err(create("/app/c", ""));
        assertThat(reported)
                .containsExactly(
                        new Quotas.Excess("/app", false, false, 3, 2), new Quotas.Excess("/app", true, false, 2, 1));
        for (String name : List.of("a", "b", "c")) {
            client.err(new Request.Delete("/app/" + name, -1));
        }
        client.err(create("/app/a", ""));
        client.err(create("/app/b", ""));
        assertThat(reported).hasSize(3);
    }
}
