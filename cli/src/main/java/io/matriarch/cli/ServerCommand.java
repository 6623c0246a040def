package io.matriarch.cli;

import io.matriarch.server.ServerProcess;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code matriarch server CONF}. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description = {
            "Run one server until SIGTERM or SIGINT, which stop it cleanly.%n",
            "CONF is a zoo.cfg as Apache ZooKeeper's users write it. Without server.N lines the server stands alone; "
                    + "with them it is a member of the ensemble, and dataDir/myid says which. A key that has no effect "
                    + "here is named at the start; a wrong value stops it, with file, line, key and what is allowed.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch server conf/zoo.cfg",
            "  JVMFLAGS='-Xmx2g -Dmatriarch.log.level=DEBUG' matriarch server conf/zoo.cfg",
            "",
            "A zoo.cfg to begin with:",
            "  dataDir=/var/lib/matriarch",
            "  clientPort=2181",
        })
final class ServerCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONF", description = "Path of the configuration file.")
    private Path conf = Path.of("zoo.cfg");

    @Override
    public Integer call() {
        return ServerProcess.run(conf);
    }
}
