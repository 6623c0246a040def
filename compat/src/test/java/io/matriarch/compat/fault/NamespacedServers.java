package io.matriarch.compat.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.bench.ensemble.Installation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Servers of ours, each in a network namespace of its own, joined by a bridge that this process is at too. Who may not make such things
 * has the test skipped. All of it is gone after {@link #close}.
 */
final class NamespacedServers implements AutoCloseable {
    private static final int CLIENT_PORT = 2181;
    private static final int ANSWER_MILLIS = 2_000;
    private static final int COMMAND_SECONDS = 30;

    /** Of this process: tests of several may run side by side on one machine. */
    private static final long OWN = ProcessHandle.current().pid() % 10_000;

    private static final String NETWORK = "10.231." + OWN % 250 + ".";

    private final Path directory;
    private final int count;
    private final List<Process> processes = new ArrayList<>();

    private NamespacedServers(Path directory, int count) {
        this.directory = directory.toAbsolutePath();
        this.count = count;
    }

    /** Makes the network and starts servers 1 to {@code count}. */
    static NamespacedServers start(Path directory, int count) throws IOException {
        NamespacedServers made = new NamespacedServers(directory, count);
        try {
            made.join();
            for (int sid = 1; sid <= count; sid++) {
                made.startServer(sid);
            }
            await("all serve").atMost(Addresses.START_BOUND).until(() -> made.sids().stream()
                    .allMatch(sid -> made.mode(sid).isPresent()));
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private void join() {
        permitted("ip link add " + bridge() + " type bridge");
        permitted("ip addr add " + NETWORK + "254/24 dev " + bridge());
        permitted("ip link set " + bridge() + " up");
        for (int sid : sids()) {
            String space = space(sid);
            permitted("ip netns add " + space);
            permitted("ip link add " + link(sid) + " type veth peer name eth0 netns " + space);
            permitted("ip link set " + link(sid) + " master " + bridge() + " up");
            permitted("ip -n " + space + " addr add " + host(sid) + "/24 dev eth0");
            permitted("ip -n " + space + " link set eth0 up");
            permitted("ip -n " + space + " link set lo up");
        }
    }

    private void startServer(int sid) throws IOException {
        Path own = directory.resolve("server" + sid);
        Path data = own.resolve("data");
        Files.createDirectories(data);
        Files.writeString(data.resolve("myid"), sid + "\n");
        List<String> lines = new ArrayList<>(List.of(
                "dataDir=" + data,
                "clientPort=" + CLIENT_PORT,
                "tickTime=2000",
                "initLimit=10",
                "syncLimit=5",
                "maxClientCnxns=0"));
        sids().forEach(other -> lines.add("server." + other + "=" + host(other) + ":2888:3888"));
        Path config = Files.write(own.resolve("zoo.cfg"), lines);
        ProcessBuilder builder = new ProcessBuilder(
                "ip", "netns", "exec", space(sid), Installation.launcher().toString(), "server", config.toString());
        builder.environment().put("JVMFLAGS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.redirectErrorStream(true)
                .redirectOutput(own.resolve("server.log").toFile());
        Process process = builder.start();
        processes.add(process);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** The ids of all. */
    List<Integer> sids() {
        return IntStream.rangeClosed(1, count).boxed().toList();
    }

    /** Where clients find them. */
    List<InetSocketAddress> addresses() {
        return sids().stream().map(this::address).toList();
    }

    private InetSocketAddress address(int sid) {
        return new InetSocketAddress(host(sid), CLIENT_PORT);
    }

    /** What it says it is; empty while it does not serve or cannot be asked. */
    Optional<String> mode(int sid) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.connect(address(sid), ANSWER_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()))
                    .findFirst();
        } catch (IOException silent) {
            return Optional.empty();
        }
    }

    /** Waits for one of these that says it leads. */
    int awaitLeader(List<Integer> among) {
        return await("a leader")
                .atMost(Addresses.START_BOUND)
                .until(
                        () -> among.stream()
                                .filter(sid ->
                                        mode(sid).filter("leader"::equals).isPresent())
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** From now on nothing that {@code from} sends reaches {@code to}, or no longer. */
    void cut(int from, int to, boolean isCut) {
        required("ip -n " + space(from) + " route " + (isCut ? "add" : "del") + " blackhole " + host(to) + "/32");
    }

    /** Pulls its plug, or puts it back: neither servers nor clients reach it. */
    void unplug(int sid, boolean isOut) {
        required("ip link set " + link(sid) + (isOut ? " down" : " up"));
    }

    /** Has what each server sends take longer, and some of it lost; false where the system cannot. */
    boolean delay(int millis, int lossPercent) {
        return sids().stream().allMatch(sid -> run("tc -n " + space(sid) + " qdisc replace dev eth0 root netem delay "
                        + millis + "ms " + millis / 4 + "ms loss " + lossPercent + "%")
                .isEmpty());
    }

    /** Ends {@link #delay}. */
    void hurry() {
        sids().forEach(sid -> required("tc -n " + space(sid) + " qdisc del dev eth0 root"));
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process ->
                process.onExit().orTimeout(COMMAND_SECONDS, TimeUnit.SECONDS).join());
        for (int sid : sids()) {
            run("ip netns del " + space(sid));
        }
        run("ip link del " + bridge());
    }

    private static String bridge() {
        return "mf" + OWN;
    }

    private static String link(int sid) {
        return "mf" + OWN + "v" + sid;
    }

    private static String space(int sid) {
        return "mf" + OWN + "-" + sid;
    }

    private static String host(int sid) {
        return NETWORK + sid;
    }

    private void permitted(String command) {
        String complaint = run(command);
        if (!complaint.isEmpty()) {
            close();
        }
        assumeTrue(complaint.isEmpty(), "no network namespaces can be made here: " + command + ": " + complaint);
    }

    private static void required(String command) {
        String complaint = run(command);
        if (!complaint.isEmpty()) {
            throw new IllegalStateException(command + ": " + complaint);
        }
    }

    /** What went wrong; empty if nothing did. */
    private static String run(String command) {
        try {
            Process process = new ProcessBuilder(command.split(" "))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean hasEnded = process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS);
            return hasEnded && process.exitValue() == 0 ? "" : "failed: " + output;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
