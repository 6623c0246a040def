package io.matriarch.server.config;

import io.matriarch.core.quorum.QuorumGroups;
import io.matriarch.core.request.ZnodeConfig;
import io.matriarch.core.session.SessionRules;
import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.disk.LogFormat;
import io.matriarch.wire.election.HostPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything a server needs to know before it starts, checked. Read it from a zoo.cfg with {@link #load}, or make it in
 * code with {@link #builder}; the names and units are those of zoo.cfg (operations.md 1.2).
 */
public final class ServerConfig {
    /** Compat: the default of jute.maxbuffer; one byte more is refused (client.md 2). */
    public static final int DEFAULT_JUTE_MAX_BUFFER = 1_048_575;

    /** How long a start may wait to learn whether an address is one of this machine's. */
    private static final int LOOKUP_MILLIS = 2000;

    private final ConfigValues values;
    private final int minSessionTimeoutMillis;
    private final int maxSessionTimeoutMillis;

    /** Takes {@code values} over, which were checked. */
    ServerConfig(ConfigValues values) {
        values.freeze();
        this.values = values;
        this.minSessionTimeoutMillis =
                values.minSessionTimeoutMillis >= 0 ? values.minSessionTimeoutMillis : 2 * values.tickMillis;
        this.maxSessionTimeoutMillis =
                values.maxSessionTimeoutMillis >= 0 ? values.maxSessionTimeoutMillis : 20 * values.tickMillis;
    }

    /**
     * Reads a zoo.cfg, the dynamic file it may name, and myid; keys that the file lacks are looked up as system
     * properties {@code zookeeper.<key>}, as Apache does.
     *
     * @throws ConfigException if no server can be started with it; lists every problem
     */
    public static ServerConfig load(Path zooCfg) {
        return new ConfigReader(zooCfg, System::getProperty, LocalHosts.bySystem(LOOKUP_MILLIS))
                .warnOf(System.getProperties().stringPropertyNames())
                .read();
    }

    /** A configuration made in code; needs at least {@link Builder#dataDir}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Own id: of myid in an ensemble, 1 standalone. */
    public ServerId self() {
        return values.self;
    }

    /** All members in ascending order of their ids; empty standalone. */
    public List<MemberConfig> members() {
        return values.members;
    }

    /** Groups and weights of the participants; empty if a majority of them decides. */
    public Optional<QuorumGroups> groups() {
        return Optional.ofNullable(values.groups);
    }

    /** Whether this server is alone by configuration: no peers, no election or quorum port. */
    public boolean isStandalone() {
        return values.members.isEmpty();
    }

    /** This server's own entry among {@link #members()}; empty standalone. */
    public Optional<MemberConfig> ownEntry() {
        return values.members.stream()
                .filter(member -> member.sid().equals(values.self))
                .findFirst();
    }

    /** Directory of snapshots (under version-2) and of myid. */
    public Path dataDir() {
        return Objects.requireNonNull(values.dataDir);
    }

    /** Directory of transaction logs (under version-2). */
    public Path dataLogDir() {
        return values.dataLogDir != null ? values.dataLogDir : dataDir();
    }

    /** Where clients connect; port 0 takes any free one. Empty if no client is served. */
    public Optional<HostPort> clientAddress() {
        return Optional.ofNullable(values.clientAddress);
    }

    /** Length of the client port's accept queue; -1 leaves it to the system. */
    public int clientPortListenBacklog() {
        return values.clientPortListenBacklog;
    }

    /** Connections that one client address may hold at a time; 0 for any number. */
    public int maxClientConnections() {
        return values.maxClientConnections;
    }

    /** Client connections of all addresses at a time; 0 for any number. */
    public int maxConnections() {
        return values.maxConnections;
    }

    /** Base unit of all timeouts, in milliseconds. */
    public int tickMillis() {
        return values.tickMillis;
    }

    /** Ticks that a learner may take to connect and synchronise. */
    public int initLimit() {
        return values.initLimit;
    }

    /** Ticks that a learner may be silent. */
    public int syncLimit() {
        return values.syncLimit;
    }

    /** Least session timeout granted, in milliseconds. */
    public int minSessionTimeoutMillis() {
        return minSessionTimeoutMillis;
    }

    /** Greatest session timeout granted, in milliseconds. */
    public int maxSessionTimeoutMillis() {
        return maxSessionTimeoutMillis;
    }

    /** Transactions between two snapshots, at most. */
    public int snapCount() {
        return values.snapCount;
    }

    /** By how many bytes a log file grows at a time. */
    public long preAllocBytes() {
        return values.preAllocBytes;
    }

    /** Whether the log is forced to disk before it is acknowledged; without it a power failure loses data. */
    public boolean forcesLog() {
        return values.forcesLog;
    }

    /** Which sessions are granted: local ones, upgrades of them, those of readers without a quorum. */
    public SessionRules sessionRules() {
        return values.sessionRules;
    }

    /** What few operators change about files. */
    public StorageConfig storage() {
        return values.storage;
    }

    /** How the history is checked, kept and passed on. */
    public ReplicationConfig replication() {
        return values.replication;
    }

    /** How servers of ours lose and take the lead. */
    public LeadershipSettings leadership() {
        return values.leadership;
    }

    /** Four-letter words that are answered, besides srvr; may hold {@code *} for all. */
    public Set<String> fourLetterWords() {
        return values.fourLetterWords;
    }

    /** Longest frame a client may send, in bytes. */
    public int juteMaxBuffer() {
        return values.juteMaxBuffer;
    }

    /**
     * Longest transaction in bytes: what servers with the same {@link #juteMaxBuffer} read, Apache's too (zab.md 1), and no
     * more than a log takes.
     */
    public int maxTxnBytes() {
        long most = (long) values.juteMaxBuffer + Math.max(1024, values.juteMaxBuffer);
        return (int) Math.min(LogFormat.MAX_PAYLOAD_BYTES, most);
    }

    /** How often binding the election port is tried when the server starts; 0 for ever. */
    public int electionPortBindRetry() {
        return values.electionPortBindRetry;
    }

    /** Longest time a dial to another server may take, in milliseconds. */
    public int connectTimeoutMillis() {
        return values.connectTimeoutMillis;
    }

    /** Longest time that a peer may take to say who it is, in milliseconds: syncLimit ticks if nothing else is set. */
    public int openingTimeoutMillis() {
        return values.openingTimeoutMillis > 0
                ? values.openingTimeoutMillis
                : Math.max(1, (int) Math.min(Integer.MAX_VALUE, (long) tickMillis() * syncLimit()));
    }

    /** TLS between servers; empty if their links are in clear text. */
    public Optional<QuorumTls> quorumTls() {
        return Optional.ofNullable(values.quorumTls);
    }

    /** Authentication between servers; empty if there is none. */
    public Optional<QuorumSasl> quorumSasl() {
        return Optional.ofNullable(values.quorumSasl);
    }

    /** Whether quorum and election port listen on all addresses of this machine, not only on the configured one. */
    public boolean listensOnAllAddresses() {
        return values.listensOnAllAddresses;
    }

    /** Whether the members may be changed while the server runs; if so {@link #configFile} is there. */
    public boolean isReconfigEnabled() {
        return values.isReconfigEnabled;
    }

    /** Whether one server without others is no ensemble, so that a change may not leave one voter only. */
    public boolean isStandaloneEnabled() {
        return values.isStandaloneEnabled;
    }

    /** The absolute path of the zoo.cfg that all was read from; empty if it was made in code. */
    public Optional<Path> configFile() {
        return Optional.ofNullable(values.configFile);
    }

    /** {@code user:hash} of whoever may do everything; empty if nobody may. */
    public Optional<String> superDigest() {
        return Optional.ofNullable(values.superDigest);
    }

    /** What is decided about znodes: access lists, times to live, removal. */
    public ZnodeConfig znodes() {
        return values.znodes;
    }

    /** Where an oracle says which of two participants may go on alone; empty if a majority alone decides. */
    public Optional<Path> oracleFile() {
        return Optional.ofNullable(values.oracleFile);
    }

    /** Where and how observers are served. */
    public ObserverSettings observers() {
        return values.observers;
    }

    /** Settings that have no effect here, one line each; to be shown to the operator. */
    public List<String> warnings() {
        return values.warnings;
    }

    /** Members and version as text (election.md 5.2), for notifications and /zookeeper/config; "" standalone. */
    public String configText() {
        if (isStandalone()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (MemberConfig member : values.members) {
            text.append(member.configLine()).append('\n');
        }
        groups().ifPresent(groups -> text.append(groups.configText()));
        return text.append("version=")
                .append(Long.toHexString(values.configVersion))
                .toString();
    }

    /** Values for embedding; each has the default of zoo.cfg. Not for use after {@link #build}. */
    public static final class Builder {
        private final ConfigValues values = new ConfigValues();

        Builder() {}

        /** Makes the server a member of an ensemble; {@code all} must hold {@code self}. */
        public Builder ensemble(ServerId self, Collection<MemberConfig> all) {
            values.self = self;
            values.members = new ArrayList<>(all);
            return this;
        }

        /** Where snapshots and, unless {@link #dataLogDir} says otherwise, logs are kept. */
        public Builder dataDir(Path dir) {
            values.dataDir = dir;
            return this;
        }

        /** Where transaction logs are kept. */
        public Builder dataLogDir(Path dir) {
            values.dataLogDir = dir;
            return this;
        }

        /** Where clients connect; port 0 takes any free one. */
        public Builder clientAddress(String host, int port) {
            values.clientAddress = new HostPort(host, port);
            return this;
        }

        /** Base unit of all timeouts, in milliseconds, at least 1. */
        public Builder tickMillis(int millis) {
            values.tickMillis = millis;
            return this;
        }

        /** Ticks to connect and synchronise, and ticks of silence allowed, each at least 1. */
        public Builder limits(int initTicks, int syncTicks) {
            values.initLimit = initTicks;
            values.syncLimit = syncTicks;
            return this;
        }

        /** Bounds of session timeouts in milliseconds; -1 for 2 and 20 ticks. */
        public Builder sessionTimeouts(int minMillis, int maxMillis) {
            values.minSessionTimeoutMillis = minMillis;
            values.maxSessionTimeoutMillis = maxMillis;
            return this;
        }

        /** Connections per client address, and of all together; 0 for any number. */
        public Builder maxConnections(int perAddress, int together) {
            values.maxClientConnections = perAddress;
            values.maxConnections = together;
            return this;
        }

        /** Transactions between two snapshots, at least 2. */
        public Builder snapCount(int count) {
            values.snapCount = count;
            return this;
        }

        /** By how many bytes a log file grows at a time. */
        public Builder preAllocBytes(long bytes) {
            values.preAllocBytes = bytes;
            return this;
        }

        /** {@code user:hash} of whoever may do everything, such as to change the members. */
        public Builder superDigest(String digest) {
            values.superDigest = digest;
            return this;
        }

        /** What is decided about znodes: access lists, times to live, removal. */
        public Builder znodes(ZnodeConfig config) {
            values.znodes = config;
            return this;
        }

        /** False leaves forcing the log to the system: fast, and unsafe on power failure. */
        public Builder forcesLog(boolean forces) {
            values.forcesLog = forces;
            return this;
        }

        /** Which sessions are granted; of no effect standalone. */
        public Builder sessionRules(SessionRules rules) {
            values.sessionRules = rules;
            return this;
        }

        /** What few change about files. */
        public Builder storage(StorageConfig storage) {
            values.storage = storage;
            return this;
        }

        /** How the history is checked, kept and passed on. */
        public Builder replication(ReplicationConfig replication) {
            values.replication = replication;
            return this;
        }

        /** How servers of ours lose and take the lead. */
        public Builder leadership(LeadershipSettings settings) {
            values.leadership = settings;
            return this;
        }

        /** Four-letter words to answer besides srvr. */
        public Builder fourLetterWords(Collection<String> words) {
            values.fourLetterWords = new TreeSet<>(words);
            return this;
        }

        /** Longest frame a client may send, in bytes. */
        public Builder juteMaxBuffer(int bytes) {
            values.juteMaxBuffer = bytes;
            return this;
        }

        /** How often binding the election port is tried at start; 0 for ever. */
        public Builder electionPortBindRetry(int tries) {
            values.electionPortBindRetry = tries;
            return this;
        }

        /** TLS between servers. */
        public Builder quorumTls(QuorumTls tls) {
            values.quorumTls = tls;
            return this;
        }

        /** Authentication between servers. */
        public Builder quorumSasl(QuorumSasl sasl) {
            values.quorumSasl = sasl;
            return this;
        }

        /** Longest time a dial to another server may take, in milliseconds. */
        public Builder connectTimeoutMillis(int millis) {
            values.connectTimeoutMillis = millis;
            return this;
        }

        /** Where an oracle says which of two participants may go on alone. */
        public Builder oracleFile(Path file) {
            values.oracleFile = file;
            return this;
        }

        /** Where and how observers are served. */
        public Builder observers(ObserverSettings settings) {
            values.observers = settings;
            return this;
        }

        /**
         * The checked configuration.
         *
         * @throws ConfigException listing every value that cannot be
         */
        public ServerConfig build() {
            List<String> problems = new ArrayList<>();
            ConfigRules.check(values, (key, text) -> problems.add(key + ": " + text));
            if (!problems.isEmpty()) {
                throw new ConfigException("This configuration", problems, false);
            }
            return new ServerConfig(values);
        }
    }
}
