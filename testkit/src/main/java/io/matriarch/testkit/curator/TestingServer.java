package io.matriarch.testkit.curator;

import io.matriarch.testkit.EnsembleBuilder;
import io.matriarch.testkit.TestEnsemble;
import java.io.Closeable;
import java.io.File;
import org.jspecify.annotations.Nullable;

/** One standalone server, in the place of {@code org.apache.curator.test.TestingServer}. */
public final class TestingServer implements Closeable {
    private final TestEnsemble ensemble;

    /** A server that runs, on a free port and in a temporary directory. */
    public TestingServer() {
        this(0, null, true);
    }

    /** A server on a free port and in a temporary directory, which {@code start} says whether to start. */
    public TestingServer(boolean start) {
        this(0, null, start);
    }

    /** A server that runs at {@code port}; at any if that is negative or 0. */
    public TestingServer(int port) {
        this(port, null, true);
    }

    /** A server at {@code port}, which {@code start} says whether to start. */
    public TestingServer(int port, boolean start) {
        this(port, null, start);
    }

    /** A server that runs at {@code port}, with its files in {@code tempDirectory}, which stay. */
    public TestingServer(int port, File tempDirectory) {
        this(port, tempDirectory, true);
    }

    /** A server at {@code port}, with its files in {@code tempDirectory}, or in one that does not stay. */
    public TestingServer(int port, @Nullable File tempDirectory, boolean start) {
        EnsembleBuilder builder = TestEnsemble.builder().clientPorts(Math.max(0, port));
        if (tempDirectory != null) {
            builder.directory(tempDirectory.toPath());
        }
        ensemble = start ? builder.start() : builder.build();
    }

    /** Where clients connect. */
    public int getPort() {
        return ensemble.server(1).clientPort();
    }

    /** Where its files are. */
    public File getTempDirectory() {
        return ensemble.server(1).dataDir().toFile();
    }

    /** Host and port for clients. */
    public String getConnectString() {
        return ensemble.connectString();
    }

    /** Starts it, if it does not run, and waits until it serves. */
    public void start() {
        ensemble.server(1).start();
        ensemble.leader();
    }

    /** Stops it in order; its files stay until {@link #close}. */
    public void stop() {
        ensemble.server(1).stop();
    }

    /** Stops it and starts it again, on its port and files; sessions live on. */
    public void restart() {
        stop();
        start();
    }

    /** Ends it and removes its files, unless they are in a directory of the caller's. */
    @Override
    public void close() {
        ensemble.close();
    }

    /** The same server, with all that the test kit can do to it. */
    public TestEnsemble ensemble() {
        return ensemble;
    }
}
