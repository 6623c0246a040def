package io.matriarch.testkit.curator;

import io.matriarch.testkit.TestServer;
import java.io.File;

/** One server of a {@link TestingCluster}, for as long as that lives. */
public final class InstanceSpec {
    private final TestServer server;

    InstanceSpec(TestServer server) {
        this.server = server;
    }

    /** Where its files are. */
    public File getDataDirectory() {
        return server.dataDir().toFile();
    }

    /** Where its clients connect. */
    public int getPort() {
        return server.clientPort();
    }

    /** The loopback address. */
    public String getHostname() {
        return "127.0.0.1";
    }

    /** Host and port for clients. */
    public String getConnectString() {
        return server.connectString();
    }

    /** Its id, from 1. */
    public int getServerId() {
        return Math.toIntExact(server.sid());
    }

    /** The server, with all that the test kit can do to it. */
    public TestServer server() {
        return server;
    }

    /** Host and port. */
    @Override
    public String toString() {
        return getConnectString();
    }
}
