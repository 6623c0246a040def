package io.matriarch.core.quorum;

import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who is a member of the ensemble, in which role, where, and which sets of participants decide: a value (election.md 5,
 * zab.md 14).
 *
 * @param version zxid of the transaction that made it; 0 for one that no leader has established yet
 * @param members by id, ascending; at least one participant
 * @param groups groups and weights of the participants; null if a majority of them decides
 */
public record Configuration(
        long version,
        SortedMap<ServerId, Member> members,
        @Nullable QuorumGroups groups) {
    /** Throws IllegalArgumentException if nobody could ever decide. */
    public Configuration {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        verifier(members, groups, MajorityVerifier::new);
    }

    /** These members, of which a majority, or the groups, decide. */
    public static Configuration of(long version, Collection<Member> members, @Nullable QuorumGroups groups) {
        SortedMap<ServerId, Member> bySid = new TreeMap<>();
        members.forEach(member -> bySid.put(member.sid(), member));
        return new Configuration(version, bySid, groups);
    }

    /** One server without an ensemble: nobody has to reach it, and it shows no membership. */
    public static Configuration standalone(ServerId self) {
        return of(0, List.of(new Member(self, true, List.of(), null, null)), null);
    }

    /**
     * Reads the form of election.md 5.2; the order of the lines does not matter, a missing version is 0.
     *
     * @throws MalformedException if it is no configuration, or one in which nobody could ever decide
     */
    public static Configuration parse(String text) {
        return ConfigurationText.parse(text);
    }

    /** The version that {@code text} names, without looking at anything else; 0 if it names none. */
    public static long versionIn(String text) {
        return ConfigurationText.versionIn(text);
    }

    /** The form of election.md 5.2: server lines, groups, weights, version, no line feed at the end; "" standalone. */
    public String text() {
        return isStandalone() ? "" : ConfigurationText.text(this);
    }

    /** The same members and groups, as another version. */
    public Configuration withVersion(long newVersion) {
        return new Configuration(newVersion, members, groups);
    }

    /** Whether members, roles, all addresses, groups and weights are the same (election.md 5.3). */
    public boolean isSameBut(Configuration other) {
        return withVersion(other.version).equals(other);
    }

    /** The member with this id; null if there is none. */
    public @Nullable Member member(ServerId sid) {
        return members.get(sid);
    }

    /** Whether this server is a member that votes. */
    public boolean isParticipant(ServerId sid) {
        Member member = members.get(sid);
        return member != null && member.isParticipant();
    }

    /** Whether this server is a member that only observes. */
    public boolean isObserver(ServerId sid) {
        Member member = members.get(sid);
        return member != null && !member.isParticipant();
    }

    /** The participants, ascending. */
    public List<ServerId> participants() {
        return participants(members);
    }

    /** Whether this server votes in both, and the others reach its quorum port at the same places. */
    public boolean keepsAsVoter(ServerId sid, Configuration next) {
        Member now = members.get(sid);
        Member then = next.members.get(sid);
        return now != null && then != null && then.isParticipant() && now.isWhere(then);
    }

    /**
     * The rule by which sets of participants decide.
     *
     * @param majority the rule over the participants where there are no groups; only tests replace it
     */
    QuorumVerifier verifier(Function<List<ServerId>, QuorumVerifier> majority) {
        return verifier(members, groups, majority);
    }

    private boolean isStandalone() {
        return members.size() == 1
                && members.get(members.firstKey()).addresses().isEmpty();
    }

    private static List<ServerId> participants(SortedMap<ServerId, Member> members) {
        return members.values().stream()
                .filter(Member::isParticipant)
                .map(Member::sid)
                .toList();
    }

    private static QuorumVerifier verifier(
            SortedMap<ServerId, Member> members,
            @Nullable QuorumGroups groups,
            Function<List<ServerId>, QuorumVerifier> majority) {
        List<ServerId> participants = participants(members);
        return groups == null ? majority.apply(participants) : new HierarchicalVerifier(participants, groups);
    }
}
