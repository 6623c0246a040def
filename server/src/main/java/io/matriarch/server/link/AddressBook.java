package io.matriarch.server.link;

import io.matriarch.server.config.MemberConfig;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who the members are and where, at this moment. Ports read it and are told when it changes, so that a reconfiguration
 * is one call of {@link #replace}: peers come, go and move, and our own ports are bound anew where they moved. To be
 * changed on the replica thread only; may be read by any.
 */
public final class AddressBook {
    private final ServerId self;
    private final List<Runnable> listeners = new ArrayList<>();
    private volatile Members now;

    /** What changes at once; never altered. */
    private record Members(Map<ServerId, MemberConfig> committed, Map<ServerId, MemberConfig> proposed) {}

    /** The members of a configuration that nobody is about to change. */
    public AddressBook(ServerId self, Collection<MemberConfig> members) {
        this.self = self;
        this.now = new Members(bySid(members), Map.of());
    }

    /** Our own id. */
    public ServerId self() {
        return self;
    }

    /**
     * From now on these are the members.
     *
     * @param proposed those of a configuration that is not yet committed; empty if there is none. Where they differ both
     *     addresses of a member are dialled (election.md 1.7).
     */
    public void replace(Collection<MemberConfig> committed, Collection<MemberConfig> proposed) {
        now = new Members(bySid(committed), bySid(proposed));
        listeners.forEach(Runnable::run);
    }

    /** Calls {@code listener} after each change, on the replica thread. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** This server's entry, of the committed configuration first; null if neither has one. */
    public @Nullable MemberConfig own() {
        return member(self);
    }

    /** A member, of the committed configuration first; null if neither has one. */
    public @Nullable MemberConfig member(ServerId sid) {
        Members members = now;
        MemberConfig committed = members.committed.get(sid);
        return committed != null ? committed : members.proposed.get(sid);
    }

    /** The ids in either configuration, in ascending order. */
    public List<ServerId> sids() {
        Members members = now;
        Map<ServerId, MemberConfig> all = new TreeMap<>(members.committed);
        all.putAll(members.proposed);
        return List.copyOf(all.keySet());
    }

    /** The hosts of all members of either configuration, as configured. */
    public Set<String> hosts() {
        Set<String> hosts = new LinkedHashSet<>();
        for (ServerId sid : sids()) {
            quorumAddresses(sid).forEach(address -> hosts.add(address.host()));
            electionAddresses(sid).forEach(address -> hosts.add(address.host()));
        }
        return hosts;
    }

    /** Where to dial a member's election port, the most likely address first; empty for a stranger. */
    public List<HostPort> electionAddresses(ServerId sid) {
        Members members = now;
        Set<HostPort> addresses = new LinkedHashSet<>();
        for (MemberConfig member : both(members, sid)) {
            addresses.addAll(member.electionAddresses());
        }
        return List.copyOf(addresses);
    }

    /** Where to dial a member's quorum port, the most likely address first; empty for a stranger. */
    public List<HostPort> quorumAddresses(ServerId sid) {
        Members members = now;
        Set<HostPort> addresses = new LinkedHashSet<>();
        for (MemberConfig member : both(members, sid)) {
            addresses.addAll(member.quorumAddresses());
        }
        return List.copyOf(addresses);
    }

    private static List<MemberConfig> both(Members all, ServerId sid) {
        List<MemberConfig> both = new ArrayList<>();
        for (Map<ServerId, MemberConfig> members : List.of(all.committed, all.proposed)) {
            MemberConfig member = members.get(sid);
            if (member != null) {
                both.add(member);
            }
        }
        return both;
    }

    private static Map<ServerId, MemberConfig> bySid(Collection<MemberConfig> members) {
        Map<ServerId, MemberConfig> bySid = new TreeMap<>();
        members.forEach(member -> bySid.put(member.sid(), member));
        return bySid;
    }
}
