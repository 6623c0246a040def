package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.Network;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.AckEpoch;
import io.matriarch.wire.quorum.Capabilities;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.txn.Txn;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member that only listens: it joins the leader as an observer with an id that no member has, holds its tree in memory, and leaves by
 * closing the connection. It takes part in no election, promises no epoch (it reports none), acknowledges no transaction, and so counts
 * for nothing (zab.md 4, 7.2, 15).
 */
final class MemoryObserver implements Closeable {
    private static final long MAX_BACKLOG_BYTES = 64L << 20;
    private static final int ACTIVATION_PREFIX_BYTES = 8;

    private final QuorumSocket socket;
    private final Backlog backlog = new Backlog(MAX_BACKLOG_BYTES);
    private final Address leader;
    private final long leaderSid;
    private final long epoch;
    private final Progress progress;
    private final int timeoutMillis;
    private String method = "";
    private Shadow shadow = new Shadow(new DataTree());

    private MemoryObserver(
            QuorumSocket socket, Address leader, long leaderSid, long epoch, Progress progress, int timeoutMillis) {
        this.socket = socket;
        this.leader = leader;
        this.leaderSid = leaderSid;
        this.epoch = epoch;
        this.progress = progress;
        this.timeoutMillis = timeoutMillis;
    }

    /**
     * Finds the leader and takes over its tree. Only a leader listens on its quorum port, so that the one who answers is it.
     *
     * @throws CannotVerifyException if nobody answers, or not as a leader does
     */
    static MemoryObserver join(Membership members, long ownId, Network network, Progress progress)
            throws CannotVerifyException, InterruptedException {
        List<String> refusals = new ArrayList<>();
        for (Map.Entry<Long, List<Address>> member : members.quorumAddresses().entrySet()) {
            for (Address address : member.getValue()) {
                QuorumSocket socket = null;
                try {
                    socket = new QuorumSocket(network.connect(address));
                    long epoch = introduce(socket, ownId);
                    MemoryObserver observer = new MemoryObserver(
                            socket, address, member.getKey(), epoch, progress, network.timeoutMillis());
                    observer.synchronize();
                    observer.startListening();
                    return observer;
                } catch (IOException | MalformedException e) {
                    refusals.add("server " + member.getKey() + " at " + address + ": " + reason(e, socket != null));
                    closeQuietly(socket);
                }
            }
        }
        throw new CannotVerifyException(
                "no leader found. Either no quorum of servers runs, or quorum ports cannot be reached"
                        + " from here:\n  " + String.join("\n  ", refusals));
    }

    private static String reason(Exception e, boolean wasConnected) {
        if (wasConnected && (e instanceof EOFException || e.getMessage() == null)) {
            return "closed the connection. It does not lead any more, or wants TLS or SASL on this port, which verify does not"
                    + " speak, or is busy sending snapshots to others";
        }
        if (wasConnected && e instanceof SocketTimeoutException) {
            return "accepted the connection but said nothing; it may wait for a quorum, or want TLS";
        }
        return String.valueOf(e.getMessage());
    }

    /** OBSERVERINFO, LEADERINFO, ACKEPOCH; returns the leader's epoch. */
    private static long introduce(QuorumSocket socket, long ownId) throws IOException {
        LearnerInfo us = new LearnerInfo(new ServerId(ownId), LearnerInfo.PROTOCOL_VERSION, 0, Capabilities.NONE);
        socket.send(QuorumPacket.of(PacketType.OBSERVERINFO, 0, us.encode()));
        QuorumPacket answer = socket.read();
        if (answer.type() != PacketType.LEADERINFO) {
            throw new MalformedException("it answered " + PacketType.name(answer.type()) + ", not LEADERINFO");
        }
        // zxid -1: nothing is known here, so that the whole tree is sent (zab.md 19, scenario 8).
        socket.send(
                QuorumPacket.of(PacketType.ACKEPOCH, Zxid.NONE.value(), new AckEpoch(AckEpoch.DO_NOT_COUNT).encode()));
        return new Zxid(answer.zxid()).epoch();
    }

    // --- synchronization (zab.md 8) ----------------------------------------------------------------------------------

    private void synchronize() throws IOException {
        Map<Long, Backlog.Entry> proposed = new LinkedHashMap<>();
        while (true) {
            QuorumPacket packet = socket.read();
            switch (packet.type()) {
                case PacketType.SNAP -> takeSnapshot(new Zxid(packet.zxid()));
                case PacketType.DIFF -> method = "all transactions";
                case PacketType.TRUNC -> throw new MalformedException("it told an empty observer to cut its log");
                case PacketType.PROPOSAL -> proposed.put(packet.zxid(), entry(packet));
                case PacketType.COMMIT, PacketType.COMMITANDACTIVATE -> {
                    Backlog.Entry entry = proposed.remove(packet.zxid());
                    if (entry != null) {
                        shadow.apply(entry);
                    }
                }
                case PacketType.INFORM, PacketType.INFORMANDACTIVATE -> shadow.apply(entry(packet));
                case PacketType.NEWLEADER -> {
                    shadow.becomeExact();
                    acknowledgeNewLeader();
                }
                case PacketType.UPTODATE -> {
                    acknowledgeNewLeader();
                    shadow.tree().advanceTo(Zxid.of(epoch, 0));
                    return;
                }
                default -> {} // Compat: anything else is ignored here (zab.md 3), PING above all
            }
        }
    }

    private void takeSnapshot(Zxid label) throws IOException {
        long[] nodes = new long[1];
        DataTree tree = socket.readSnapshot(label, soFar -> {
            nodes[0] = soFar;
            progress.show(() -> "received %,d znodes".formatted(soFar));
        });
        shadow = new Shadow(tree);
        method = "a snapshot at " + label;
    }

    private void acknowledgeNewLeader() throws IOException {
        socket.send(QuorumPacket.of(PacketType.ACK, Zxid.of(epoch, 0).value()));
    }

    private static Backlog.Entry entry(QuorumPacket packet) {
        Bytes data = packet.data();
        if (data == null) {
            throw new MalformedException(PacketType.name(packet.type()) + " without a transaction");
        }
        boolean isActivation = packet.type() == PacketType.INFORMANDACTIVATE;
        Bytes txn = isActivation ? data.slice(ACTIVATION_PREFIX_BYTES, data.length()) : data;
        return new Backlog.Entry(new Zxid(packet.zxid()), Txn.decode(txn), txn.length());
    }

    // --- broadcast ---------------------------------------------------------------------------------------------------

    private void startListening() {
        Thread thread = new Thread(this::listen, "observer");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        try {
            boolean isWanted = true;
            while (isWanted) {
                QuorumPacket packet = socket.read();
                if (packet.type() == PacketType.PING) {
                    socket.send(QuorumPacket.of(PacketType.PING, packet.zxid(), Bytes.EMPTY));
                } else if (packet.type() == PacketType.INFORM || packet.type() == PacketType.INFORMANDACTIVATE) {
                    isWanted = backlog.put(entry(packet));
                }
            }
        } catch (IOException | MalformedException e) {
            backlog.end("lost the leader " + leader + " (" + e + "): try again when the ensemble is calm");
        } catch (InterruptedException e) {
            backlog.end("interrupted");
        }
    }

    /** Applies what comes until {@code zxid} is in. */
    void advanceTo(Zxid zxid) throws CannotVerifyException, InterruptedException {
        long deadlineNanos = deadlineNanos();
        while (zxid.isAfter(shadow.tree().lastApplied())) {
            if (!applyNext(deadlineNanos)) {
                throw new CannotVerifyException("the leader " + leader + " did not tell of " + zxid + " within "
                        + timeoutMillis + " ms, though a server has it; the last was "
                        + shadow.tree().lastApplied());
            }
        }
    }

    /** Applies the next transaction; false if none came until then. */
    boolean applyNext(long deadlineNanos) throws CannotVerifyException, InterruptedException {
        Backlog.Entry entry = backlog.take(deadlineNanos);
        if (entry == null) {
            return false;
        }
        try {
            shadow.apply(entry);
        } catch (MalformedException e) {
            throw new CannotVerifyException("transaction " + entry.zxid() + " cannot be applied: " + e.getMessage());
        }
        return true;
    }

    long deadlineNanos() {
        return System.nanoTime() + timeoutMillis * 1_000_000L;
    }

    Shadow shadow() {
        return shadow;
    }

    Address leader() {
        return leader;
    }

    long leaderSid() {
        return leaderSid;
    }

    long epoch() {
        return epoch;
    }

    /** How the tree came: by a snapshot, or by all transactions since the beginning. */
    String method() {
        return method;
    }

    @Override
    public void close() {
        backlog.leave();
        closeQuietly(socket);
    }

    private static void closeQuietly(@Nullable QuorumSocket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
