package io.matriarch.cli.elect;

import io.matriarch.candidate.Candidacy;
import io.matriarch.candidate.ElectionFollower;
import io.matriarch.candidate.ElectionSession;
import io.matriarch.candidate.Layout;
import io.matriarch.candidate.Member;
import io.matriarch.cli.option.TimeSpan;
import io.matriarch.testkit.TestEnsemble;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.common.PathUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code matriarch elect}: runs a command only while this instance leads. */
@Command(
        name = "elect",
        mixinStandardHelpOptions = true,
        description = {
            "Run COMMAND only while this instance leads.%n",
            "Takes part in the election under --path, on Matriarch's or Apache ZooKeeper's servers, starts COMMAND when it "
                    + "leads, and ends it before another can: SIGTERM, and SIGKILL after --grace. Leadership holds on a "
                    + "lease of half the session timeout; the quarter after it is for ending COMMAND. COMMAND finds "
                    + "MATRIARCH_TERM and MATRIARCH_FENCING_TOKEN in its environment: whoever it gives work to can "
                    + "refuse a token lower than the highest one seen.%n",
            "Exit status: COMMAND's own when it ends by itself or by a SIGTERM that this process was sent; 127 if it cannot be "
                    + "started, 143 if it never ran, 2 for wrong arguments."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch elect --servers zk1:2181,zk2:2181 --path /billing -- ./billing --port 8080",
            "  matriarch elect --servers zk1:2181 --path /billing --data 10.0.0.7:8080 --http :8081 --again -- ./run.sh",
            "  matriarch elect --servers zk1:2181 --path /billing --http :8081      only tell who leads",
            "  matriarch elect -- ./billing                  try it out, with a server of its own",
        })
public final class ElectCommand implements Callable<Integer> {
    private static final Set<Layout> FOR_ELECTIONS =
            EnumSet.of(Layout.MATRIARCH, Layout.CURATOR_LATCH, Layout.CURATOR_SELECTOR, Layout.KAZOO, Layout.MESOS);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--servers",
            paramLabel = "HOSTS",
            description = "Servers, HOST:PORT,HOST:PORT; without it a server starts in this process.")
    private @Nullable String servers;

    @Option(names = "--path", paramLabel = "PATH", defaultValue = "/candidates", description = "Default /candidates.")
    private String path;

    @Option(
            names = "--data",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "What others see of this instance, often HOST:PORT.")
    private String content;

    @Option(
            names = "--session-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = TimeSpan.class,
            description = "After so long without a sign of life another leads; default 10s.")
    private long sessionTimeoutMillis;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            converter = TimeSpan.class,
            description =
                    "From SIGTERM to SIGKILL; at most, and by default, a quarter of the session timeout less 100ms.")
    private @Nullable Long graceMillis;

    @Option(names = "--once", description = "Exit when leadership is lost, instead of standing again.")
    private boolean isOnce;

    @Option(names = "--again", description = "Stand again when COMMAND ends by itself, instead of exiting.")
    private boolean isAgain;

    @Option(
            names = "--rest",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = TimeSpan.class,
            description = "With --again: let others lead for so long first; default 5s.")
    private long restMillis;

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "0",
            description = "0 to 9999: who comes first among those that wait; default 0.")
    private int priority;

    @Option(
            names = "--layout",
            paramLabel = "NAME",
            defaultValue = "MATRIARCH",
            description = "Take part beside other libraries: CURATOR_LATCH, CURATOR_SELECTOR, KAZOO, MESOS.")
    private Layout layout;

    @Option(
            names = "--http",
            paramLabel = "[HOST]:PORT",
            description = "Answer GET /leader: 200 here while this instance leads, 503 elsewhere, with JSON.")
    private @Nullable String http;

    @Option(names = "--quiet", description = "Say nothing but errors.")
    private boolean isQuiet;

    @Parameters(paramLabel = "COMMAND", description = "The command and its arguments, after --.")
    private List<String> command = List.of();

    private final AtomicReference<@Nullable Member> first = new AtomicReference<>();
    private final AtomicBoolean hasLeft = new AtomicBoolean();

    /** What is to be closed, the last opened first. */
    private final Deque<Runnable> opened = new ArrayDeque<>();

    @Override
    public Integer call() throws InterruptedException {
        Service.Wishes wishes = checked();
        if (System.getProperty("matriarch.log.level") == null) {
            System.setProperty("matriarch.log.level", "OFF"); // standard output is COMMAND's
        }
        Service service = new Service(wishes, this::say);
        Thread signalled = new Thread(() -> {
            if (hasLeft.compareAndSet(false, true)) {
                leave();
                // Else the JVM would put the signal's status in the place of COMMAND's.
                Runtime.getRuntime().halt(service.lastStatus());
            }
        });
        try {
            enter(service);
        } catch (IOException e) {
            leave();
            throw new ParameterException(spec.commandLine(), "--http " + http + ": " + e.getMessage());
        }
        Runtime.getRuntime().addShutdownHook(signalled);
        try {
            return service.status().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            if (hasLeft.compareAndSet(false, true)) {
                leave();
            }
        }
    }

    private Service.Wishes checked() {
        if (command.isEmpty() && http == null) {
            throw wrong("COMMAND is missing: put it behind --");
        }
        long fits = sessionTimeoutMillis / 4 - LedProcess.MARGIN.toMillis();
        if (fits <= 0) {
            throw wrong("--session-timeout is too short: it must be 1s or more");
        }
        Long grace = graceMillis;
        if (grace != null && grace > fits) {
            throw wrong("--grace does not fit: a session timeout of " + sessionTimeoutMillis + " ms leaves " + fits
                    + " ms between the end of a leadership and the next leader; take a --session-timeout of "
                    + ((grace + LedProcess.MARGIN.toMillis()) * 4 + 999) / 1000 + "s");
        }
        if (!FOR_ELECTIONS.contains(layout)) {
            throw wrong("--layout " + layout + " is for locks and groups");
        }
        try {
            PathUtils.validatePath(path);
        } catch (IllegalArgumentException e) {
            throw wrong("--path: " + e.getMessage());
        }
        return new Service.Wishes(
                command,
                Duration.ofMillis(grace == null ? fits : grace),
                isOnce,
                isAgain,
                Duration.ofMillis(restMillis));
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private void enter(Service service) throws IOException {
        ExecutorService listeners = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "service");
            thread.setDaemon(true);
            return thread;
        });
        ElectionSession session = ElectionSession.builder(connectString())
                .sessionTimeout(Duration.ofMillis(sessionTimeoutMillis))
                .start();
        opened.push(session::close);
        ElectionFollower follower = session.follow(path)
                .listener(leader -> first.set(leader.orElse(null)))
                .start();
        opened.push(follower::close);
        AtomicReference<@Nullable Candidacy> standing = new AtomicReference<>();
        if (http != null) {
            // Before anything is won: an address that is taken must not cost an election.
            LeaderEndpoint endpoint = LeaderEndpoint.start(
                    address(http),
                    path,
                    () -> Optional.ofNullable(standing.get()).flatMap(Candidacy::leadership),
                    first::get);
            opened.push(endpoint::close);
            say("answering GET /leader on port " + endpoint.port());
        }
        Candidacy candidacy = stand(session, service, listeners);
        standing.set(candidacy);
        opened.push(candidacy::close);
        service.standsAs(candidacy);
    }

    private Candidacy stand(ElectionSession session, Service service, ExecutorService listeners) {
        try {
            return session.candidacy(path)
                    .layout(layout)
                    .priority(priority)
                    .content(content)
                    .executor(listeners)
                    .listener(service)
                    .overrun(leadership -> say("COMMAND is still there although another may lead"))
                    .start();
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private String connectString() {
        String named = servers;
        if (named != null) {
            say("standing under " + path + " on " + named);
            return named;
        }
        TestEnsemble own = TestEnsemble.start(1);
        opened.push(own::close);
        say(
                "no --servers: a server of its own runs in this process, and is gone with it; others take part with --servers "
                        + own.connectString() + " --path " + path);
        return own.connectString();
    }

    private InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        } catch (IllegalArgumentException e) {
            throw wrong("--http reads [HOST]:PORT with a port of 0 to 65535, not " + text);
        }
    }

    private void leave() {
        while (!opened.isEmpty()) {
            opened.pop().run();
        }
    }

    private void say(String what) {
        if (!isQuiet) {
            spec.commandLine().getErr().println("matriarch elect: " + what);
        }
    }
}
