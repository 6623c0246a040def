package io.matriarch.server.config;

import io.matriarch.core.quorum.QuorumGroups;
import io.matriarch.core.request.ZnodeConfig;
import io.matriarch.core.session.SessionRules;
import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of a configuration while they are collected, each with the default of zoo.cfg. What belongs to one family of
 * keys and is read by a reader of its own may be one record here.
 */
final class ConfigValues {
    ServerId self = new ServerId(1);
    List<MemberConfig> members = new ArrayList<>();

    @Nullable
    QuorumGroups groups;

    long configVersion;
    boolean isReconfigEnabled;
    boolean isStandaloneEnabled = true;

    @Nullable
    Path configFile;

    @Nullable
    String superDigest;

    ZnodeConfig znodes = ZnodeConfig.DEFAULT;

    @Nullable
    Path dataDir;

    @Nullable
    Path dataLogDir;

    @Nullable
    HostPort clientAddress;

    int clientPortListenBacklog = -1;
    int maxClientConnections = 60;
    int maxConnections;
    int tickMillis = 3000;
    int initLimit = 10;
    int syncLimit = 5;
    int minSessionTimeoutMillis = -1;
    int maxSessionTimeoutMillis = -1;
    SessionRules sessionRules = SessionRules.DEFAULT;
    int snapCount = 100_000;
    long preAllocBytes = 65_536L * 1024;
    boolean forcesLog = true;
    StorageConfig storage = StorageConfig.DEFAULT;
    ReplicationConfig replication = ReplicationConfig.DEFAULT;
    Set<String> fourLetterWords = Set.of("srvr", "jrnl", "peer");
    LeadershipSettings leadership = LeadershipSettings.DEFAULT;
    int juteMaxBuffer = ServerConfig.DEFAULT_JUTE_MAX_BUFFER;
    int electionPortBindRetry = 3;
    int connectTimeoutMillis = 5000;
    int openingTimeoutMillis = -1;
    boolean listensOnAllAddresses;

    @Nullable
    Path oracleFile;

    ObserverSettings observers = ObserverSettings.DEFAULT;

    @Nullable
    QuorumTls quorumTls;

    @Nullable
    QuorumSasl quorumSasl;

    List<String> warnings = new ArrayList<>();

    /** Freezes the lists; members stand in ascending order of their ids. */
    void freeze() {
        members.sort((a, b) -> a.sid().compareTo(b.sid()));
        members = List.copyOf(members);
        warnings = List.copyOf(warnings);
    }
}
