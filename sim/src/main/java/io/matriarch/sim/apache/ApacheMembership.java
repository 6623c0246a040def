package io.matriarch.sim.apache;

import io.matriarch.core.port.Effect;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.MajorityVerifier;
import io.matriarch.core.quorum.Membership;
import io.matriarch.sim.check.Quorums;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The two configurations of an Apache server, committed and last seen, as QuorumPeer holds them and keeps them in
 * {@code zoo.cfg.dynamic.VERSION} and {@code zoo.cfg.dynamic.next} (zab.md 14, election.md 4.4, operations.md 2).
 */
final class ApacheMembership {
    private final ApacheServer server;
    private final boolean mayChange;
    private final Membership known;
    private List<Quorums> active;
    /** Whom to follow, or what to be, is known without an election (QuorumPeer's reconfigFlag). */
    private boolean isSettled;

    /** Reads what is on disk. */
    ApacheMembership(ApacheServer server, ApacheDisk disk) {
        ApacheServer.Setup setup = server.setup();
        this.server = server;
        this.mayChange = setup.isReconfigurable();
        Configuration committed = disk.committed() == null ? setup.configuration() : disk.committed();
        Configuration lastSeen = disk.lastSeen() == null ? committed : disk.lastSeen();
        this.known = new Membership(new ServerId(setup.sid()), committed, lastSeen, MajorityVerifier::new);
        this.active = List.of(setup.electorate());
        if (mayChange) {
            activate();
            server.around().checks().knows(known.committed(), known.lastSeen());
        }
    }

    private void activate() {
        active = known.isPending()
                ? List.of(Quorums.of(known.committed()), Quorums.of(known.lastSeen()))
                : List.of(Quorums.of(known.committed()));
    }

    // --- what it says ------------------------------------------------------------------------------------------------

    boolean mayChange() {
        return mayChange;
    }

    /** For {@link io.matriarch.core.request.MembershipChange}, which answers a reconfig in Apache's order. */
    Membership known() {
        return known;
    }

    Configuration committed() {
        return known.committed();
    }

    /** What NEWLEADER carries. */
    Configuration lastSeen() {
        return known.lastSeen();
    }

    /** What FOLLOWERINFO carries; without reconfiguration the version never leaves 0. */
    long version() {
        return known.committed().version();
    }

    /** Who votes in the committed configuration or in the one last seen. */
    Set<Integer> voters() {
        Set<Integer> voters = new TreeSet<>();
        active.forEach(quorums -> voters.addAll(quorums.voters()));
        return voters;
    }

    boolean isVoter(int sid) {
        return active.stream().anyMatch(quorums -> quorums.isVoter(sid));
    }

    /** Whether this server votes for itself (election.md 3.2). */
    boolean isCandidate() {
        return active.get(0).isVoter(server.sid());
    }

    /** Whoever is no member at all follows without a vote (zab.md 4). */
    boolean isObserver() {
        return mayChange ? known.isObserver() : !isCandidate();
    }

    /** Whether it knows where to reach this server (election.md 4.1). */
    boolean isMember(int sid) {
        return !mayChange || known.committed().member(new ServerId(sid)) != null;
    }

    /** Whether what was seen last has no quorum without this server. */
    boolean isNeeded() {
        return known.isPending() && !Quorums.of(known.lastSeen()).isQuorum(sid -> sid != server.sid());
    }

    /** Of the committed configuration; one that a majority decides gives everybody 1 (election.md 5.3). */
    long weight(int sid) {
        return mayChange ? 1 : active.get(0).weight(sid);
    }

    /** The rules by which a proposal that is made now is decided; later changes do not matter to it. */
    List<Quorums> active() {
        return active;
    }

    /** A quorum of the committed configuration, and of a newer one last seen too. */
    boolean isQuorum(IntPredicate has) {
        return active.stream().allMatch(quorums -> quorums.isQuorum(has));
    }

    // --- changes -----------------------------------------------------------------------------------------------------

    /** The configuration that a transaction proposes; null if it is no reconfig. */
    static @Nullable Configuration in(Txn txn) {
        boolean isReconfig = txn.header().type() == OpCode.RECONFIG && txn.body() instanceof SetDataTxn;
        return isReconfig ? Configuration.parse(((SetDataTxn) txn.body()).data().asUtf8()) : null;
    }

    /** A configuration was proposed, or came with NEWLEADER, perhaps an older one than that seen before. */
    void see(Configuration proposed) {
        if (mayChange && proposed.version() != known.lastSeen().version()) {
            known.see(proposed);
            stored();
        }
    }

    /** A leader's first configuration gets the zxid of its NEWLEADER for a version (election.md 4.4). */
    void labelFirst(long epoch) {
        if (known.lastSeen().version() == 0) {
            see(known.committed().withVersion(Zxid.of(epoch, 0).value()));
        }
    }

    /**
     * A configuration is agreed (QuorumPeer.processReconfig). Says whether the server has another role or another leader now.
     *
     * @param designated who leads in it; null if nobody was named
     * @param zxid of the reconfiguration
     */
    boolean commit(Configuration agreed, @Nullable Integer designated, Zxid zxid) {
        Configuration before = known.committed();
        if (!mayChange || agreed.version() <= before.version()) {
            return false;
        }
        known.commit(agreed);
        stored();
        if (agreed.isSameBut(before)) {
            return false;
        }
        ApacheElection election = server.election();
        election.restart();
        boolean isOtherRole = before.isObserver(known.self()) != agreed.isObserver(known.self());
        isSettled |= isOtherRole;
        if (designated == null) {
            isSettled = false;
            return isOtherRole || !before.keepsAsVoter(new ServerId(election.leader()), agreed);
        }
        boolean isOtherLeader = designated != election.leader();
        if (isOtherLeader) {
            election.name(designated, zxid);
            isSettled = true;
        }
        return isOtherRole || isOtherLeader;
    }

    /**
     * Whoever looks for a leader takes over a newer configuration that it is told of (election.md 2.4, step 3). Says whether its
     * members are others.
     */
    boolean learn(@Nullable String text) {
        Configuration before = known.committed();
        if (!mayChange || text == null || Configuration.versionIn(text) <= before.version()) {
            return false;
        }
        Configuration newer = Configuration.parse(text);
        known.commit(newer);
        stored();
        isSettled = false;
        return !newer.isSameBut(before);
    }

    /** Whether the role that ends now is followed by another without an election; asked once. */
    boolean takeSettled() {
        boolean was = isSettled;
        isSettled = false;
        return was;
    }

    /** Durable at once: written aside, forced, renamed. */
    private void stored() {
        activate();
        server.disk().storeConfigurations(known.committed(), known.lastSeen());
        Effect.StoreConfiguration store = new Effect.StoreConfiguration(0, known.committed(), known.lastSeen());
        server.around().checks().emitted(store, server.around().now().nanos());
        server.around().checks().storedAside(known.lastSeen());
        server.around()
                .trace(() -> "knows configuration " + new Zxid(version()) + " and saw "
                        + new Zxid(lastSeen().version()));
    }

    /**
     * Who leads from now on: this server, if it stays a voter at the same place; else one of the new voters that acknowledged
     * the reconfiguration and most of what is outstanding behind it (Leader.getDesignatedLeader).
     *
     * @param acks of the reconfiguration, or of NEWLEADER
     * @param behind the acknowledgements of what was proposed after it, in order
     */
    int designated(Configuration next, Set<Integer> acks, List<Set<Integer>> behind) {
        if (known.committed().keepsAsVoter(known.self(), next)) {
            return server.sid();
        }
        Quorums voters = Quorums.of(next);
        List<Integer> candidates = new ArrayList<>(acks);
        candidates.removeIf(sid -> sid == server.sid() || !voters.isVoter(sid));
        int best = candidates.get(0);
        for (Set<Integer> later : behind) {
            candidates.retainAll(later);
            if (candidates.isEmpty()) {
                break;
            }
            best = candidates.get(0);
        }
        return best;
    }
}
