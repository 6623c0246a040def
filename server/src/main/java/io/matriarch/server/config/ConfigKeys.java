package io.matriarch.server.config;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** The keys that Apache's users write, told apart by what this server does with them (operations.md 1.2 and 1.3). */
final class ConfigKeys {
    private ConfigKeys() {}

    private static final Set<String> SUPPORTED = words("dataDir dataLogDir clientPort clientPortAddress"
            + " clientPortListenBacklog tickTime initLimit syncLimit minSessionTimeout maxSessionTimeout maxClientCnxns"
            + " maxCnxns snapCount preAllocSize forceSync 4lw.commands.whitelist electionPortBindRetry electionAlg"
            + " peerType standaloneEnabled quorumListenOnAllIPs cnxTimeout dynamicConfigFile");

    private static final Set<String> UNSUPPORTED = words("secureClientPort secureClientPortAddress"
            + " observerMasterPort connectToLearnerMasterLimit leaderServes syncEnabled observer.syncEnabled"
            + " reconfigEnabled localSessionsEnabled localSessionsUpgradingEnabled oraclePath sslQuorum portUnification"
            + " sslQuorumReloadCertFiles snapSizeLimitInKb txnLogSizeLimitInKb fsync.warningthresholdms flushDelay"
            + " maxWriteQueuePollTime maxBatchSize commitLogCount snapshotSizeFactor forceSnapshotSync"
            + " snapshot.trust.empty snapshot.compression.method serializeLastProcessedZxid.enabled datadir.autocreate"
            + " db.autocreate digest.enabled closeSessionTxn.enabled extendedTypesEnabled emulate353TTLNodes enforceQuota"
            + " skipACL enableEagerACLCheck globalOutstandingLimit throttled_op_wait_time largeRequestThreshold"
            + " largeRequestMaxBytes maxResponseCacheSize maxGetChildrenResponseCacheSize intBufferStartingSizeBytes"
            + " quorumCnxnTimeoutMs leaderConnectDelayDuringRetryMs tcpKeepAlive clientTcpKeepAlive watchManagerName"
            + " serverCnxnFactory fips-mode ensembleAuthName jute.maxbuffer.extrasize maxInProcessingDeadWatchers"
            + " bitHashCacheSize");

    private static final Set<String> UNSUPPORTED_PREFIXES = words("autopurge. multiAddress. metricsProvider. jvm."
            + " quorum.auth. quorum.cnxn. ssl. request_throttle request_stale connection_throttle nio. netty."
            + " commitProcessor. fastleader. leader. learner. observer. observerMaster. watcherClean pathStats."
            + " messageTracker. audit. DigestAuthenticationProvider. authProvider. SASLAuthenticationProvider."
            + " kerberos. sasl. enforce. sessionRequireClientSASLAuth admin. jmx. znode.container. readonlymode.");

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

    private static Set<String> words(String text) {
        return new TreeSet<>(Arrays.asList(text.split(" ")));
    }
}
