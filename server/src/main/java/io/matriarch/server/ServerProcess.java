package io.matriarch.server;

import io.matriarch.server.config.ConfigException;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.rehearsal.ElectionRehearsal;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server as a process: from a zoo.cfg until it stops or the process is told to end. */
public final class ServerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
    private static final int EXIT_INVALID = 2;

    private ServerProcess() {}

    /**
     * Runs a server until it stops; the end of the process stops it cleanly.
     *
     * @return what the process should end with (operations.md 1.1)
     */
    public static int run(Path zooCfg) {
        MatriarchServer server;
        try {
            server = MatriarchServer.start(ServerConfig.load(zooCfg));
        } catch (ConfigException e) {
            LOG.error("{}", e.getMessage());
            return e.exitCode();
        } catch (ServerStartException e) {
            LOG.error("cannot start: {}", e.getMessage());
            return e.exitCode();
        }
        closeWithProcess(server);
        if (!server.config().isStandalone()) {
            ElectionRehearsal.begin();
        }
        return server.awaitHalt().exitCode();
    }

    private static void closeWithProcess(MatriarchServer server) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "matriarch-shutdown"));
        } catch (IllegalStateException e) {
            LOG.debug("told to end while starting", e);
            server.close();
        }
    }

    /** {@code main zoo.cfg} */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: ServerProcess <zoo.cfg>");
            System.exit(EXIT_INVALID);
        }
        System.exit(run(Path.of(arguments[0])));
    }
}
