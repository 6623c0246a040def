package io.matriarch.sim.client;

import io.matriarch.sim.time.Chance;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one client asks for: some keys shared by all clients, and candidates under one path. */
final class Workload {
    static final String CANDIDATES = "/candidates";
    private static final String CANDIDATE_PREFIX = CANDIDATES + "/c-";
    private static final int PERSISTENT = 0;
    private static final int EPHEMERAL_SEQUENTIAL = 3;
    private static final int BIG_VALUE_BYTES = 2048;
    private static final int WITH_TTL = 5;
    private static final int SEQUENTIAL_WITH_TTL = 6;
    /** Of requests, where znodes may have a time to live. */
    private static final double TTL_SHARE = 0.06;

    private final int client;
    private final Chance chance;
    private final int keys;
    private final double watchShare;
    private final int[] weights;
    private final boolean isReader;
    private final @Nullable Chance ofTtl;
    private int written;

    /** @param grantsTtl whether some of what it creates has a time to live */
    Workload(int client, Chance chance, boolean grantsTtl) {
        this.client = client;
        this.chance = chance;
        this.keys = (int) chance.between(1, 6);
        this.watchShare = chance.below(4) / 4.0;
        int reads = chance.below(8);
        int ephemerals = chance.below(4);
        // Nobody but readers goes on for long at a leader that is cut off; where nothing waits for a quorum, a sync
        // would be
        // answered at once (zab.md R27). The first client writes, so that somebody does.
        Chance reader = chance.fork("reader");
        isReader = client > SimClient.FIRST && reader.hits(0.3);
        int[] readerWeights = {0, 0, 0, 0, 4, 2, reader.hits(0.5) ? 6 : 0, 1, 0, 0, 0, 0};
        int[] mixedWeights = {
            // create, set, conditional set, delete, get, exists, sync and get, list, candidate, multi, parent, close
            4, 6, 3, 2, reads, reads / 2, 4, 2, ephemerals, 1 + chance.below(3), 1, chance.below(5) == 0 ? 1 : 0
        };
        this.weights = isReader ? readerWeights : mixedWeights;
        this.ofTtl = grantsTtl && !isReader ? chance.fork("times to live") : null;
    }

    /** Next request, or requests that belong together. {@code versionOf}: what this client last saw of a key. */
    List<Request> next(KnownVersions known) {
        if (ofTtl != null && ofTtl.hits(TTL_SHARE)) {
            return List.of(timeToLive(ofTtl));
        }
        String key = "/k" + chance.below(keys);
        return switch (chance.weighted(weights)) {
            case 0 -> List.of(create(key, PERSISTENT));
            case 1 -> List.of(new Request.SetData(key, value(), -1));
            case 2 -> List.of(new Request.SetData(key, value(), known.versionOf(key)));
            case 3 -> List.of(new Request.Delete(key, chance.hits(0.7) ? -1 : known.versionOf(key)));
            case 4 -> List.of(new Request.GetData(key, isWatched()));
            case 5 -> List.of(new Request.Exists(key, isWatched()));
            case 6 -> List.of(new Request.Sync(key), new Request.GetData(key, isWatched()));
            case 7 -> List.of(new Request.GetChildren(chance.hits(0.8) ? CANDIDATES : "/", isWatched(), false));
            case 8 -> List.of(create(CANDIDATE_PREFIX, EPHEMERAL_SEQUENTIAL));
            case 9 -> List.of(multi(key, known));
            case 10 -> List.of(create(CANDIDATES, PERSISTENT));
            default -> List.of(new Request.CloseSession());
        };
    }

    /** What {@link KnownVersions} answers for keys is the last version that this client saw. */
    interface KnownVersions {
        int versionOf(String key);
    }

    boolean isReader() {
        return isReader;
    }

    private boolean isWatched() {
        return chance.hits(watchShare);
    }

    private Request create(String path, int flags) {
        return new Request.Create(OpCode.CREATE, path, value(), Acl.OPEN, flags, Request.Create.NO_TTL);
    }

    /** Keys of multis are their own: they are checked by zxid, not by the register search. */
    private Request multi(String key, KnownVersions known) {
        String target = "/m" + key.substring(2);
        return switch (chance.below(3)) {
            case 0 -> new Request.Multi(List.of(create(target, PERSISTENT), create(target + "/a", PERSISTENT)));
            case 1 ->
                new Request.Multi(List.of(
                        new Request.Check(target, known.versionOf(target)),
                        new Request.SetData(target, value(), -1),
                        new Request.SetData(target, value(), -1)));
            default ->
                new Request.Multi(List.of(
                        new Request.Delete(target + "/a", -1),
                        create(target + "/a", PERSISTENT),
                        new Request.Delete(target + "/a", -1),
                        new Request.Delete(target, -1)));
        };
    }

    /** They go by themselves, unless they are changed or get a child; nobody reads them, so that nobody misses them. */
    private Request timeToLive(Chance drawn) {
        String path = "/t" + drawn.below(3);
        String child = path + "/x";
        return switch (drawn.weighted(5, 2, 2, 2, 3, 1)) {
            case 0 -> withTtl(path, WITH_TTL, drawn.between(20, 2_000));
            case 1 -> withTtl("/t-", SEQUENTIAL_WITH_TTL, drawn.between(1, 500));
            case 2 -> new Request.SetData(path, value(), -1);
            case 3 -> create(child, PERSISTENT);
            case 4 -> new Request.Delete(child, -1);
            default ->
                new Request.Multi(List.of(
                        withTtl(path, WITH_TTL, drawn.between(20, 500)),
                        withTtl(child, WITH_TTL, drawn.between(20, 500))));
        };
    }

    private Request withTtl(String path, int flags, long ttlMillis) {
        return new Request.Create(OpCode.CREATE_TTL, path, value(), Acl.OPEN, flags, ttlMillis);
    }

    private Bytes value() {
        String text = "c" + client + "-" + ++written;
        return chance.hits(0.05) ? Bytes.utf8(text + " ".repeat(BIG_VALUE_BYTES)) : Bytes.utf8(text);
    }
}
