package io.matriarch.core.peer;

import io.matriarch.core.election.ElectionRules;
import io.matriarch.core.election.ElectionTiming;
import io.matriarch.core.quorum.HierarchicalVerifier;
import io.matriarch.core.quorum.MajorityVerifier;
import io.matriarch.core.quorum.Member;
import io.matriarch.core.quorum.QuorumGroups;
import io.matriarch.core.quorum.QuorumVerifier;
import io.matriarch.wire.ServerId;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a server is told at start and does not change.
 *
 * @param self our id
 * @param members all members, ourselves included
 * @param groups groups and weights of the participants; null if a majority of them decides
 * @param isStandalone whether this is one server without an ensemble (its mode reads "standalone")
 * @param tickMillis the basic unit of time, milliseconds
 * @param initLimit ticks to connect and synchronize
 * @param syncLimit ticks a synchronized server may be silent
 * @param minSessionTimeoutMillis lower bound of what a client may ask for
 * @param maxSessionTimeoutMillis upper bound of it
 * @param snapCount transactions between snapshots; the actual number is drawn between half of it and all of it
 * @param configText the configuration in the form of election.md 5.2; empty if standalone
 * @param tuning waits and rules that operators do not set
 */
public record PeerConfig(
        ServerId self,
        List<Member> members,
        @Nullable QuorumGroups groups,
        boolean isStandalone,
        int tickMillis,
        int initLimit,
        int syncLimit,
        int minSessionTimeoutMillis,
        int maxSessionTimeoutMillis,
        int snapCount,
        String configText,
        Tuning tuning) {

    /**
     * Waits and rules that operators do not set.
     *
     * @param electionTiming waits of an election
     * @param electionRules rules that only tests replace
     * @param verifierOf the quorum rule over the participants where there are no groups; only tests replace it
     */
    public record Tuning(
            ElectionTiming electionTiming,
            ElectionRules electionRules,
            Function<List<ServerId>, QuorumVerifier> verifierOf) {
        public static final Tuning DEFAULT =
                new Tuning(ElectionTiming.DEFAULT, ElectionRules.CORRECT, MajorityVerifier::new);
    }

    /** Throws IllegalArgumentException if we are no member, or a number is out of its range. */
    public PeerConfig {
        members = List.copyOf(members);
        ServerId us = self;
        if (members.stream().noneMatch(m -> m.sid().equals(us))) {
            throw new IllegalArgumentException("server " + self + " is not among the members " + members);
        }
        if (tickMillis <= 0 || initLimit <= 0 || syncLimit <= 0 || snapCount < 2) {
            throw new IllegalArgumentException(
                    "tickMillis, initLimit and syncLimit must be positive, snapCount at least 2");
        }
        if (minSessionTimeoutMillis <= 0 || maxSessionTimeoutMillis < minSessionTimeoutMillis) {
            throw new IllegalArgumentException(
                    "session timeouts must be positive, and the maximum not below the minimum");
        }
    }

    QuorumVerifier verifier() {
        List<ServerId> participants =
                members.stream().filter(Member::isParticipant).map(Member::sid).toList();
        QuorumGroups grouped = groups;
        return grouped == null
                ? tuning.verifierOf().apply(participants)
                : new HierarchicalVerifier(participants, grouped);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects a configuration; defaults are those of ZooKeeper's sample file (tick 2000 ms, limits 10 and 5). */
    public static final class Builder {
        private ServerId self = new ServerId(1);
        private List<Member> members = List.of(new Member(new ServerId(1), true));
        private @Nullable QuorumGroups groups;
        private boolean isStandalone;
        private int tickMillis = 2000;
        private int initLimit = 10;
        private int syncLimit = 5;
        private int minSessionTimeoutMillis = -1;
        private int maxSessionTimeoutMillis = -1;
        private int snapCount = 100_000;
        private String configText = "";
        private Tuning tuning = Tuning.DEFAULT;

        private Builder() {}

        public Builder self(ServerId value) {
            self = value;
            return this;
        }

        public Builder members(List<Member> value) {
            members = value;
            return this;
        }

        /** Groups that decide instead of a majority; null for none. */
        public Builder groups(@Nullable QuorumGroups value) {
            groups = value;
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

        public Builder snapCount(int value) {
            snapCount = value;
            return this;
        }

        public Builder configText(String value) {
            configText = value;
            return this;
        }

        public Builder tuning(Tuning value) {
            tuning = value;
            return this;
        }

        public PeerConfig build() {
            return new PeerConfig(
                    self,
                    members,
                    groups,
                    isStandalone,
                    tickMillis,
                    initLimit,
                    syncLimit,
                    minSessionTimeoutMillis < 0 ? 2 * tickMillis : minSessionTimeoutMillis,
                    maxSessionTimeoutMillis < 0 ? 20 * tickMillis : maxSessionTimeoutMillis,
                    snapCount,
                    configText,
                    tuning);
        }
    }
}
