package io.matriarch.server.client;

import io.matriarch.core.peer.Inspection;
import io.matriarch.core.port.Now;
import io.matriarch.core.tree.DigestLog;
import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The texts of the four-letter words, to the byte as Apache writes them where tools read them (operations.md 3). */
final class FourLetterWords {
    /** Deviation: a word of ours, for {@code matriarch explain}; allowed unless the whitelist is configured otherwise. */
    static final String JOURNAL = "jrnl";

    /** Deviation: a word of ours, for {@code matriarch ensemble}; allowed like the one before. */
    static final String STANDING = "peer";

    private static final Set<String> KNOWN = Set.of(
            "conf",
            "cons",
            "crst",
            "dirs",
            "dump",
            "envi",
            "gtmk",
            "hash",
            "isro",
            JOURNAL,
            LeadWord.NAME,
            "mntr",
            STANDING,
            "ruok",
            "srst",
            "srvr",
            "stat",
            "stmk",
            "wchc",
            "wchp",
            "wchs");
    private static final String NOT_SERVING = "This ZooKeeper instance is not currently serving requests\n";

    private final ServerConfig config;
    private long traceMask = TraceMaskWord.DEFAULT_MASK;

    FourLetterWords(ServerConfig config) {
        this.config = config;
    }

    /** What a word may need to know; asked only when it does. */
    interface Sources {
        ServerFigures figures();

        List<ConnectionLine> connections();

        int clientPort();

        /** The core in detail; not to be asked of a server that serves nobody. */
        Inspection inspection();
    }

    static boolean isKnown(String word) {
        return KNOWN.contains(word);
    }

    /** Whether the answer needs a walk through the data directories, which must not happen on the event loop. */
    static boolean readsDirectories(String word) {
        return word.equals("conf") || word.equals("dirs");
    }

    /** The refusal of a word that the configuration does not allow; null if it is allowed. */
    @Nullable
    String refusal(String word) {
        Set<String> allowed = config.fourLetterWords();
        boolean isAlways = word.equals("srvr")
                || (word.equals("isro") && config.sessionRules().hasReadOnly());
        if (isAlways || allowed.contains("*") || allowed.contains(word)) {
            return null;
        }
        return word + " is not executed because it is not in the whitelist.\n";
    }

    /** The answer to an allowed word. */
    String answer(String word, Sources sources) {
        return switch (word) {
            case "ruok" -> "imok";
            case "gtmk" -> Long.toString(traceMask);
            case "envi" -> environment();
            case "isro" -> readOnlyState(sources.figures());
            default -> answerWhileServing(word, sources);
        };
    }

    /** Compat: clients compare this text to the letter. */
    private static String readOnlyState(ServerFigures figures) {
        if (figures.isServing()) {
            return "rw";
        }
        return figures.isReadOnly() ? "ro" : "null";
    }

    private String answerWhileServing(String word, Sources sources) {
        ServerFigures figures = sources.figures();
        if (!figures.isServing() && !figures.isReadOnly()) {
            // Compat: one word leaves the line open.
            return word.equals("hash") ? NOT_SERVING.strip() : NOT_SERVING;
        }
        return switch (word) {
            case "srvr" -> server(figures, sources, false);
            case "stat" -> server(figures, sources, true);
            case "mntr" -> monitor(figures, sources);
            case "cons" -> connections(sources);
            case "srst" -> {
                sources.inspection().clients().reset(false);
                yield "Server stats reset.\n";
            }
            case "crst" -> {
                sources.inspection().clients().reset(true);
                yield "Connection stats reset.\n";
            }
            case "conf" -> configuration(sources.clientPort(), figures.membership());
            case "dump" ->
                new DumpWord(new Now(System.nanoTime(), System.currentTimeMillis()), ZoneId.systemDefault())
                        .of(sources.inspection(), sources.connections());
            case "hash" -> digests(sources.inspection().tree().digestLog());
            case "wchs" -> WatchWords.summary(sources.inspection().clients());
            case "wchc" -> WatchWords.byConnection(sources.inspection().clients());
            case "wchp" -> WatchWords.byPath(sources.inspection().clients());
            case "dirs" ->
                "datadir_size: " + sizeOf(config.dataDir()) + "\nlogdir_size: " + sizeOf(config.dataLogDir()) + "\n";
            default -> word + " is not supported by this server.\n";
        };
    }

    /** Remembers the mask, and answers. */
    String setTraceMask(long mask) {
        traceMask = mask;
        return Long.toString(mask);
    }

    /** Compat: zxids in hexadecimal without a prefix, digests in decimal. */
    private static String digests(DigestLog log) {
        StringBuilder text = new StringBuilder();
        log.entries().forEach(entry -> text.append(Long.toHexString(entry.zxid().value()))
                .append(": ")
                .append(entry.digest())
                .append('\n'));
        return text.toString();
    }

    private static String server(ServerFigures figures, Sources sources, boolean withClients) {
        List<ConnectionLine> connections = sources.connections();
        StringBuilder text = new StringBuilder("Zookeeper version: ")
                .append(ServerVersion.text())
                .append('\n');
        if (figures.isReadOnly()) {
            text.append("READ-ONLY mode; serving only read-only clients\n");
        }
        if (withClients) {
            text.append("Clients:\n");
            connections.forEach(line -> text.append(line.shortText()));
            text.append('\n');
        }
        ServerFigures.Traffic traffic = figures.traffic();
        text.append("Latency min/avg/max: ")
                .append(traffic.minLatency())
                .append('/')
                .append(fourDecimals(traffic.averageLatency()))
                .append('/')
                .append(traffic.maxLatency())
                .append("\nReceived: ")
                .append(traffic.received())
                .append("\nSent: ")
                .append(traffic.sent())
                .append("\nConnections: ")
                .append(connections.size())
                .append("\nOutstanding: ")
                .append(traffic.outstanding())
                .append("\nZxid: 0x")
                .append(Long.toHexString(figures.lastApplied().value()))
                .append("\nMode: ")
                .append(figures.mode())
                .append("\nNode count: ")
                .append(figures.nodeCount())
                .append('\n');
        if (figures.leader() != null) {
            text.append("Proposal sizes last/min/max: -1/-1/-1\n");
        }
        return text.toString();
    }

    private static String connections(Sources sources) {
        StringBuilder text = new StringBuilder();
        sources.connections().forEach(line -> text.append(line.longText()));
        return text.append('\n').toString();
    }

    private static String monitor(ServerFigures figures, Sources sources) {
        StringBuilder text = new StringBuilder();
        ServerFigures.Traffic traffic = figures.traffic();
        line(text, "version", ServerVersion.text());
        line(text, "server_state", figures.mode());
        if (figures.peerState() != null) {
            line(text, "peer_state", figures.peerState());
        }
        line(text, "avg_latency", fourDecimals(traffic.averageLatency()));
        line(text, "max_latency", traffic.maxLatency());
        line(text, "min_latency", traffic.minLatency());
        line(text, "packets_received", traffic.received());
        line(text, "packets_sent", traffic.sent());
        line(text, "num_alive_connections", sources.connections().size());
        line(text, "outstanding_requests", traffic.outstanding());
        line(text, "znode_count", figures.nodeCount());
        line(text, "watch_count", figures.watchCount());
        line(text, "ephemerals_count", figures.ephemeralCount());
        line(text, "approximate_data_size", figures.approximateDataBytes());
        line(text, "global_sessions", figures.sessionCount());
        line(text, "local_sessions", figures.localSessionCount());
        line(text, "digest_mismatches_count", figures.digestMismatches());
        // Compat: of 3.4; later releases tell it only over HTTP.
        line(text, "fsync_threshold_exceed_count", figures.slowForces());
        ServerFigures.Leader leader = figures.leader();
        if (leader != null) {
            line(text, "learners", leader.learners());
            // Compat: the name of 3.4 and 3.5, which old dashboards read.
            line(text, "followers", leader.learners());
            line(text, "synced_followers", leader.syncedFollowers());
            line(text, "synced_observers", leader.syncedObservers());
            line(text, "quorum_size", leader.quorumSize());
            line(text, "outstanding_proposals", leader.outstandingProposals());
            line(text, "pending_syncs", leader.pendingSyncs());
        }
        if (figures.syncedObservers() != null) {
            line(text, "synced_observers", figures.syncedObservers());
        }
        if (figures.observerMaster() != null) {
            line(text, "observer_master_id", figures.observerMaster());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String key, Object value) {
        text.append("zk_").append(key).append('\t').append(value).append('\n');
    }

    private String configuration(int clientPort, String membership) {
        StringBuilder text = new StringBuilder()
                .append("clientPort=")
                .append(clientPort)
                .append("\nsecureClientPort=-1")
                .append("\ndataDir=")
                .append(versioned(config.dataDir()))
                .append("\ndataDirSize=")
                .append(sizeOf(config.dataDir()))
                .append("\ndataLogDir=")
                .append(versioned(config.dataLogDir()))
                .append("\ndataLogSize=")
                .append(sizeOf(config.dataLogDir()))
                .append("\ntickTime=")
                .append(config.tickMillis())
                .append("\nmaxClientCnxns=")
                .append(config.maxClientConnections())
                .append("\nminSessionTimeout=")
                .append(config.minSessionTimeoutMillis())
                .append("\nmaxSessionTimeout=")
                .append(config.maxSessionTimeoutMillis())
                .append("\nclientPortListenBacklog=")
                .append(config.clientPortListenBacklog())
                .append("\nserverId=")
                .append(config.isStandalone() ? 0 : config.self().value())
                .append('\n');
        MemberConfig own = config.ownEntry().orElse(null);
        if (own != null) {
            text.append("initLimit=")
                    .append(config.initLimit())
                    .append("\nsyncLimit=")
                    .append(config.syncLimit())
                    .append("\nelectionAlg=3\nelectionPort=")
                    .append(own.electionPort())
                    .append("\nquorumPort=")
                    .append(own.quorumPort())
                    .append("\npeerType=")
                    .append(own.isParticipant() ? 0 : 1)
                    .append("\nmembership: \n")
                    .append(membership);
        }
        return text.toString();
    }

    private static Path versioned(Path dir) {
        return dir.toAbsolutePath().resolve("version-2");
    }

    private static long sizeOf(Path dir) {
        try (Stream<Path> files = Files.list(versioned(dir))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            // The directory may not exist yet, or change meanwhile.
            return 0;
        }
    }

    private static String environment() {
        StringBuilder text = new StringBuilder("Environment:\nzookeeper.version=")
                .append(ServerVersion.text())
                .append('\n');
        for (String key : List.of(
                "java.version",
                "java.vendor",
                "java.home",
                "java.class.path",
                "java.library.path",
                "java.io.tmpdir",
                "java.compiler",
                "os.name",
                "os.arch",
                "os.version",
                "user.name",
                "user.home",
                "user.dir")) {
            text.append(key).append('=').append(System.getProperty(key, "<NA>")).append('\n');
        }
        Runtime runtime = Runtime.getRuntime();
        return text.append("os.memory.free=")
                .append(runtime.freeMemory() >> 20)
                .append("MB\nos.memory.max=")
                .append(runtime.maxMemory() >> 20)
                .append("MB\nos.memory.total=")
                .append(runtime.totalMemory() >> 20)
                .append("MB\n")
                .toString();
    }

    /** Up to four decimals, at least one: 0.0, 2.6857. */
    private static String fourDecimals(double value) {
        return Double.toString(Math.round(value * 10_000) / 10_000.0);
    }
}
