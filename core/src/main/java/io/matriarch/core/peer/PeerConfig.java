package io.matriarch.core.peer;

import io.matriarch.core.election.ElectionRules;
import io.matriarch.core.election.ElectionTiming;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.MajorityVerifier;
import io.matriarch.core.quorum.Membership;
import io.matriarch.core.quorum.Oracle;
import io.matriarch.core.quorum.OracleVerifier;
import io.matriarch.core.quorum.QuorumVerifier;
import io.matriarch.core.quorum.ReconfigRules;
import io.matriarch.core.request.RequestRules;
import io.matriarch.core.request.ZnodeConfig;
import io.matriarch.core.session.SessionRules;
import io.matriarch.core.zab.HeartbeatConfig;
import io.matriarch.core.zab.ObserverConfig;
import io.matriarch.core.zab.ReplicationConfig;
import io.matriarch.core.zab.Standing;
import io.matriarch.core.zab.Zab;
import io.matriarch.core.zab.ZabRules;
import io.matriarch.wire.ServerId;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a server is told at start and does not change.
 *
 * @param self our id
 * @param committed the members as they were agreed last
 * @param lastSeen the members as they were proposed last, newer than {@code committed} while a reconfiguration is pending
 * @param reconfig whether and how the members may change while the server runs (zab.md 14)
 * @param isStandalone whether this is one server without an ensemble (its mode reads "standalone")
 * @param tickMillis the basic unit of time, milliseconds
 * @param initLimit ticks to connect and synchronize
 * @param syncLimit ticks a synchronized server may be silent
 * @param minSessionTimeoutMillis lower bound of what a client may ask for
 * @param maxSessionTimeoutMillis upper bound of it
 * @param sessionGrainMillis to a multiple of what the ends of sessions are rounded up, at most a tick
 * @param sessionRules which sessions are granted; ignored if standalone, as by Apache
 * @param superDigest {@code user:hash} of whoever may do everything; null if nobody may
 * @param znodes what is decided about znodes
 * @param snapCount transactions between snapshots; the actual number is drawn between half of it and all of it
 * @param snapSizeBytes log between snapshots, drawn likewise; 0 or less: any
 * @param hasOracle whether of two participants an oracle tells which may go on alone (election.md 3.9)
 * @param observers how observers are served, and what this server does as one
 * @param replication how the history is kept and passed on
 * @param heartbeat how soon a server of ours is missed; with an oracle it does without
 * @param standing how gladly it leads
 * @param tuning waits and rules that operators do not set
 */
public record PeerConfig(
        ServerId self,
        Configuration committed,
        Configuration lastSeen,
        ReconfigRules reconfig,
        boolean isStandalone,
        int tickMillis,
        int initLimit,
        int syncLimit,
        int minSessionTimeoutMillis,
        int maxSessionTimeoutMillis,
        int sessionGrainMillis,
        SessionRules sessionRules,
        @Nullable String superDigest,
        ZnodeConfig znodes,
        int snapCount,
        long snapSizeBytes,
        boolean hasOracle,
        ObserverConfig observers,
        ReplicationConfig replication,
        HeartbeatConfig heartbeat,
        Standing standing,
        Tuning tuning) {

    /**
     * Waits and rules that operators do not set.
     *
     * @param electionTiming waits of an election
     * @param electionRules rules that only tests replace
     * @param zabRules rules that only tests replace
     * @param requestRules rules that only tests replace
     * @param verifierOf the quorum rule over the participants where there are no groups; only tests replace it
     */
    public record Tuning(
            ElectionTiming electionTiming,
            ElectionRules electionRules,
            ZabRules zabRules,
            RequestRules requestRules,
            Function<List<ServerId>, QuorumVerifier> verifierOf) {
        public static final Tuning DEFAULT = new Tuning(
                ElectionTiming.DEFAULT,
                ElectionRules.CORRECT,
                ZabRules.CORRECT,
                RequestRules.CORRECT,
                MajorityVerifier::new);

        public Tuning withElectionTiming(ElectionTiming other) {
            return new Tuning(other, electionRules, zabRules, requestRules, verifierOf);
        }

        public Tuning withElectionRules(ElectionRules other) {
            return new Tuning(electionTiming, other, zabRules, requestRules, verifierOf);
        }

        public Tuning withZabRules(ZabRules other) {
            return new Tuning(electionTiming, electionRules, other, requestRules, verifierOf);
        }

        public Tuning withRequestRules(RequestRules other) {
            return new Tuning(electionTiming, electionRules, zabRules, other, verifierOf);
        }

        public Tuning withVerifierOf(Function<List<ServerId>, QuorumVerifier> other) {
            return new Tuning(electionTiming, electionRules, zabRules, requestRules, other);
        }
    }

    /** Throws IllegalArgumentException if we are no member, or a number is out of its range. */
    public PeerConfig {
        if (!reconfig.isEnabled() && committed.member(self) == null) {
            throw new IllegalArgumentException("server " + self + " is not among the members "
                    + committed.members().keySet());
        }
        if (tickMillis <= 0 || initLimit <= 0 || syncLimit <= 0 || snapCount < 2) {
            throw new IllegalArgumentException(
                    "tickMillis, initLimit and syncLimit must be positive, snapCount at least 2");
        }
        if (sessionGrainMillis <= 0) {
            throw new IllegalArgumentException("sessionGrainMillis must be positive");
        }
        if (minSessionTimeoutMillis <= 0 || maxSessionTimeoutMillis < minSessionTimeoutMillis) {
            throw new IllegalArgumentException(
                    "session timeouts must be positive, and the maximum not below the minimum");
        }
    }

    /** All waits of replication. */
    Zab.Limits limits() {
        return Zab.Limits.ofTicks(tickMillis, initLimit, syncLimit)
                .withHeartbeat(hasOracle || isStandalone ? HeartbeatConfig.OFF : heartbeat)
                .withSessionGrain(sessionGrainMillis);
    }

    /** @param oracle asked where there are two participants; null for none */
    Membership membership(@Nullable Oracle oracle) {
        Function<List<ServerId>, QuorumVerifier> rule =
                oracle == null ? tuning.verifierOf() : voters -> new OracleVerifier(voters, self, oracle);
        return new Membership(self, committed, lastSeen, rule);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects a configuration; defaults are those of ZooKeeper's sample file (tick 2000 ms, limits 10 and 5). */
    public static final class Builder {
        private ServerId self = new ServerId(1);
        private Configuration committed = Configuration.standalone(new ServerId(1));
        private Configuration lastSeen = committed;
        private ReconfigRules reconfig = ReconfigRules.DISABLED;
        private boolean isStandalone;
        private int tickMillis = 2000;
        private int initLimit = 10;
        private int syncLimit = 5;
        private int minSessionTimeoutMillis = -1;
        private int maxSessionTimeoutMillis = -1;
        private int sessionGrainMillis = Integer.MAX_VALUE;
        private SessionRules sessionRules = SessionRules.DEFAULT;
        private @Nullable String superDigest;
        private ZnodeConfig znodes = ZnodeConfig.DEFAULT;
        private int snapCount = 100_000;
        private long snapSizeBytes = 4L << 30;
        private boolean hasOracle;
        private ObserverConfig observers = ObserverConfig.DEFAULT;
        private ReplicationConfig replication = ReplicationConfig.DEFAULT;
        private HeartbeatConfig heartbeat = HeartbeatConfig.OFF;
        private Standing standing = Standing.DEFAULT;
        private Tuning tuning = Tuning.DEFAULT;

        private Builder() {}

        public Builder self(ServerId value) {
            self = value;
            return this;
        }

        /** The members as they were agreed last, nothing being pending. */
        public Builder configuration(Configuration value) {
            committed = value;
            lastSeen = value;
            return this;
        }

        /** The members as they were proposed last; to be given after {@link #configuration}. */
        public Builder lastSeen(Configuration value) {
            lastSeen = value;
            return this;
        }

        /** Whether and how the members may change while the server runs. */
        public Builder reconfig(ReconfigRules value) {
            reconfig = value;
            return this;
        }

        public Builder standalone(boolean value) {
            isStandalone = value;
            return this;
        }

        public Builder tickMillis(int value) {
            tickMillis = value;
            return this;
        }

        public Builder initLimit(int value) {
            initLimit = value;
            return this;
        }

        public Builder syncLimit(int value) {
            syncLimit = value;
            return this;
        }

        /** Milliseconds; -1 stands for two ticks. */
        public Builder minSessionTimeoutMillis(int value) {
            minSessionTimeoutMillis = value;
            return this;
        }

        /** Milliseconds; -1 stands for twenty ticks. */
        public Builder maxSessionTimeoutMillis(int value) {
            maxSessionTimeoutMillis = value;
            return this;
        }

        /** A tick, as in Apache, unless set; finer ends a session sooner behind its timeout, never before it. */
        public Builder sessionGrainMillis(int value) {
            sessionGrainMillis = value;
            return this;
        }

        public Builder sessionRules(SessionRules value) {
            sessionRules = value;
            return this;
        }

        public Builder snapSizeBytes(long value) {
            snapSizeBytes = value;
            return this;
        }

        /** {@code user:hash} of whoever may do everything; null for nobody. */
        public Builder superDigest(@Nullable String value) {
            superDigest = value;
            return this;
        }

        /** Access lists, times to live, removal; as {@link ZnodeConfig#DEFAULT} unless set. */
        public Builder znodes(ZnodeConfig value) {
            znodes = value;
            return this;
        }

        public Builder snapCount(int value) {
            snapCount = value;
            return this;
        }

        public Builder hasOracle(boolean value) {
            hasOracle = value;
            return this;
        }

        public Builder observers(ObserverConfig value) {
            observers = value;
            return this;
        }

        public Builder replication(ReplicationConfig value) {
            replication = value;
            return this;
        }

        /** Off unless set. */
        public Builder heartbeat(HeartbeatConfig value) {
            heartbeat = value;
            return this;
        }

        public Builder standing(Standing value) {
            standing = value;
            return this;
        }

        public Builder tuning(Tuning value) {
            tuning = value;
            return this;
        }

        public PeerConfig build() {
            return new PeerConfig(
                    self,
                    committed,
                    lastSeen,
                    reconfig,
                    isStandalone,
                    tickMillis,
                    initLimit,
                    syncLimit,
                    minSessionTimeoutMillis < 0 ? 2 * tickMillis : minSessionTimeoutMillis,
                    maxSessionTimeoutMillis < 0 ? 20 * tickMillis : maxSessionTimeoutMillis,
                    sessionGrainMillis,
                    sessionRules,
                    superDigest,
                    znodes,
                    snapCount,
                    snapSizeBytes,
                    hasOracle,
                    observers,
                    replication,
                    heartbeat,
                    standing,
                    tuning);
        }
    }
}
