package io.matriarch.testkit.curator;

import io.matriarch.testkit.TestEnsemble;
import io.matriarch.testkit.TestServer;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;

/** An ensemble, in the place of {@code org.apache.curator.test.TestingCluster}. */
public final class TestingCluster implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestEnsemble ensemble;
    private final List<InstanceSpec> instances;

    /** So many servers, which {@link #start} starts. */
    public TestingCluster(int instanceQty) {
        ensemble = TestEnsemble.builder().servers(instanceQty).build();
        instances = ensemble.servers().stream().map(InstanceSpec::new).toList();
    }

    /** All servers, running or not. */
    public List<InstanceSpec> getInstances() {
        return instances;
    }

    /** Addresses of all servers, for clients. */
    public String getConnectString() {
        return ensemble.connectString();
    }

    /** Starts all servers and waits until they serve. */
    public void start() {
        ensemble.servers().forEach(TestServer::start);
        ensemble.awaitServing(PATIENCE);
    }

    /** Stops all servers in order; their files stay until {@link #close}. */
    public void stop() {
        ensemble.servers().forEach(TestServer::stop);
    }

    /** Ends a server as {@code kill -9} would; false if it does not run. */
    public boolean killServer(InstanceSpec instance) {
        boolean isRunning = instance.server().isRunning();
        instance.server().kill();
        return isRunning;
    }

    /** Starts a server again and waits until it serves, which needs a quorum; false if it ran already. */
    public boolean restartServer(InstanceSpec instance) {
        boolean isRunning = instance.server().isRunning();
        instance.server().start();
        ensemble.awaitServing(PATIENCE);
        return !isRunning;
    }

    /** Ends all servers and removes their files. */
    @Override
    public void close() {
        ensemble.close();
    }

    /** The same servers, with all that the test kit can do to them. */
    public TestEnsemble ensemble() {
        return ensemble;
    }
}
