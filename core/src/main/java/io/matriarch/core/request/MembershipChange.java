package io.matriarch.core.request;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Member;
import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.core.quorum.Membership;
import io.matriarch.core.quorum.ReconfigRules;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The operation reconfig: which configuration a request asks for, and whether it may be proposed (zab.md 14, client.md 15).
 * The checks come in Apache's order.
 */
public final class MembershipChange {
    private final Membership membership;
    private final ReconfigRules rules;
    private final Predicate<ServerId> isInSync;

    /** What a request becomes: the next configuration, or an error. */
    record Outcome(int err, @Nullable Configuration next) {
        static Outcome failed(int err) {
            return new Outcome(err, null);
        }
    }

    /** @param isInSync whether this server follows the leader in full, or is the leader */
    public MembershipChange(Membership membership, ReconfigRules rules, Predicate<ServerId> isInSync) {
        this.membership = membership;
        this.rules = rules;
        this.isInSync = isInSync;
    }

    /** Where the members never change. */
    static MembershipChange never() {
        ServerId self = new ServerId(1);
        Membership alone = Membership.of(self, Configuration.standalone(self));
        return new MembershipChange(alone, ReconfigRules.DISABLED, sid -> false);
    }

    boolean isEnabled() {
        return rules.isEnabled();
    }

    /**
     * The configuration that {@code request} asks for, as version {@code zxid}.
     *
     * @throws MalformedException if a server id is no number
     */
    Outcome of(Request.Reconfig request, long zxid) {
        if (rules.isStandalone()) {
            return Outcome.failed(ErrorCode.UNIMPLEMENTED);
        }
        if (membership.isPending()) {
            return Outcome.failed(ErrorCode.RECONFIG_IN_PROGRESS);
        }
        Configuration current = membership.committed();
        if (request.curConfigId() != -1 && request.curConfigId() != current.version()) {
            return Outcome.failed(ErrorCode.BAD_VERSION);
        }
        Configuration next = wanted(request, current, zxid);
        if (next == null || next.participants().size() < rules.minVoters()) {
            return Outcome.failed(ErrorCode.BAD_ARGUMENTS);
        }
        return membership.isQuorumOf(next, isInSync)
                ? new Outcome(ErrorCode.OK, next)
                : Outcome.failed(ErrorCode.NEW_CONFIG_NO_QUORUM);
    }

    private static @Nullable Configuration wanted(Request.Reconfig request, Configuration current, long zxid) {
        String all = request.newMembers();
        if (all == null) {
            return current.groups() == null ? changed(request, current, zxid) : null;
        }
        try {
            Configuration wanted = Configuration.parse(all.replace(',', '\n')).withVersion(zxid);
            return hasNoTwoInOnePlace(wanted) ? wanted : null;
        } catch (MalformedException e) {
            return null;
        }
    }

    private static @Nullable Configuration changed(Request.Reconfig request, Configuration current, long zxid) {
        SortedMap<ServerId, Member> members = new TreeMap<>(current.members());
        for (String leaving : listed(request.leaving())) {
            members.remove(sidOf(leaving));
        }
        for (String joining : listed(request.joining())) {
            int equals = joining.indexOf('=');
            if (equals < 0 || joining.indexOf('=', equals + 1) >= 0) {
                return null;
            }
            String key = joining.substring(0, equals).strip();
            ServerId sid = sidOf(key.substring(key.lastIndexOf('.') + 1));
            Member member = memberOf(sid, joining.substring(equals + 1).strip());
            if (member == null || member.client() == null) {
                return null;
            }
            members.put(sid, member);
        }
        if (members.values().stream().noneMatch(Member::isParticipant)) {
            return null;
        }
        Configuration next = new Configuration(zxid, members, null);
        return hasNoTwoInOnePlace(next) ? next : null;
    }

    private static @Nullable Member memberOf(ServerId sid, String value) {
        try {
            return Member.parse(sid, value);
        } catch (MalformedException e) {
            return null;
        }
    }

    /** No port of one member is a port of another. */
    private static boolean hasNoTwoInOnePlace(Configuration configuration) {
        SortedMap<String, ServerId> taken = new TreeMap<>();
        for (Member member : configuration.members().values()) {
            for (MemberAddress address : member.addresses()) {
                ServerId sid = member.sid();
                ServerId first = taken.putIfAbsent(address.host() + " " + address.quorumPort(), sid);
                ServerId second = taken.putIfAbsent(address.host() + " " + address.electionPort(), sid);
                if ((first != null && !first.equals(sid)) || (second != null && !second.equals(sid))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<String> listed(@Nullable String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text == null ? new String[0] : text.split(",", -1)) {
            if (!part.isBlank()) {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    /** Compat: an id that is no number is a request that cannot be read, not a bad argument (client.md 15). */
    private static ServerId sidOf(String text) {
        try {
            return new ServerId(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new MalformedException("server id '" + text + "' must be a number");
        }
    }
}
