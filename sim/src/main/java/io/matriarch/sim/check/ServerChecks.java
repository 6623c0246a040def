package io.matriarch.sim.check;

import static io.matriarch.sim.check.InvariantViolation.require;

import io.matriarch.core.peer.PeerStatus;
import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Recovered;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.PeerState;
import io.matriarch.wire.quorum.LearnerInfo;
import io.matriarch.wire.quorum.PacketType;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Everything that is checked at one server, over all its lives. */
public final class ServerChecks {
    private static final int TOUCH_BYTES = 12;
    /** F7 acts on evidence at once; this is for what is under way. */
    private static final int HOPELESS_MILLIS = 50;

    private final int sid;
    private final Electorate quorums;
    private final ServerLog log;
    private final EpochFiles epochs;
    private final WireChecks wire;
    private final VoteChecks votes;
    private final ExpiryChecks expiry;
    private final LocalSessionChecks local;
    private final ReadOnlyChecks readOnly;
    private final Reigns reigns;
    private final DeliveredHistory history;
    private final DatabaseChecks database;
    private final ApproachChecks approach;
    private final StayChecks stay;

    private boolean isDiskNew;
    /** Whether its log may end before what it serves: an observer that keeps transactions in memory. */
    private boolean mayDiskLag;
    /** The epoch that the server has told to be its own since it serves; the durable one runs ahead in a roll-over. */
    private long servedEpoch;

    private boolean isServing;
    /** Since the last step that ended without serving. */
    private boolean mayHaveAnswered;

    private boolean isLeading;
    private boolean isClientSpeaking;
    /** It was elected, and has no epoch yet; since when this is known to be in vain, {@code Long.MIN_VALUE} if not. */
    private boolean isInDiscovery;

    private long hopelessSinceNanos = Long.MIN_VALUE;
    private long verified;

    ServerChecks(
            int sid,
            Electorate quorums,
            ServerLog log,
            EpochFiles epochs,
            WireChecks wire,
            VoteChecks votes,
            ExpiryChecks expiry,
            LocalSessionChecks local,
            ReadOnlyChecks readOnly,
            Reigns reigns,
            DeliveredHistory history) {
        this.sid = sid;
        this.quorums = quorums;
        this.log = log;
        this.epochs = epochs;
        this.wire = wire;
        this.votes = votes;
        this.expiry = expiry;
        this.local = local;
        this.readOnly = readOnly;
        this.reigns = reigns;
        this.history = history;
        this.database = new DatabaseChecks(sid, history);
        this.approach = new ApproachChecks(sid);
        this.stay = new StayChecks(sid, quorums);
    }

    // --- life --------------------------------------------------------------------------------------------------------

    /** A process is about to start. */
    public void restarted() {
        wire.restarted();
        votes.restarted();
        local.restarted();
        readOnly.restarted();
        database.restarted();
        approach.ended();
        stay.ended();
        leftLeader();
        reigns.ended(sid);
        isServing = false;
        isLeading = false;
        mayHaveAnswered = false;
    }

    /** It is an observer that does not log what it is told, once it is up to date. */
    public void keepsInMemory() {
        mayDiskLag = true;
        wire.keepsInMemory();
    }

    /** The disk was replaced by an empty one, while no process ran. */
    public void diskLost() {
        log.diskLost();
        epochs.diskLost();
        isDiskNew = true;
    }

    /** Whether the disk is new and no leader has filled it yet. */
    public boolean isDiskNew() {
        return isDiskNew;
    }

    /** Recovery found this, at a start or later. */
    public void recovered(ServerLog.Found found, Recovered recovered) {
        log.recovered(found);
        epochs.check(log);
        isServing = false;
        require(
                recovered.isTrusted() || isDiskNew,
                Invariant.RECOVERY,
                () -> "server " + sid + " does not trust its own disk after a crash");
        requireDigests(recovered.tree());
        require(
                (isDiskNew || recovered.lastLogged().value() == log.lastForced())
                        && recovered.acceptedEpoch() >= epochs.accepted()
                        && recovered.currentEpoch() >= epochs.current(),
                Invariant.RECOVERY,
                () -> "server " + sid + " recovers up to " + recovered.lastLogged() + " with epochs "
                        + recovered.acceptedEpoch() + " and " + recovered.currentEpoch() + "; the disk says "
                        + Zxids.show(log.lastForced()) + ", " + epochs.accepted() + ", " + epochs.current());
    }

    /** A server that is not ours says this in an election. */
    public void candidacy(Notification vote) {
        votes.candidacy(vote);
    }

    /** A server that is not ours answers somebody who does not vote. */
    public void toldStranger(Notification vote) {
        votes.toldStranger(vote);
    }

    private void leftLeader() {
        reigns.left(servedEpoch);
        reigns.left(epochs.current());
        reigns.left(epochs.accepted());
    }

    /** The server leads, and its history is what a quorum left it: who comes with a newer one now is cut. */
    public void historyFinal() {
        wire.historyFinal();
    }

    /** Whatever the server was, it looks for a leader again. */
    public void roleEnded() {
        votes.stayEnded();
        wire.looksAgain();
        isServing = false;
        isLeading = false;
    }

    /** A process starts with these configurations. */
    public void knows(Configuration committed, Configuration lastSeen) {
        quorums.recovers(committed, lastSeen);
        log.configurationStored(Math.max(committed.version(), lastSeen.version()));
    }

    // --- storage -----------------------------------------------------------------------------------------------------

    public void begun(Effect.StorageEffect effect) {
        log.begun(effect);
    }

    public void done(Effect.StorageEffect effect) {
        log.done(effect);
        if (effect instanceof Effect.InstallSnapshot) {
            isDiskNew = false;
        }
        if (!(effect instanceof Effect.Append)) {
            epochs.check(log);
        }
        if (effect instanceof Effect.StoreConfiguration store) {
            log.configurationStored(store.lastSeen().version());
        }
        if (effect instanceof Effect.StoreCurrentEpoch store) {
            wire.currentEpochStored(store.epoch());
        }
    }

    /** Who leads this epoch, as all servers together know; null if nobody claimed it before a voter. */
    public @Nullable Integer leaderOf(long epoch) {
        return wire.leaderOf(epoch);
    }

    /** A server that is not ours has a configuration on disk, beside its log, which is not forced with it. */
    public void storedAside(Configuration lastSeen) {
        log.configurationStored(lastSeen.version());
    }

    public void forced() {
        log.forced();
        epochs.check(log);
    }

    // --- events and effects ------------------------------------------------------------------------------------------

    /** Right before a step. */
    public void aboutTo(Event event, long localNanos) {
        isClientSpeaking = event instanceof Event.ClientFrame;
        approach.aboutTo(event);
        if (event instanceof Event.NotificationReceived heard) {
            votes.heard((int) heard.from().value(), heard.notification());
        } else if (event instanceof Event.PacketReceived received) {
            packetReceived(received, localNanos);
        } else if (event instanceof Event.LinkDown down) {
            wire.linkEnded(down.link());
        } else if (event instanceof Event.ClientFrame frame) {
            local.heard(frame.link(), localNanos);
        }
    }

    private void packetReceived(Event.PacketReceived received, long localNanos) {
        QuorumPacket packet = received.packet();
        wire.received(received.link(), packet);
        if (packet.type() == PacketType.FOLLOWERINFO) {
            votes.joined((int) LearnerInfo.decode(packet.data()).sid().value());
        }
        if (isServing && packet.type() == PacketType.UPTODATE) {
            // The next epoch, without an election in between.
            servedEpoch = epochs.current();
        }
        Bytes data = packet.data();
        if (isLeading && packet.type() == PacketType.PING && data != null && expiry.isHeard(received.link())) {
            for (int at = 0; at + TOUCH_BYTES <= data.length(); at += TOUCH_BYTES) {
                expiry.touched(new JuteReader(data.slice(at, at + TOUCH_BYTES)).readLong(), localNanos);
            }
        }
    }

    /** One effect of a step, in order, before it is performed. */
    public void emitted(Effect effect, long localNanos) {
        database.emitted(effect);
        if (effect instanceof Effect.StorageEffect storage) {
            log.ordered(storage);
            if (storage instanceof Effect.StoreConfiguration store) {
                quorums.knows(sid, store.committed(), store.lastSeen());
                history.agreed(store.committed(), log);
            }
            readOnly.emitted(storage);
            if (isLeading && storage instanceof Effect.Append append) {
                log.proposed(append.entry());
                expiry.proposed(append.entry(), localNanos);
            }
        } else if (effect instanceof Effect.SendPacket send) {
            wire.sent(send.link(), send.packet());
        } else if (effect instanceof Effect.SendConnectResponse send
                && send.response().timeoutMillis() > 0) {
            welcomed(send.response().sessionId());
            ConnectResponse response = send.response();
            local.welcomed(
                    send.link(), response.sessionId(), response.timeoutMillis(), response.readOnly(), localNanos);
        } else if (effect instanceof Effect.SendReply && isClientSpeaking && isLeading) {
            reigns.answered(sid);
        } else if (effect instanceof Effect.SendNotification send) {
            votes.sent(send.to(), send.notification());
            if (isServing) {
                votes.announced(send.notification(), servedEpoch);
            }
        } else if (effect instanceof Effect.CloseLink close) {
            local.closed(close.link());
            expiry.hungUp(close.link());
        } else if (effect instanceof Effect.Trace trace) {
            traced(trace.event(), localNanos);
        }
    }

    /** A server that lags may not know of a session's end, but one that has delivered it must. */
    private void welcomed(long sessionId) {
        Long closed = history.tree().closedAt(sessionId);
        require(
                closed == null || closed > verified,
                Invariant.SESSION_ANSWER,
                () -> "server " + sid + " at " + Zxids.show(verified) + " resumes session 0x"
                        + Long.toHexString(sessionId) + ", which ended at "
                        + Zxids.show(Objects.requireNonNull(closed)));
    }

    private void traced(TraceEvent event, long localNanos) {
        approach.traced(event, localNanos);
        stay.traced(event, localNanos);
        if (event instanceof TraceEvent.VoteReceived word) {
            votes.counts(word);
        } else if (event instanceof TraceEvent.LeaderDecided decided) {
            votes.decided(decided);
        } else if (event instanceof TraceEvent.QuorumAgreed agreed) {
            votes.agreed(agreed.vote());
        } else if (event instanceof TraceEvent.SessionClosed closed
                && closed.reason().equals("expired")) {
            local.expired(closed.sessionId(), localNanos);
        } else if (event instanceof TraceEvent.ReadOnlyChanged) {
            readOnly.ended();
        } else if (event instanceof TraceEvent.PhaseEntered entered) {
            isInDiscovery = entered.phase().equals("discovery");
            if (!isInDiscovery) {
                wire.historyFinal();
            }
        } else if (event instanceof TraceEvent.ConfigurationAgreed) {
            wire.configurationAgreed();
        } else if (event instanceof TraceEvent.LeaderEstablished) {
            mayHaveAnswered = true; // even if the configuration that is agreed now makes it resign at once
        } else if (event instanceof TraceEvent.EpochRolledOver rolled) {
            servedEpoch = rolled.epoch();
            reigns.leads(sid, servedEpoch);
        } else if (event instanceof TraceEvent.RoleChanged changed) {
            if (changed.from() == PeerState.LEADING) {
                wire.roleEnded(isServing);
                votes.leadershipEnded();
                reigns.ended(sid);
            } else if (changed.from() == PeerState.FOLLOWING && !isOfSilence(changed.reason())) {
                leftLeader();
            }
            isInDiscovery = false;
            votes.roleChanged(changed.to());
            if (changed.to() == PeerState.LEADING) {
                votes.leads();
            }
            roleEnded();
        }
    }

    private static boolean isOfSilence(String reason) {
        return reason.startsWith("no heartbeat from the leader")
                || reason.contains(" was silent for ")
                || reason.contains("the leader hands over to server ");
    }

    public void linkEnded(LinkId link) {
        wire.linkEnded(link);
    }

    // --- the state after a step --------------------------------------------------------------------------------------

    /** After each step, what the server is and has. */
    public void stepped(PeerState role, boolean isNowServing, DataTree tree, long localNanos) {
        if (isNowServing && !isServing) {
            servedEpoch = epochs.current();
        }
        require(
                !quorums.isObserver(sid)
                        || (role == PeerState.LEADING && quorums.hasChanged())
                        || role == PeerState.LOOKING
                        || role == PeerState.OBSERVING,
                Invariant.OBSERVERS_UNCOUNTED,
                () -> "server " + sid + ", an observer, is " + role);
        leaderMayHope(role, localNanos);
        approach.stepped(localNanos);
        stay.stepped();
        if (!isNowServing) {
            isServing = false;
            return;
        }
        long applied = tree.lastApplied().value();
        mayHaveAnswered = true;
        if (!isServing) {
            isServing = true;
            verified = 0;
            isLeading = role == PeerState.LEADING;
            if (isLeading) {
                expiry.leads(localNanos);
                reigns.leads(sid, servedEpoch);
            }
        } else if (applied == verified) {
            return;
        }
        require(
                applied >= verified,
                Invariant.PREFIX_CONSISTENCY,
                () -> "server " + sid + " serves at " + Zxids.show(applied) + " after " + Zxids.show(verified));
        delivers(tree);
    }

    /**
     * After a step that the server ends without serving: if it did before, or in the middle of the step, it may have answered
     * what it applied meanwhile.
     */
    public void idle(DataTree tree) {
        if (mayHaveAnswered && tree.lastApplied().value() > verified) {
            delivers(tree);
        }
        mayHaveAnswered = false;
    }

    private void delivers(DataTree tree) {
        long applied = tree.lastApplied().value();
        requireDigests(tree);
        if (mayDiskLag) {
            // What it has is not in its log; digests tell that it has all, and the naive tree does at the end.
            history.servedFromMemory(sid, applied);
        } else {
            history.served(sid, log, verified, applied);
        }
        history.digest(sid, applied, tree.digest());
        verified = applied;
    }

    /** After each step: what a server that serves readers without a quorum still is and has. */
    public void readOnly(PeerStatus status, DataTree tree) {
        readOnly.stepped(status, tree);
    }

    private void requireDigests(DataTree tree) {
        require(
                tree.digestMismatch() == null,
                Invariant.DIGESTS_AGREE,
                () -> "server " + sid + " has a tree that is not the leader's from " + tree.digestMismatch() + " on");
    }

    private void leaderMayHope(PeerState role, long localNanos) {
        if (!isInDiscovery || role != PeerState.LEADING || !votes.isHopeless()) {
            hopelessSinceNanos = Long.MIN_VALUE;
        } else if (hopelessSinceNanos == Long.MIN_VALUE) {
            hopelessSinceNanos = localNanos;
        } else {
            long millis = (localNanos - hopelessSinceNanos) / 1_000_000;
            require(
                    millis < HOPELESS_MILLIS,
                    Invariant.HOPELESS_LEADER,
                    () -> "server " + sid + " has waited for a quorum for " + millis
                            + " ms after too many voted for others");
        }
    }

    /** At the end, where the configuration never changed. */
    public void showsConfiguration(DataTree tree, String configuration) {
        new FinalTree(sid, tree).showsConfiguration(configuration);
    }

    /** At the end, when all servers are at the same zxid: the whole tree against the naive one. */
    public void compareInFull(DataTree tree) {
        new FinalTree(sid, tree).isThatOf(history.tree());
    }
}
