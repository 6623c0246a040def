package io.matriarch.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The keys that Apache's users write, told apart by what this server does with them (operations.md 1.2 and 1.3). */
final class ConfigKeys {
    private ConfigKeys() {}

    /** By families, each on lines of its own. */
    private static final Set<String> SUPPORTED = words(
            // files
            "dataDir dataLogDir snapCount preAllocSize forceSync snapSizeLimitInKb txnLogSizeLimitInKb",
            "snapshot.compression.method fsync.warningthresholdms datadir.autocreate db.autocreate",
            "snapshot.trust.empty autopurge.snapRetainCount autopurge.purgeInterval",
            // clients and sessions
            "clientPort clientPortAddress clientPortListenBacklog maxClientCnxns maxCnxns minSessionTimeout",
            "maxSessionTimeout 4lw.commands.whitelist localSessionsEnabled localSessionsUpgradingEnabled",
            // the tree
            "skipACL extendedTypesEnabled enforceQuota",
            // observers
            "observerMasterPort observerMaster.sizeLimit observer.reconnectDelayMs observer.election.DelayMs",
            "leader.maxConcurrentSnapSyncs leader.maxConcurrentDiffSyncs syncEnabled observer.syncEnabled",
            // links between servers
            "tickTime electionPortBindRetry electionAlg quorumListenOnAllIPs cnxTimeout quorumCnxnTimeoutMs",
            "multiAddress.enabled",
            // security of these links
            "sslQuorum portUnification sslQuorumReloadCertFiles fips-mode ssl.quorum.keyStore.location",
            "ssl.quorum.keyStore.password ssl.quorum.keyStore.passwordPath ssl.quorum.keyStore.type",
            "ssl.quorum.trustStore.location ssl.quorum.trustStore.password ssl.quorum.trustStore.passwordPath",
            "ssl.quorum.trustStore.type ssl.quorum.protocol ssl.quorum.enabledProtocols ssl.quorum.ciphersuites",
            "ssl.quorum.clientAuth ssl.quorum.hostnameVerification ssl.quorum.clientHostnameVerification",
            "ssl.quorum.allowReverseDnsLookup ssl.quorum.crl ssl.quorum.ocsp ssl.quorum.context.supplier.class",
            "ssl.quorum.handshakeDetectionTimeoutMillis quorum.auth.enableSasl quorum.auth.learnerRequireSasl",
            "quorum.auth.serverRequireSasl quorum.auth.learner.saslLoginContext quorum.auth.server.saslLoginContext",
            "quorum.auth.kerberos.servicePrincipal",
            // replication
            "digest.enabled commitLogCount snapshotSizeFactor testingonly.lastCounter",
            // the ensemble
            "initLimit syncLimit peerType standaloneEnabled dynamicConfigFile reconfigEnabled oraclePath",
            "DigestAuthenticationProvider.superDigest",
            // ours alone
            LeadershipSettings.MIN_KEY,
            LeadershipSettings.MAX_KEY,
            LeadershipSettings.PRIORITY_KEY,
            LeadershipSettings.STANDS_KEY);

    private static final Set<String> UNSUPPORTED = words(
            // files
            "flushDelay maxWriteQueuePollTime maxBatchSize serializeLastProcessedZxid.enabled",
            // clients and sessions
            "secureClientPort secureClientPortAddress leaderServes throttled_op_wait_time largeRequestThreshold",
            "largeRequestMaxBytes maxResponseCacheSize maxGetChildrenResponseCacheSize intBufferStartingSizeBytes",
            "clientTcpKeepAlive serverCnxnFactory ensembleAuthName jute.maxbuffer.extrasize",
            "globalOutstandingLimit enableEagerACLCheck",
            // the tree
            "closeSessionTxn.enabled emulate353TTLNodes",
            "watchManagerName maxInProcessingDeadWatchers bitHashCacheSize",
            // replication
            "forceSnapshotSync connectToLearnerMasterLimit",
            "leaderConnectDelayDuringRetryMs",
            // links between servers
            "tcpKeepAlive");

    private static final Set<String> UNSUPPORTED_PREFIXES = words(
            "multiAddress. metricsProvider. jvm. quorum.auth. quorum.cnxn. ssl. request_throttle",
            "request_stale connection_throttle nio. netty. commitProcessor. fastleader. leader. learner. observer.",
            "observerMaster. watcherClean pathStats. messageTracker. audit. DigestAuthenticationProvider.",
            "authProvider. SASLAuthenticationProvider. kerberos. sasl. enforce. sessionRequireClientSASLAuth admin.",
            "jmx. znode.container. readonlymode.");

    /** Settings that say what this server does anyway, and so need no warning. */
    private static final Set<String> HARMLESS = words(
            "admin.enableServer=false serializeLastProcessedZxid.enabled=true",
            "flushDelay=0 forceSnapshotSync=false",
            "leaderServes=yes clientTcpKeepAlive=false tcpKeepAlive=false enableEagerACLCheck=false",
            "throttled_op_wait_time=0 largeRequestThreshold=-1 request_throttle_max_requests=0",
            "digest.enabled=true closeSessionTxn.enabled=true emulate353TTLNodes=false",
            "multiAddress.enabled=false connectToLearnerMasterLimit=0",
            "client.portUnification=false tcpKeepAlive=true",
            "audit.enable=false jvm.pause.monitor=false pathStats.enabled=false messageTracker.Enabled=false",
            "learner.asyncSending=false learner.closeSocketAsync=false leader.closeSocketAsync=false",
            "readonlymode.enabled=false",
            "metricsProvider.className=org.apache.zookeeper.metrics.impl.NullMetricsProvider");

    /** In many old files, and without effect in every release of Apache's server too (operations.md 8.2). */
    private static final Set<String> OBSOLETE = words("requireClientAuthScheme jaasLoginRenew");

    /** Options of the JVM that no key of the file can set (operations.md 1.1). */
    private static final Set<String> JVM_ONLY = words("jute.maxbuffer readonlymode.enabled");

    /** All that have an effect here, in no order. */
    static Set<String> supported() {
        return SUPPORTED;
    }

    /** Has an effect here. */
    static boolean isSupported(String key) {
        return SUPPORTED.contains(key);
    }

    /** Has an effect in Apache's server and none here, by its whole name. */
    static boolean isUnsupported(String key) {
        return UNSUPPORTED.contains(key);
    }

    /** Has an effect in Apache's server and none here. */
    static boolean isKnown(String key) {
        return UNSUPPORTED.contains(key) || UNSUPPORTED_PREFIXES.stream().anyMatch(key::startsWith);
    }

    /** Asks for nothing that this server would not do anyway. */
    static boolean isHarmless(String key, String value) {
        return OBSOLETE.contains(key)
                || HARMLESS.contains(key + "=" + value.toLowerCase(Locale.ROOT))
                || HARMLESS.contains(key + "=" + value);
    }

    /** Has an effect as an option of the JVM, {@code -Dkey=value}, but not in a file. */
    static boolean isJvmOption(String key) {
        return JVM_ONLY.contains(key) || key.startsWith("znode.container.") || key.startsWith("java.");
    }

    /** The key that was perhaps meant; null if none is near. */
    static @Nullable String nearest(String key) {
        String nearest = null;
        int least = Math.max(1, key.length() / 4) + 1;
        for (Set<String> known : List.of(SUPPORTED, UNSUPPORTED)) {
            for (String candidate : known) {
                int distance = distance(key.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
                if (distance < least) {
                    least = distance;
                    nearest = candidate;
                }
            }
        }
        return nearest;
    }

    /** How many letters must be put in, taken out or changed to make one text the other. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }

    /** Describes the members, and so may stand in a dynamic configuration file. */
    static boolean isMembership(String key) {
        return key.startsWith("server.") || key.startsWith("group") || key.startsWith("weight");
    }

    private static Set<String> words(String... lines) {
        return new TreeSet<>(Arrays.asList(String.join(" ", lines).split(" ")));
    }
}
