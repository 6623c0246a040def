package io.matriarch.sim.apache;

import io.matriarch.core.port.LogEntry;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.ReconfigRules;
import io.matriarch.core.request.MembershipChange;
import io.matriarch.core.request.RequestRules;
import io.matriarch.core.request.TxnLimit;
import io.matriarch.core.request.TxnPreparation;
import io.matriarch.core.request.WriteRequest;
import io.matriarch.core.request.ZnodeConfig;
import io.matriarch.sim.check.Quorums;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.quorum.ForwardedRequest;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.Revalidation;
import io.matriarch.wire.quorum.RevalidationAnswer;
import io.matriarch.wire.quorum.SessionTouch;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Apache's leader once it serves (zab.md 10.1, 12, 13). */
final class ApacheBroadcast {

    /** Proposed and not committed. */
    private static final class Outstanding {
        final LogEntry entry;
        final Txn txn;
        /** Of every configuration that was active when it was proposed; those stay, whatever is agreed later. */
        final List<Quorums> rules;

        final Set<Integer> acks = new TreeSet<>();
        /** Whose acknowledgement was taken for that of NEWLEADER. */
        final Set<Integer> mistaken = new TreeSet<>();

        Outstanding(LogEntry entry, Txn txn, List<Quorums> rules) {
            this.entry = entry;
            this.txn = txn;
            this.rules = rules;
        }

        boolean isOnQuorums() {
            return rules.stream().allMatch(quorums -> quorums.isQuorum(acks::contains));
        }

        boolean wouldBeOnQuorums() {
            return rules.stream()
                    .allMatch(quorums -> quorums.isQuorum(sid -> acks.contains(sid) || mistaken.contains(sid)));
        }
    }

    /** A sync that waits for {@code after}, and for a ping sent later to have been answered by a quorum. */
    private record Sync(LearnerHandler handler, Zxid after, Map<Integer, Long> pings) {}

    private final ApacheServer server;
    private final ApacheSurroundings around;
    private final ApacheLeader leader;
    private final List<LearnerHandler> handlers;
    private final ArrayDeque<Outstanding> outstanding = new ArrayDeque<>();
    private final ArrayDeque<Sync> syncs = new ArrayDeque<>();
    private final TxnPreparation preparation;
    private final ApacheSessions sessions;

    private Zxid lastProposed;
    private Zxid lastCommitted;
    private boolean isTick;
    /** Until a configuration gives the lead to another. */
    private boolean mayCommit;

    ApacheBroadcast(
            ApacheServer server, ApacheLeader leader, List<LearnerHandler> handlers, long epoch, boolean mayCommit) {
        this.mayCommit = mayCommit;
        this.server = server;
        this.around = server.around();
        this.leader = leader;
        this.handlers = handlers;
        this.lastProposed = Zxid.of(epoch, 0);
        this.lastCommitted = lastProposed;
        this.sessions = new ApacheSessions(server.setup(), server.tree(), around.now());
        this.preparation = preparation();
    }

    private TxnPreparation preparation() {
        ApacheMembership membership = server.membership();
        ReconfigRules rules = new ReconfigRules(membership.mayChange(), false, 2);
        return new TxnPreparation(
                server.tree(),
                true,
                sessionId -> !sessions.isGlobal(sessionId),
                new MembershipChange(membership.known(), rules, this::isInSync),
                new TxnLimit(Integer.MAX_VALUE, (request, sizeBytes) -> {}),
                RequestRules.CORRECT,
                ZnodeConfig.DEFAULT);
    }

    private boolean isInSync(ServerId sid) {
        return sid.value() == server.sid()
                || handlers.stream()
                        .anyMatch(handler -> handler.sid == sid.value()
                                && !handler.isObserver
                                && handler.state == LearnerHandler.State.ACTIVE);
    }

    Zxid lastCommitted() {
        return lastCommitted;
    }

    /** This learner's first acknowledgement was taken for that of NEWLEADER (D5). */
    void mistook(LearnerHandler handler, long zxid) {
        outstanding.stream()
                .filter(proposal -> proposal.entry.zxid().value() == zxid && !handler.isObserver)
                .forEach(proposal -> proposal.mistaken.add(handler.sid));
    }

    /** Whether nothing is committed any more because of that. */
    boolean isStuck() {
        Outstanding head = outstanding.peekFirst();
        return mayCommit && head != null && !head.isOnQuorums() && head.wouldBeOnQuorums();
    }

    void gone(LearnerHandler handler) {
        syncs.removeIf(sync -> sync.handler == handler);
    }

    /**
     * A learner comes back over {@code current}: what it acknowledged before may be cut now, and is acknowledged anew; so is
     * what it acknowledged on an older connection and has not arrived yet. Ours cuts nothing of that: it counts, as it does at
     * a real leader.
     */
    void forgetAcks(LearnerHandler current) {
        if (around.isOurs(current.sid)) {
            return;
        }
        outstanding.forEach(proposal -> proposal.acks.remove(current.sid));
        handlers.stream()
                .filter(older -> older != current && older.sid == current.sid)
                .forEach(older -> older.isSuperseded = true);
    }

    /** Proposals without a COMMIT that {@code handler} lacks; an observer waits for INFORM. */
    void catchUp(LearnerHandler handler, Zxid sent) {
        for (Outstanding proposal : outstanding) {
            if (!handler.isObserver && proposal.entry.zxid().isAfter(sent)) {
                propose(handler, proposal.entry);
            }
        }
    }

    private void propose(LearnerHandler handler, LogEntry entry) {
        handler.send(PacketType.PROPOSAL, entry.zxid().value(), entry.payload());
        handler.unackedSinceNanos.addLast(around.now().nanos());
    }

    // --- from learners -----------------------------------------------------------------------------------------------

    void received(LearnerHandler handler, QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.ACK -> acked(handler, packet.zxid());
            case PacketType.PING -> {
                handler.pingsAnswered++;
                for (SessionTouch touch : SessionTouch.decodeAll(packet.data())) {
                    sessions.touch(around.now(), touch.sessionId(), touch.timeoutMillis());
                }
                answerSyncs();
            }
            case PacketType.REVALIDATE -> {
                Revalidation asked = Revalidation.decode(packet.data());
                boolean isAlive = sessions.revalidate(
                        around.now(), asked.sessionId(), asked.timeoutMillis(), new ServerId(handler.sid));
                handler.send(
                        PacketType.REVALIDATE,
                        packet.zxid(),
                        new RevalidationAnswer(asked.sessionId(), isAlive).encode());
            }
            case PacketType.REQUEST -> request(handler, packet);
            default -> {}
        }
    }

    private void acked(LearnerHandler handler, long zxid) {
        if (new Zxid(zxid).counter() != 0) {
            handler.unackedSinceNanos.pollFirst();
        }
        if (!handler.isObserver && !handler.isSuperseded) {
            acked(handler.sid, zxid);
        }
    }

    private void acked(int sid, long zxid) {
        for (Outstanding proposal : outstanding) {
            if (proposal.entry.zxid().value() == zxid) {
                proposal.acks.add(sid);
            }
        }
        while (mayCommit && !outstanding.isEmpty() && outstanding.peekFirst().isOnQuorums()) {
            Outstanding head = outstanding.removeFirst();
            Configuration next = server.membership().mayChange() ? ApacheMembership.in(head.txn) : null;
            if (next == null) {
                commit(head);
            } else {
                activate(head, next);
            }
        }
        answerSyncs();
    }

    /** COMMITANDACTIVATE and INFORMANDACTIVATE: with the configuration goes the name of who leads in it (zab.md 14). */
    private void activate(Outstanding proposal, Configuration next) {
        Zxid zxid = proposal.entry.zxid();
        List<Set<Integer>> behind = new ArrayList<>();
        outstanding.forEach(later -> behind.add(later.acks));
        int designated = server.membership().designated(next, proposal.acks, behind);
        server.membership().commit(next, designated, zxid);
        mayCommit = designated == server.sid();
        for (LearnerHandler handler : List.copyOf(handlers)) {
            if (handler.isForwarding && handler.isObserver) {
                Bytes data = Activation.data(designated, proposal.entry.payload());
                handler.send(PacketType.INFORMANDACTIVATE, zxid.value(), data);
            } else if (handler.isForwarding) {
                handler.send(PacketType.COMMITANDACTIVATE, zxid.value(), Activation.data(designated, null));
            }
        }
        committed(proposal);
    }

    private void commit(Outstanding proposal) {
        LogEntry entry = proposal.entry;
        long zxid = entry.zxid().value();
        for (LearnerHandler handler : List.copyOf(handlers)) {
            if (handler.isForwarding && handler.isObserver) {
                handler.send(PacketType.INFORM, zxid, entry.payload());
            } else if (handler.isForwarding) {
                handler.send(PacketType.COMMIT, zxid, null);
            }
        }
        committed(proposal);
    }

    private void committed(Outstanding proposal) {
        LogEntry entry = proposal.entry;
        server.apply(entry);
        lastCommitted = entry.zxid();
        preparation.applied(entry.zxid());
        if (proposal.txn.header().type() == OpCode.CLOSE_SESSION) {
            sessions.ended(proposal.txn.header().clientId());
        }
    }

    // --- requests ----------------------------------------------------------------------------------------------------

    private void request(LearnerHandler handler, QuorumPacket packet) {
        ForwardedRequest asked = ForwardedRequest.decode(packet.data());
        if (asked.opcode() == OpCode.SYNC) {
            Map<Integer, Long> pings = new TreeMap<>();
            handlers.forEach(each -> pings.put((int) each.link.id().value(), each.pingsSent));
            syncs.addLast(new Sync(handler, lastProposed, pings));
            return;
        }
        WriteRequest write = new WriteRequest(
                asked.sessionId(),
                asked.cxid(),
                asked.opcode(),
                asked.body(),
                packet.auth() == null ? List.of() : packet.auth());
        ServerId through = new ServerId(handler.sid);
        propose(write, sessions.refusal(around.now(), write, through), through);
    }

    private void propose(WriteRequest request, int refusal, ServerId origin) {
        Zxid zxid = lastProposed.next();
        long wallMillis = around.now().wallMillis();
        Txn txn = refusal == ErrorCode.OK
                ? preparation.prepare(request, zxid, wallMillis)
                : preparation.refuse(request, zxid, wallMillis, refusal);
        if (txn.body() instanceof CreateSessionTxn created) {
            sessions.created(around.now(), request.sessionId(), created.timeoutMillis(), origin);
        }
        LogEntry entry = new LogEntry(zxid, txn.encode());
        lastProposed = zxid;
        server.logged(zxid);
        Configuration next = server.membership().mayChange() ? ApacheMembership.in(txn) : null;
        if (next != null) {
            server.membership().see(next);
        }
        outstanding.addLast(new Outstanding(entry, txn, server.membership().active()));
        for (LearnerHandler handler : List.copyOf(handlers)) {
            if (handler.isForwarding && !handler.isObserver) {
                propose(handler, entry);
            }
        }
        server.log().append(entry, () -> {
            if (leader.isServing()) {
                acked(server.sid(), zxid.value());
            }
        });
    }

    private void answerSyncs() {
        while (!syncs.isEmpty()) {
            Sync head = syncs.peekFirst();
            boolean isBehind = head.after.counter() > 0 && head.after.isAfter(lastCommitted);
            if (isBehind || !isProven(head)) {
                return;
            }
            syncs.removeFirst().handler.send(PacketType.SYNC, 0, null);
        }
    }

    private boolean isProven(Sync sync) {
        Set<Integer> heard = new TreeSet<>(Set.of(server.sid()));
        for (LearnerHandler handler : handlers) {
            Long before = sync.pings.get((int) handler.link.id().value());
            if (!handler.isObserver && before != null && handler.pingsAnswered > before) {
                heard.add(handler.sid);
            }
        }
        return server.membership().isQuorum(heard::contains);
    }

    // --- time --------------------------------------------------------------------------------------------------------

    void halfTick() {
        isTick = !isTick;
        if (isTick) {
            Set<Integer> heard = new TreeSet<>(Set.of(server.sid()));
            long limitNanos = server.setup().syncNanos();
            for (LearnerHandler handler : handlers) {
                boolean isSynced = handler.state == LearnerHandler.State.ACTIVE;
                if (!handler.isObserver && (!isSynced || around.now().nanos() - handler.heardNanos <= limitNanos)) {
                    heard.add(handler.sid);
                }
            }
            if (!server.membership().isQuorum(heard::contains)) {
                leader.giveUp("fewer than a quorum follow");
                return;
            }
        }
        for (LearnerHandler handler : List.copyOf(handlers)) {
            if (handler.isPinged()) {
                handler.pingsSent++;
                handler.send(PacketType.PING, lastProposed.value(), null);
            }
        }
        for (long expired : sessions.expired(around.now())) {
            propose(
                    new WriteRequest(expired, 0, OpCode.CLOSE_SESSION, Bytes.EMPTY, List.of()),
                    ErrorCode.OK,
                    new ServerId(server.sid()));
        }
        answerSyncs();
    }
}
