package io.matriarch.compat.candidates;

import io.matriarch.bench.candidates.Cable;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;

/** Unmodified Curator clients. */
final class CuratorClients {
    private static final int RETRY_MILLIS = 50;

    private CuratorClients() {}

    static CuratorFramework start(Cable cable) {
        CuratorFramework client = CuratorFrameworkFactory.newClient(
                cable.connectString(),
                MixedCandidatesMatrix.SESSION_TIMEOUT_MILLIS,
                MixedCandidatesMatrix.SESSION_TIMEOUT_MILLIS,
                new RetryForever(RETRY_MILLIS));
        client.start();
        return client;
    }
}
