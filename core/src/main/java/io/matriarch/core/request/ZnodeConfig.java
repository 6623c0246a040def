package io.matriarch.core.request;

/**
 * What operators decide about znodes.
 *
 * @param aclChecks whether access lists are asked
 * @param grantsTtl whether znodes with a time to live may be created ({@code zookeeper.extendedTypesEnabled}); those that are
 *     there are kept and removed either way
 * @param enforcesQuotas whether what goes beyond a hard limit is refused ({@code zookeeper.enforceQuota})
 * @param removal when znodes go that nobody needs any more
 */
public record ZnodeConfig(AclChecks aclChecks, boolean grantsTtl, boolean enforcesQuotas, Removal removal) {
    private static final long MINUTE_MILLIS = 60_000;

    /** Apache's defaults. */
    public static final ZnodeConfig DEFAULT =
            new ZnodeConfig(AclChecks.ENFORCED, false, false, new Removal(MINUTE_MILLIS, 10_000, 0));

    /**
     * When containers without children and znodes whose time to live has passed are removed (client.md 9.5).
     *
     * @param checkMillis how often a leader looks for them, at least 1
     * @param perMinute how many it removes in a minute at most, at least 1
     * @param neverUsedMillis after which a container goes that never had children; 0 if it stays
     */
    public record Removal(long checkMillis, int perMinute, long neverUsedMillis) {
        /** Refuses what is out of its range. */
        public Removal {
            if (checkMillis < 1 || perMinute < 1 || neverUsedMillis < 0) {
                throw new IllegalArgumentException(
                        "checkMillis and perMinute must be at least 1, neverUsedMillis at least 0");
            }
        }

        /** Compat: the pause between two removals, in milliseconds; 0 beyond 60,000 in a minute. */
        public long pauseMillis() {
            return MINUTE_MILLIS / perMinute;
        }

        /** Whether a container that never had children and is {@code ageMillis} old is to go. */
        public boolean endsUnused(long ageMillis) {
            return neverUsedMillis > 0 && ageMillis > neverUsedMillis;
        }
    }

    /** The same with or without asking access lists. */
    public ZnodeConfig withAclChecks(AclChecks checks) {
        return new ZnodeConfig(checks, grantsTtl, enforcesQuotas, removal);
    }

    /** The same, where znodes with a time to live may or may not be created. */
    public ZnodeConfig withTtl(boolean grants) {
        return new ZnodeConfig(aclChecks, grants, enforcesQuotas, removal);
    }

    /** The same, refusing what goes beyond hard limits or not. */
    public ZnodeConfig withQuotas(boolean enforces) {
        return new ZnodeConfig(aclChecks, grantsTtl, enforces, removal);
    }

    /** The same with other times of removal. */
    public ZnodeConfig withRemoval(Removal other) {
        return new ZnodeConfig(aclChecks, grantsTtl, enforcesQuotas, other);
    }
}
