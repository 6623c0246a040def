package io.matriarch.sim.apache;

import static java.util.Objects.requireNonNull;

import io.matriarch.core.port.LogEntry;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import io.matriarch.wire.quorum.RevalidationAnswer;
import io.matriarch.wire.quorum.SessionTouch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A learner of Apache's from UPTODATE on (zab.md 10.2, 15). */
final class LearnerBroadcast {
    private static final long MILLI = 1_000_000;

    private final ApacheLearner learner;
    private final ApacheServer server;
    private final ApacheSurroundings around;
    private final ApacheLink link;
    private final Activation activation;
    private final PassedOn passedOn;
    /** Handed to the log thread and not yet committed. */
    private final ArrayDeque<LogEntry> pending;

    private @Nullable ApacheObserverMaster observers;

    /** @param pending what is with the log thread, and not committed */
    LearnerBroadcast(
            ApacheLearner learner,
            ApacheServer server,
            ApacheLink link,
            Activation activation,
            ArrayDeque<LogEntry> pending) {
        this.learner = learner;
        this.server = server;
        this.around = server.around();
        this.link = link;
        this.activation = activation;
        this.pending = pending;
        this.passedOn = new PassedOn(server.setup(), around.now().nanos());
    }

    /** What came before UPTODATE and waited for it: {@code proposed}, and of that and what is pending what is {@code committed}. */
    void begin(Collection<LogEntry> proposed, List<Long> committed) {
        proposed.forEach(this::log);
        committed.forEach(zxid -> commitHead(zxid, null));
        if (server.setup().hasObserverPort() && !server.isObserver()) {
            observers = new ApacheObserverMaster(server, learner.epoch(), link::send);
        }
        if (learner.isLedByOurs() && server.setup().hasClient()) {
            passOn();
        }
    }

    /** Whether it serves observers. */
    boolean isListening() {
        return observers != null;
    }

    StreamEnd accept(Stream stream) {
        return requireNonNull(observers).accept(stream);
    }

    void stop(String why) {
        if (observers != null) {
            observers.stop(why);
        }
    }

    /** What this server's clients write and sync, a burst at a time. */
    private void passOn() {
        if (!learner.isOver() && passedOn.hasMore()) {
            for (QuorumPacket request : passedOn.burst()) {
                if (observers != null && PassedOn.isSync(request)) {
                    observers.ownSync();
                }
                link.send(request);
            }
            around.after(PassedOn.PAUSE_MILLIS * MILLI, this::passOn);
        }
    }

    // --- broadcast (zab.md 10.2, 15) ---------------------------------------------------------------------------------

    void packet(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.PING -> {
                List<SessionTouch> touches = new ArrayList<>(passedOn.touches());
                if (observers != null) {
                    touches.addAll(observers.touches());
                }
                link.send(PacketType.PING, packet.zxid(), SessionTouch.encodeAll(touches));
            }
            case PacketType.PROPOSAL -> {
                if (!server.isObserver()) {
                    activation.proposed(ApacheLearner.entryIn(packet));
                    log(ApacheLearner.entryIn(packet));
                }
            }
            case PacketType.COMMIT -> {
                if (!server.isObserver()) {
                    if (activation.isNews(pending.peekFirst())) {
                        learner.harmed("is told to commit configuration " + new Zxid(packet.zxid())
                                + ", and not to activate it");
                        return;
                    }
                    commitHead(packet.zxid(), null);
                }
            }
            case PacketType.COMMITANDACTIVATE -> {
                LogEntry head = pending.peekFirst();
                if (head == null || head.zxid().value() != packet.zxid()) {
                    learner.harmed(
                            "is told to activate configuration " + new Zxid(packet.zxid()) + ", which is not next");
                    return;
                }
                activate(packet, head);
            }
            case PacketType.INFORM -> {
                log(ApacheLearner.entryIn(packet));
                commitHead(packet.zxid(), null);
            }
            case PacketType.INFORMANDACTIVATE -> {
                LogEntry entry = Activation.entryIn(packet);
                log(entry);
                activate(packet, entry);
            }
            case PacketType.SYNC -> {
                boolean isObservers = observers != null && observers.synced();
                if (!isObservers && !passedOn.synced()) {
                    learner.misled("is sent SYNC before the commits of what its client wrote earlier");
                }
            }
            case PacketType.REVALIDATE -> {
                if (observers != null) {
                    observers.revalidated(packet);
                }
                complain(passedOn.revalidated(RevalidationAnswer.decode(packet.data())));
            }
            default -> {}
        }
    }

    private void activate(QuorumPacket packet, LogEntry entry) {
        boolean isOver = activation.activated(packet, entry);
        commitHead(packet.zxid(), Activation.designatedIn(packet));
        if (isOver) {
            learner.leave("configuration " + entry.zxid() + " gives it another role or leader");
        }
    }

    private void log(LogEntry entry) {
        if (!entry.zxid().isAfter(server.last())) {
            return;
        }
        pending.addLast(entry);
        server.logged(entry.zxid());
        long zxid = entry.zxid().value();
        server.log().append(entry, () -> {
            if (!server.isObserver()) {
                learner.ack(zxid);
            }
        });
    }

    private void complain(@Nullable String what) {
        if (what != null) {
            learner.misled(what);
        }
    }

    private void commitHead(long zxid, @Nullable Integer designated) {
        LogEntry head = pending.peekFirst();
        if (head == null) {
            return; // a warning, no more
        }
        if (head.zxid().value() == zxid) {
            server.apply(pending.removeFirst());
            if (observers != null) {
                observers.committed(head, designated);
            }
            complain(passedOn.committed(head));
        } else if (zxid > server.tree().lastApplied().value()) {
            learner.exit("exits with 12: COMMIT " + new Zxid(zxid) + " while " + head.zxid() + " is next");
        }
    }
}
