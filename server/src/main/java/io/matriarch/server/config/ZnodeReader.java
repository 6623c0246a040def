package io.matriarch.server.config;

import io.matriarch.core.request.AclChecks;
import io.matriarch.core.request.ZnodeConfig;

/** What concerns znodes: whether access lists are asked, times to live, quotas, and when those go that nobody needs. */
final class ZnodeReader {
    private static final String SKIP_ACL = "skipACL";
    private static final String TTL = "extendedTypesEnabled";
    /** Compat: options of the JVM that cannot be set in the file. */
    private static final String REMOVAL = "znode.container.";

    /** Compat: with times to live the top byte of a session id must not be that of their mark (zab.md 6.5). */
    private static final int MAX_SID_WITH_TTL = 254;

    private final Settings settings;
    private final ConfigValues values;

    ZnodeReader(Settings settings, ConfigValues values) {
        this.settings = settings;
        this.values = values;
    }

    void read() {
        values.znodes = ZnodeConfig.DEFAULT
                .withAclChecks(aclChecks())
                .withTtl(settings.isTrue(TTL, false))
                .withQuotas(settings.isTrue("enforceQuota", false))
                .withRemoval(removal());
        boolean isTooHigh =
                values.members.stream().anyMatch(member -> member.sid().value() > MAX_SID_WITH_TTL);
        if (values.znodes.grantsTtl() && isTooHigh) {
            settings.add(TTL, "server ids must be at most " + MAX_SID_WITH_TTL + " with it");
        }
    }

    private AclChecks aclChecks() {
        // Compat: only exactly this counts.
        String text = settings.textOr(SKIP_ACL, "no");
        if (text.equals("yes")) {
            settings.warn(
                    SKIP_ACL,
                    "access lists are not enforced: every client may read, change and delete everything, and change the"
                            + " members where reconfigEnabled=true");
            return AclChecks.SKIPPED;
        }
        if (!text.equals("no")) {
            settings.warn(SKIP_ACL, "must be yes or no; access lists are enforced");
        }
        return AclChecks.ENFORCED;
    }

    private ZnodeConfig.Removal removal() {
        ZnodeConfig.Removal usual = ZnodeConfig.DEFAULT.removal();
        return new ZnodeConfig.Removal(
                number("checkIntervalMs", 1, usual.checkMillis()),
                (int) number("maxPerMinute", 1, usual.perMinute()),
                number("maxNeverUsedIntervalMs", 0, usual.neverUsedMillis()));
    }

    private long number(String name, int least, long otherwise) {
        String text = settings.systemProperty(REMOVAL + name);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.decode(text.strip());
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        settings.problems().add("-D" + REMOVAL + name + "=" + text + ": must be a whole number, at least " + least);
        return otherwise;
    }
}
