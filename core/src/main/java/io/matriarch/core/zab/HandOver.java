package io.matriarch.core.zab;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.LeadTransfer;
import io.matriarch.wire.quorum.PacketType;
import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An established leader makes another server lead, without an election and without a client that loses its connection
 * (docs/operations.md).
 *
 * <pre>
 * leader                                        followers and observers of ours
 * holds new requests until all is committed
 * TRANSFER go N                          -->    N leads, the others turn to it (core.peer.Succession)
 *                                               keep the next epoch for N, on disk ({@link Epochs#keepFor})
 * answers nobody and proposes nothing any more
 * turns to N when they have left, and keeps it too
 * </pre>
 *
 * <p>Nothing rests on the name: N finds an epoch and brings a quorum to its history like any other leader, and if it does
 * not, somebody is elected. What was passed on and not proposed is passed on again, to N: the leader before it has told,
 * behind its last commit, that it will never propose it.
 *
 * <p>Servers of Apache know no such word. They lose their link at the end, look, and find a leader that a quorum follows; so
 * those of ours must be a quorum by themselves.
 */
final class HandOver {
    /** How long the last proposals may take; then requests go on here. */
    private static final int DRAIN_MILLIS = 1_000;
    /** How long the learners may take to leave. One that has not heard the word looks for a leader as ever. */
    private static final int LEAVE_MILLIS = 500;

    /** The order of those that can lead, worst first. */
    static final Comparator<LearnerLink> BEST =
            Comparator.<LearnerLink>comparingInt(link -> link.standing().rank()).thenComparing(link -> link.sid);

    private final Zab zab;
    private final Collection<LearnerLink> links;
    private final Broadcast broadcast;
    private final Exit exit;
    private final Wish wish;

    private long deadlineNanos;
    private @Nullable ServerId successor;
    private boolean isOver;

    /**
     * What is asked for.
     *
     * @param server who is to lead; null for whoever is fit best
     * @param isLeaving whether the leader will not follow: it stops
     */
    record Wish(@Nullable ServerId server, boolean isLeaving, TransferAsker asker) {}

    HandOver(Zab zab, Collection<LearnerLink> links, Broadcast broadcast, Exit exit, Wish wish) {
        this.zab = zab;
        this.links = links;
        this.broadcast = broadcast;
        this.exit = exit;
        this.wish = wish;
        this.deadlineNanos = zab.now().plusMillis(drainMillis(zab.limits()));
        broadcast.hold();
    }

    /** Well before a follower that logs nothing loses its link. */
    static int drainMillis(Zab.Limits limits) {
        return Math.min(DRAIN_MILLIS, limits.syncMillis() / 2);
    }

    static int leaveMillis(Zab.Limits limits) {
        return Math.min(LEAVE_MILLIS, limits.syncMillis() / 2);
    }

    /** Why it cannot be done now; null if it can. */
    static @Nullable String refusal(Zab zab, Collection<LearnerLink> links, Wish wish) {
        ServerId server = wish.server();
        if (zab.self().equals(server)) {
            return "server " + server + " leads already";
        }
        if (server != null && !zab.verifier().isVoter(server)) {
            return "server " + server + " is no participant";
        }
        if (zab.membership().isPending()) {
            return "a reconfiguration is pending";
        }
        if (server != null && links.stream().noneMatch(link -> link.isOf(server) && link.isActive())) {
            return "server " + server + " does not follow, or is not up to date";
        }
        if (server != null && links.stream().noneMatch(link -> canLead(zab, link, server))) {
            return "server " + server
                    + " cannot take the lead: it is Apache's or of an older release, has no weight, or does not"
                    + " stand";
        }
        if (links.stream().noneMatch(link -> canLead(zab, link, link.sid))) {
            return "no server that is up to date can take the lead";
        }
        boolean isQuorum = zab.verifier()
                .isQuorum(sid -> (sid.equals(zab.self()) && !wish.isLeaving())
                        || links.stream().anyMatch(link -> link.isOf(sid) && canFollow(link)));
        return isQuorum ? null : "the servers of ours that follow would be no quorum";
    }

    private static boolean canFollow(LearnerLink link) {
        return link.isActive() && link.has(Zab.TRANSFERS);
    }

    static boolean canLead(Zab zab, LearnerLink link, ServerId sid) {
        return link.isOf(sid)
                && canFollow(link)
                && zab.verifier().weight(sid) > 0
                && link.standing().stands();
    }

    /** Goes on as far as it can; called at the end of each step. */
    void advance() {
        if (isOver) {
            return;
        }
        if (successor != null) {
            leaveIfLeft(successor);
            return;
        }
        String refusal = refusal(zab, links, wish);
        if (refusal != null) {
            giveUp(refusal);
        } else if (zab.history().pending().isEmpty() || !zab.rules().handsOverWhenCommitted()) {
            tell();
        }
        if (!isOver && successor == null && zab.now().isAtOrAfter(deadlineNanos)) {
            giveUp("the last proposals were not committed, and logged there, within " + drainMillis(zab.limits())
                    + " ms");
        }
    }

    private void tell() {
        Zxid last = zab.history().lastLogged();
        ServerId next = links.stream()
                .filter(link -> wish.server() == null || link.isOf(wish.server()))
                .filter(link -> canLead(zab, link, link.sid) && !last.isAfter(link.ackedThrough))
                .max(BEST)
                .map(link -> link.sid)
                .orElse(null);
        if (next == null) {
            return; // it may still come
        }
        successor = next;
        deadlineNanos = zab.now().plusMillis(leaveMillis(zab.limits()));
        wish.asker().answered(true, "server " + next + " takes over from server " + zab.self());
        zab.out().trace(new TraceEvent.LeadHandedOver(next, last));
        LeadTransfer go = LeadTransfer.go(next);
        // The next leader first: its port is to be open when the others come.
        links.stream().filter(link -> link.isOf(next)).forEach(link -> send(link, go));
        links.stream().filter(link -> !link.isOf(next) && canFollow(link)).forEach(link -> send(link, go));
        zab.desk().handOver(zab.now(), "server " + next + " leads from now on");
    }

    private void send(LearnerLink link, LeadTransfer word) {
        zab.send(link.id, PacketType.TRANSFER, 0, word.encode());
    }

    /** Closing our ends at once could take the word from them (a reset overtakes what was sent). */
    private void leaveIfLeft(ServerId next) {
        boolean isLeft = links.stream()
                .noneMatch(link -> canFollow(link) && zab.verifier().isVoter(link.sid));
        if (isLeft || zab.now().isAtOrAfter(deadlineNanos)) {
            isOver = true;
            if (!wish.isLeaving()) {
                prepare(zab, next);
            }
            exit.handOver(next, "hands over to server " + next);
        }
    }

    /**
     * A voter turns to {@code next} in a moment, in whose epoch nobody has been yet. It stores that epoch while connections are
     * made, and not when it is asked to: forces one after the other are most of what a writer waits for.
     */
    static void prepare(Zab zab, ServerId next) {
        if (zab.membership().isVoter()) {
            zab.epochs().keepFor(next);
        }
    }

    private void giveUp(String why) {
        isOver = true;
        broadcast.resume(broadcast.lastProposed());
        wish.asker().answered(false, why);
    }

    /** Whether it was given up, and this server leads on. */
    boolean isGivenUp() {
        return isOver && successor == null;
    }

    /** Whether the word is out: this server does nothing as a leader any more. */
    boolean isTold() {
        return successor != null;
    }

    long deadlineNanos() {
        return isOver ? Long.MAX_VALUE : deadlineNanos;
    }
}
