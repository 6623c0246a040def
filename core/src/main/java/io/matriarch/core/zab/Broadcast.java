package io.matriarch.core.zab;

import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.request.HeardOf;
import io.matriarch.core.request.MembershipChange;
import io.matriarch.core.request.TxnLimit;
import io.matriarch.core.request.TxnPreparation;
import io.matriarch.core.request.Upstream;
import io.matriarch.core.request.WriteRequest;
import io.matriarch.core.session.SessionTracker;
import io.matriarch.core.tree.Quotas;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.LeadTransfer;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.Revalidation;
import io.matriarch.wire.quorum.RevalidationAnswer;
import io.matriarch.wire.quorum.SessionTouch;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What only an established leader does: it turns requests into transactions, proposes them, commits in order what a
 * quorum has on disk, and keeps the sessions (zab.md 10.1, 12).
 *
 * <p>Also the {@link Upstream} of the leader's own clients.
 */
final class Broadcast implements Upstream, Commitment.Listener {
    /** Requests that may wait while the leader goes into the next epoch; that takes a few milliseconds. */
    private static final int MAX_HELD = 100_000;

    private final Zab zab;
    private final Collection<LearnerLink> links;
    private final Exit exit;
    private final Heartbeats heartbeats;
    private final Pulse pulse;
    private final Preference preference;
    private final TxnPreparation preparation;
    private final LeaderSessions leaderSessions;
    private final SessionTracker sessions;
    private final Commitment commitment;
    private final Removals removals;
    private final Questions questions;

    private final Deque<Held> held = new ArrayDeque<>();
    private boolean isHolding;
    private @Nullable HandOver handOver;

    private Zxid lastProposed;
    private long handOverNanos = Long.MAX_VALUE;
    private long nextQuorumCheckNanos;

    /** A request that came over {@code origin}, null for our own clients, while nothing was proposed. */
    private record Held(@Nullable LearnerLink origin, Runnable request) {}

    /**
     * @param start the first transaction comes right after it
     * @param links the leader's links, as they come and go
     */
    Broadcast(Zab zab, Zxid start, Collection<LearnerLink> links, Exit exit) {
        this.zab = zab;
        this.links = links;
        this.exit = exit;
        this.pulse = new Pulse(zab, links, exit);
        this.preference = new Preference(zab, links);
        this.heartbeats = new Heartbeats(zab, links, pulse);
        this.questions = new Questions(zab, heartbeats);
        this.leaderSessions = new LeaderSessions(zab);
        this.sessions = leaderSessions.tracker();
        this.commitment = new Commitment(zab, links, this);
        boolean isDigesting = zab.history().config().isDigesting();
        this.preparation = new TxnPreparation(
                zab.history().tree(),
                isDigesting,
                id -> !leaderSessions.isGlobal(id),
                membershipChange(),
                new TxnLimit(maxTxnBytes(), this::refusedTooLong),
                zab.desk().rules(),
                zab.desk().znodes());
        preparation.reportQuotas(this::beyondQuota);
        this.lastProposed = start;
        this.nextQuorumCheckNanos = zab.now().plusMillis(zab.limits().tickMillis());
        this.removals = new Removals(zab, this::proposeUnchecked);
    }

    /** The clocks of the sessions that all servers know. */
    SessionTracker sessions() {
        return sessions;
    }

    /** Syncs that wait for what was proposed before them, or for the proof that this server still leads. */
    int pendingSyncs() {
        return questions.pendingSyncs();
    }

    /** Whom a configuration gave the lead; null while it is ours. */
    @Nullable
    ServerId successor() {
        return commitment.successor();
    }

    private int maxTxnBytes() {
        return zab.rules().boundsTransactions() ? zab.history().config().maxTxnBytes() : Integer.MAX_VALUE;
    }

    private void beyondQuota(Quotas.Excess excess) {
        zab.out()
                .trace(new TraceEvent.QuotaExceeded(
                        excess.path(),
                        excess.isOfBytes() ? "bytes" : "znodes",
                        excess.isHard(),
                        excess.usage(),
                        excess.limit()));
    }

    private void refusedTooLong(WriteRequest request, long sizeBytes) {
        zab.out().trace(new TraceEvent.WriteTooLong(request.sessionId(), request.opcode(), sizeBytes, maxTxnBytes()));
    }

    /** A learner is up to date. */
    void beginPulse(LearnerLink link) {
        pulse.begin(link);
    }

    /** Begins to serve. Every session gets a fresh full timeout (client.md 10.1). */
    void start() {
        zab.gate().onLogDurable(this::loggedThrough);
        Now now = zab.now();
        zab.history().tree().sessions().forEach((id, timeoutMillis) -> sessions.track(now, id, timeoutMillis));
        for (long orphan : zab.history().tree().unknownOwners()) {
            closeSession(orphan); // R24: as a transaction, so that every server does the same
        }
        pulse.renew();
        zab.desk().serve(now, this);
    }

    // --- from learners -------------------------------------------------------------------------------------------

    void received(LearnerLink link, QuorumPacket packet) {
        if (handOver != null && handOver.isTold()) {
            return; // whoever is to lead does all from now on
        }
        switch (packet.type()) {
            case PacketType.ACK -> acknowledged(link, new Zxid(packet.zxid()));
            case PacketType.REQUEST -> forwarded(link, packet);
            case PacketType.REVALIDATE -> {
                Revalidation asked = Revalidation.decode(packet.data());
                revalidate(link, asked, link.sid, isValid -> {
                    Bytes answer = new RevalidationAnswer(asked.sessionId(), isValid).encode();
                    zab.send(link.id, PacketType.REVALIDATE, packet.zxid(), answer);
                });
            }
            case PacketType.PING -> {
                for (SessionTouch touch : SessionTouch.decodeAll(packet.data())) {
                    sessions.touch(zab.now(), touch.sessionId(), touch.timeoutMillis());
                }
                if (packet.zxid() < 0) {
                    pulse.echoed(link, packet.zxid());
                } else {
                    heartbeats.echoed(link, packet.zxid());
                    questions.answer();
                }
            }
            case PacketType.TRANSFER -> transferAsked(link, packet);
            default -> {} // Compat: unknown types are ignored (zab.md 3)
        }
    }

    private void transferAsked(LearnerLink link, QuorumPacket packet) {
        ServerId server = LeadTransfer.decode(packet.data()).server();
        transfer(new HandOver.Wish(server, false, (isDone, text) -> {
            LeadTransfer answer = LeadTransfer.answer(server, isDone, text);
            zab.send(link.id, PacketType.TRANSFER, packet.zxid(), answer.encode());
        }));
    }

    void linkDropped(LearnerLink link) {
        questions.forget(link);
        held.removeIf(request -> request.origin == link);
        pulse.renew();
        handOverIfFollowed();
    }

    private void forwarded(LearnerLink link, QuorumPacket packet) {
        ForwardedRequest request = ForwardedRequest.decode(packet.data());
        if (request.opcode() == OpCode.SYNC) {
            inTurn(link, () -> syncOf(link));
            return;
        }
        // Compat: Apache's learners send createSession, and the close of a session without connection, with null here.
        List<Id> identities = packet.auth() == null ? List.of() : packet.auth();
        propose(
                new WriteRequest(request.sessionId(), request.cxid(), request.opcode(), request.body(), identities),
                link,
                false);
    }

    // --- from our own clients ------------------------------------------------------------------------------------

    @Override
    public void submit(WriteRequest request) {
        propose(request, null, zab.desk().isLocal(request.sessionId()));
    }

    @Override
    public void sync(long sessionId, int cxid, Bytes body) {
        inTurn(
                null,
                () -> questions.ask(null, Questions.Kind.SYNC, lastProposed, () -> zab.desk()
                        .synced(zab.now())));
    }

    /** Behind every write that came before, also one that is held. */
    private void inTurn(@Nullable LearnerLink link, Runnable request) {
        if (isHolding) {
            hold(link, request);
        } else {
            request.run();
        }
    }

    private void syncOf(LearnerLink link) {
        Zxid after = lastProposed;
        if (zab.keepsOrderOfSyncs(link)) {
            SyncOrder.Sync sync = link.order.asked(after);
            questions.ask(
                    link,
                    Questions.Kind.SYNC,
                    after,
                    () -> sync.answered(zab, after, new QuorumPacket(PacketType.SYNC, 0, null, null)));
        } else {
            questions.ask(
                    link, Questions.Kind.SYNC, after, () -> zab.send(link.id, PacketType.SYNC, after.value(), null));
        }
    }

    @Override
    public void revalidate(long sessionId, int timeoutMillis) {
        Revalidation asked = new Revalidation(sessionId, timeoutMillis);
        revalidate(null, asked, zab.self(), isValid -> zab.desk().revalidated(zab.now(), sessionId, isValid));
    }

    /**
     * A deposed leader must not resume a session that its successor has ended (LESSONS A), so it proves that it leads. From then
     * on requests through the server before come too late; the answer waits for those that came in time. What is held came in
     * time, and is judged by whom the session belonged to.
     */
    private void revalidate(
            @Nullable LearnerLink link, Revalidation asked, ServerId through, Consumer<Boolean> answer) {
        Runnable last = () -> answer.accept(resume(asked, through));
        Runnable take = () -> {
            resume(asked, through);
            questions.askProved(link, Questions.Kind.REVALIDATION, lastProposed, last);
        };
        questions.ask(link, Questions.Kind.REVALIDATION, Zxid.ZERO, () -> inTurn(link, take));
    }

    private boolean resume(Revalidation asked, ServerId through) {
        return sessions.resume(zab.now(), asked.sessionId(), asked.timeoutMillis(), through);
    }

    @Override
    public boolean revalidatesBehindWrites() {
        return true;
    }

    /** What we proposed ourselves is in our log and applied by now, and another leader's epoch is over. */
    @Override
    public boolean mayYetPropose(Upstream before) {
        return false;
    }

    // --- proposing -----------------------------------------------------------------------------------------------

    /**
     * @param origin of the learner that passed it on; null for our own clients
     * @param isLocalHere whether its session was known here and nowhere else when it came; it may be held since
     */
    private void propose(WriteRequest request, @Nullable LearnerLink origin, boolean isLocalHere) {
        inTurn(origin, () -> propose(request, refusal(request, origin, isLocalHere), origin));
    }

    /** What the leader itself decides. */
    private void proposeUnchecked(WriteRequest request) {
        inTurn(null, () -> propose(request, ErrorCode.OK, null));
    }

    // --- another leader ------------------------------------------------------------------------------------------

    /** Has another server lead; whoever wished it is told, at once if it cannot be. */
    void transfer(HandOver.Wish wish) {
        String refusal = isHolding || commitment.successor() != null
                ? "the lead is being passed on already"
                : HandOver.refusal(zab, links, wish);
        if (refusal != null) {
            wish.asker().answered(false, refusal);
        } else {
            handOver = new HandOver(zab, links, this, exit, wish);
        }
    }

    private void preferAnother(Now now) {
        ServerId preferred = preference.due(now);
        if (preferred != null && !isHolding) {
            transfer(new HandOver.Wish(preferred, false, (isDone, text) -> {
                if (!isDone) {
                    preference.pause(zab.now());
                }
            }));
        }
    }

    void advance() {
        if (handOver != null) {
            handOver.advance();
            handOver = handOver.isGivenUp() ? null : handOver;
        }
    }

    boolean isHandingOver() {
        return handOver != null;
    }

    Zxid lastProposed() {
        return lastProposed;
    }

    // --- the next epoch ------------------------------------------------------------------------------------------

    /** Whether the epoch has few transaction ids left. */
    boolean isNearLastId() {
        return lastProposed.counter() >= zab.history().config().rollOverAt();
    }

    /** Whether the next epoch may wait for something: half of the ids that are kept for its beginning are left. */
    boolean hasIdsToWait() {
        ReplicationConfig config = zab.history().config();
        return lastProposed.counter() < config.rollOverAt() + (config.lastCounter() - config.rollOverAt()) / 2;
    }

    /** Proposes nothing until {@link #resume}; requests wait. */
    void hold() {
        isHolding = true;
    }

    private void hold(@Nullable LearnerLink origin, Runnable request) {
        if (held.size() == MAX_HELD) {
            exit.because("more than " + MAX_HELD + " requests wait for the next epoch");
        } else {
            held.addLast(new Held(origin, request));
        }
    }

    /** Goes on; the next transaction comes right after {@code start}. */
    void resume(Zxid start) {
        isHolding = false;
        lastProposed = start;
        while (!held.isEmpty()) {
            held.removeFirst().request.run();
        }
    }

    /** One request, one transaction: a request that fails becomes an error transaction (zab.md 13). */
    private void propose(WriteRequest request, int refusal, @Nullable LearnerLink origin) {
        if (exit.isDue() || commitment.successor() != null) {
            return;
        }
        boolean isAtEnd = lastProposed.counter() >= zab.history().config().lastCounter();
        if (isAtEnd && zab.rules().leavesEpochAtItsEnd()) {
            exit.because("epoch " + lastProposed.epoch() + " has no transaction ids left; a new epoch is needed");
            return;
        }
        Zxid zxid = isAtEnd ? Zxid.of(lastProposed.epoch() + 1, 1) : zab.rules().nextZxid(lastProposed, refusal);
        long wallMillis = zab.now().wallMillis();
        Txn txn = refusal == ErrorCode.OK
                ? preparation.prepare(request, zxid, wallMillis)
                : preparation.refuse(request, zxid, wallMillis, refusal);
        if (txn.body() instanceof CreateSessionTxn created) {
            sessions.track(zab.now(), request.sessionId(), created.timeoutMillis());
            sessions.setOwner(request.sessionId(), serverOf(origin));
        }
        Proposal proposal = Proposal.of(txn);
        lastProposed = zxid;
        commitment.proposed(proposal);
        zab.history().append(proposal);
        QuorumPacket packet = Proposal.packet(proposal.entry());
        for (LearnerLink link : links) {
            if (zab.isToldOfProposals(link)) {
                zab.send(link.id, packet);
                if (!link.owesAck) {
                    owes(link);
                }
            }
        }
    }

    private void owes(LearnerLink link) {
        link.owesAck = true;
        link.owesSinceNanos = zab.now().nanos();
    }

    private ServerId serverOf(@Nullable LearnerLink origin) {
        return origin == null ? zab.self() : origin.sid;
    }

    /** Whether the session may write through {@code origin}: OK, or the error (zab.md 12). */
    private int refusal(WriteRequest request, @Nullable LearnerLink origin, boolean isLocalHere) {
        long id = request.sessionId();
        if (request.opcode() == OpCode.CREATE_SESSION || request.opcode() == OpCode.DELETE_CONTAINER) {
            boolean isOurs = origin == null || request.opcode() == OpCode.CREATE_SESSION;
            return isOurs ? ErrorCode.OK : ErrorCode.UNIMPLEMENTED; // R25
        }
        boolean mayBeLocal = isLocalHere || (origin != null && leaderSessions.mayBeLocalElsewhere(id));
        int refusal = leaderSessions.check(id, request.opcode(), serverOf(origin), mayBeLocal);
        if (refusal == ErrorCode.OK) {
            sessions.touch(zab.now(), id);
        }
        if (refusal == ErrorCode.OK && request.opcode() == OpCode.CLOSE_SESSION) {
            sessions.markClosing(id);
        }
        return refusal;
    }

    private void closeSession(long sessionId) {
        sessions.markClosing(sessionId);
        WriteRequest close = new WriteRequest(sessionId, 0, OpCode.CLOSE_SESSION, Bytes.EMPTY, List.of());
        proposeUnchecked(close);
    }

    // --- committing ----------------------------------------------------------------------------------------------

    private void acknowledged(LearnerLink link, Zxid zxid) {
        if (zxid.counter() == 0 || zxid.isAfter(lastProposed) || link.isObserver) {
            return; // the ACK of UPTODATE, or of nothing we proposed to it (zab.md 10.1, 15)
        }
        // R20: log order and the stream's order make one acknowledgement cover everything before it.
        if (zxid.isAfter(link.ackedThrough)) {
            link.ackedThrough = zxid;
            owes(link);
            link.owesAck = lastProposed.isAfter(zxid);
            commitment.advance();
            beginHandOver();
        }
    }

    private void loggedThrough(Zxid zxid) {
        commitment.loggedThrough(zxid);
        beginHandOver();
    }

    @Override
    public void committing(Proposal proposal) {
        if (proposal.txn().header().type() == OpCode.CLOSE_SESSION) {
            leaderSessions.ended(proposal.txn().header().clientId(), heartbeats.nextRound());
        }
    }

    @Override
    public void committed(Zxid newest) {
        preparation.applied(newest);
        pulse.committed();
        resignIfTreeIsWrong();
        questions.answer();
    }

    private void resignIfTreeIsWrong() {
        String why = zab.history().digestAlarm().leaderApplied(zab.history().tree(), zab.out());
        boolean isAlone = zab.verifier().isQuorum(zab.self()::equals);
        if (why != null && !isAlone) {
            exit.because(why);
        }
    }

    /** What is a quorum may have changed. */
    void reconsider() {
        pulse.renew();
        commitment.advance();
        beginHandOver();
    }

    // --- reconfiguration -----------------------------------------------------------------------------------------

    /** What op 16 is checked against: who is in sync with us is known here. */
    private MembershipChange membershipChange() {
        Configurations configurations = zab.configurations();
        return new MembershipChange(configurations.membership(), configurations.rules(), this::isInSync);
    }

    private boolean isInSync(ServerId sid) {
        return sid.equals(zab.self()) || links.stream().anyMatch(link -> link.isOf(sid) && link.isActive());
    }

    /**
     * Another server leads from now on. The learners close their links when they have read that; closing ours at once could
     * take the word from them (a reset overtakes what was sent).
     */
    private void beginHandOver() {
        if (commitment.successor() != null && handOverNanos == Long.MAX_VALUE) {
            handOverNanos = zab.now().plusMillis(zab.limits().tickMillis());
            handOverIfFollowed();
        }
    }

    private void handOverIfFollowed() {
        ServerId successor = commitment.successor();
        boolean isFollowed = links.stream()
                .noneMatch(link -> link.isActive() && zab.verifier().isVoter(link.sid));
        if (successor != null && (isFollowed || zab.now().isAtOrAfter(handOverNanos))) {
            exit.toward(successor, "server " + successor + " leads in the new configuration");
        }
    }

    // --- time ----------------------------------------------------------------------------------------------------

    /** Every half tick: a heartbeat round, and the news of our own clients' sessions. */
    void ping() {
        touchOwn();
        leaderSessions.answeredByAll(heartbeats.answeredByAll());
        heartbeats.begin();
        questions.answer();
    }

    /** Compat: with sessions that end at ticks, as Apache's, one of our own clients was heard of when it is told. */
    private void touchOwn() {
        for (HeardOf heard : zab.desk().heardOf()) {
            Now at = zab.limits().hasExactSessions() ? heard.at() : zab.now();
            sessions.touch(at, heard.sessionId(), heard.timeoutMillis());
        }
    }

    void timePassed(Now now) {
        if (handOver != null && handOver.isTold()) {
            return;
        }
        if (commitment.successor() != null) {
            handOverIfFollowed();
            return;
        }
        pulse.timePassed(now);
        preferAnother(now);
        if (now.isAtOrAfter(nextQuorumCheckNanos)) {
            nextQuorumCheckNanos = now.plusMillis(zab.limits().tickMillis());
            if (!zab.verifier().isQuorum(this::isConnected) && !zab.verifier().isUndecided()) {
                exit.because("fewer than a quorum of servers are connected");
                return;
            }
        }
        if (!isHolding) {
            // A session ends by its transaction: while none is proposed, it would be refused before it has ended.
            if (zab.limits().hasExactSessions() && now.isAtOrAfter(sessions.deadlineNanos())) {
                touchOwn();
            }
            leaderSessions.expired(now).forEach(this::closeSession);
        }
        removals.timePassed(now);
    }

    long deadlineNanos() {
        if (handOver != null) {
            long own = handOver.deadlineNanos();
            return handOver.isTold() ? own : Math.min(own, servingDeadlineNanos());
        }
        return servingDeadlineNanos();
    }

    private long servingDeadlineNanos() {
        if (commitment.successor() != null) {
            return handOverNanos;
        }
        long expiry = isHolding ? Long.MAX_VALUE : sessions.deadlineNanos();
        long ownNanos = Math.min(nextQuorumCheckNanos, removals.deadlineNanos());
        return Math.min(Math.min(ownNanos, Math.min(pulse.deadlineNanos(), preference.deadlineNanos())), expiry);
    }

    private boolean isConnected(ServerId sid) {
        if (sid.equals(zab.self())) {
            return true;
        }
        for (LearnerLink link : links) {
            if (link.isOf(sid)) {
                return true;
            }
        }
        return false;
    }
}
