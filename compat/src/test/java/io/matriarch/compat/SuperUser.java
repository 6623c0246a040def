package io.matriarch.compat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.zookeeper.admin.ZooKeeperAdmin;

/** Who may change the members. */
final class SuperUser {
    /** "super:test", as in Apache's own documentation. */
    static final String DIGEST = "super:D/InIHSb7yEEbrWz8b9l71RjZJU=";

    private SuperUser() {}

    static ZooKeeperAdmin connect(String connectString) throws IOException {
        ZooKeeperAdmin client = new ZooKeeperAdmin(connectString, Clients.SESSION_TIMEOUT_MILLIS, event -> {});
        Clients.awaitConnected(client);
        client.addAuthInfo("digest", "super:test".getBytes(StandardCharsets.UTF_8));
        return client;
    }
}
