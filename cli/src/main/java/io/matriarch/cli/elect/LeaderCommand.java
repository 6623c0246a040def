package io.matriarch.cli.elect;

import io.matriarch.candidate.ElectionSession;
import io.matriarch.candidate.GroupWatch;
import io.matriarch.candidate.Member;
import io.matriarch.cli.option.TimeSpan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.common.PathUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code matriarch leader}: shows who leads an election, and the line behind. */
@Command(
        name = "leader",
        mixinStandardHelpOptions = true,
        description = {
            "Show who leads the election under PATH, since when, and the line behind.%n",
            "Understands the candidates of this library, of Curator and kazoo, Mesos masters, and whatever else has a number of "
                    + "the server at the end of its name: the lowest leads. The tree tells since when a candidate stands "
                    + "in the line; since when it leads is known to those who --watch.%n",
            "Exit status: 0 somebody leads, 1 nobody stands, 2 no server answered."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch leader --servers zk1:2181 --path /billing",
            "  matriarch leader --servers zk1:2181 --path /billing --watch --json",
        })
public final class LeaderCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--servers",
            paramLabel = "HOSTS",
            defaultValue = "127.0.0.1:2181",
            description = "Servers, HOST:PORT,HOST:PORT; default 127.0.0.1:2181.")
    private String servers;

    @Option(names = "--path", paramLabel = "PATH", defaultValue = "/candidates", description = "Default /candidates.")
    private String path;

    @Option(names = "--watch", description = "Follow changes, until interrupted.")
    private boolean isWatching;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean isJson;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = TimeSpan.class,
            description = "How long to wait for a server; default 10s.")
    private long timeoutMillis;

    @Override
    public Integer call() throws InterruptedException {
        try {
            PathUtils.validatePath(path);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--path: " + e.getMessage());
        }
        if (System.getProperty("matriarch.log.level") == null) {
            System.setProperty("matriarch.log.level", "OFF");
        }
        BlockingQueue<List<Member>> lines = new LinkedBlockingQueue<>();
        try (ElectionSession session = ElectionSession.builder(servers)
                .sessionTimeout(Duration.ofMillis(timeoutMillis))
                .start()) {
            GroupWatch watch = session.group(path).watch(lines::add);
            try {
                return follow(lines);
            } finally {
                watch.close();
            }
        }
    }

    private int follow(BlockingQueue<List<Member>> lines) throws InterruptedException {
        List<Member> line = lines.poll(timeoutMillis, TimeUnit.MILLISECONDS);
        if (line == null) {
            spec.commandLine()
                    .getErr()
                    .println("matriarch leader: no server of " + servers + " answered within " + timeoutMillis + " ms");
            return ExitCode.USAGE;
        }
        LineReport report = new LineReport(path, spec.commandLine().getOut(), isJson);
        // The first leader that is seen led before.
        Member leader = first(line);
        report.tell(line, Instant.now(), null);
        Instant since = null;
        while (isWatching) {
            line = lines.take();
            Member next = first(line);
            if (next == null || leader == null || !next.path().equals(leader.path())) {
                since = Instant.now();
                leader = next;
            }
            report.tell(line, Instant.now(), since);
        }
        return leader == null ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private static @Nullable Member first(List<Member> line) {
        return line.isEmpty() ? null : line.get(0);
    }
}
