package io.matriarch.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;

/** The answer to an asynchronous request. */
final class Answer {
    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    void came(int rc) {
        code.complete(rc);
    }

    boolean isThere() {
        return code.isDone();
    }

    /** Waits for it. */
    KeeperException.Code code() throws Exception {
        return KeeperException.Code.get(code.get(20, TimeUnit.SECONDS));
    }
}
