package io.matriarch.server.config;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** The keys that Apache's users write, told apart by what this server does with them (operations.md 1.2 and 1.3). */
final class ConfigKeys {
    private ConfigKeys() {}

    /** By families, each on lines of its own. */
    private static final Set<String> SUPPORTED = words(
            // files
            "dataDir dataLogDir snapCount preAllocSize forceSync",
            // clients and sessions
            "clientPort clientPortAddress clientPortListenBacklog maxClientCnxns maxCnxns minSessionTimeout",
            "maxSessionTimeout 4lw.commands.whitelist",
            // links between servers
            "tickTime electionPortBindRetry electionAlg quorumListenOnAllIPs cnxTimeout",
            // the ensemble
            "initLimit syncLimit peerType standaloneEnabled dynamicConfigFile");

    private static final Set<String> UNSUPPORTED = words(
            // files
            "snapSizeLimitInKb txnLogSizeLimitInKb fsync.warningthresholdms flushDelay maxWriteQueuePollTime",
            "maxBatchSize snapshot.trust.empty snapshot.compression.method serializeLastProcessedZxid.enabled",
            "datadir.autocreate db.autocreate",
            // clients and sessions
            "secureClientPort secureClientPortAddress leaderServes throttled_op_wait_time largeRequestThreshold",
            "largeRequestMaxBytes maxResponseCacheSize maxGetChildrenResponseCacheSize intBufferStartingSizeBytes",
            "clientTcpKeepAlive serverCnxnFactory fips-mode ensembleAuthName jute.maxbuffer.extrasize",
            "globalOutstandingLimit enableEagerACLCheck skipACL",
            "localSessionsEnabled localSessionsUpgradingEnabled",
            // the tree
            "digest.enabled closeSessionTxn.enabled extendedTypesEnabled emulate353TTLNodes enforceQuota",
            "watchManagerName maxInProcessingDeadWatchers bitHashCacheSize",
            // replication
            "commitLogCount snapshotSizeFactor forceSnapshotSync connectToLearnerMasterLimit",
            "leaderConnectDelayDuringRetryMs",
            // observers
            "observerMasterPort syncEnabled observer.syncEnabled",
            // links between servers
            "sslQuorum portUnification sslQuorumReloadCertFiles quorumCnxnTimeoutMs tcpKeepAlive",
            // the ensemble
            "reconfigEnabled oraclePath");

    private static final Set<String> UNSUPPORTED_PREFIXES = words(
            "autopurge. multiAddress. metricsProvider. jvm. quorum.auth. quorum.cnxn. ssl. request_throttle",
            "request_stale connection_throttle nio. netty. commitProcessor. fastleader. leader. learner. observer.",
            "observerMaster. watcherClean pathStats. messageTracker. audit. DigestAuthenticationProvider.",
            "authProvider. SASLAuthenticationProvider. kerberos. sasl. enforce. sessionRequireClientSASLAuth admin.",
            "jmx. znode.container. readonlymode.");

    /** Has an effect here. */
    static boolean isSupported(String key) {
        return SUPPORTED.contains(key);
    }

    /** Has an effect in Apache's server and none here. */
    static boolean isKnown(String key) {
        return UNSUPPORTED.contains(key) || UNSUPPORTED_PREFIXES.stream().anyMatch(key::startsWith);
    }

    /** Describes the members, and so may stand in a dynamic configuration file. */
    static boolean isMembership(String key) {
        return key.startsWith("server.") || key.startsWith("group") || key.startsWith("weight");
    }

    private static Set<String> words(String... lines) {
        return new TreeSet<>(Arrays.asList(String.join(" ", lines).split(" ")));
    }
}
