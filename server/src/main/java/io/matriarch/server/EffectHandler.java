package io.matriarch.server;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.Event;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.server.client.ClientLink;
import io.matriarch.server.election.ElectionPort;
import io.matriarch.server.journal.ElectionJournal;
import io.matriarch.server.link.EventQueue;
import io.matriarch.server.link.Link;
import io.matriarch.server.link.LinkTable;
import io.matriarch.server.quorum.QuorumLink;
import io.matriarch.server.quorum.QuorumPort;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Begins what the core asks for. Nothing here waits: storage effects are gathered for the end of the batch, the others
 * go to their sockets' outboxes. An effect on a link that ended meanwhile is dropped; the core hears of the end.
 */
final class EffectHandler implements Effect.Handler {
    private static final int SCRATCH_BYTES = 64 * 1024;
    /** An array that one large answer has made larger than this is not worth keeping. */
    private static final int MAX_SCRATCH_BYTES = 1 << 20;

    private final LinkTable links;
    private final EventQueue events;
    private final Consumer<Effect.Halt> halt;
    private final Consumer<Effect.StoreConfiguration> members;
    private final TransferWishes wishes;
    private final @Nullable Ensemble ensemble;
    private final List<Effect> forStorage = new ArrayList<>();
    private JuteWriter scratch = new JuteWriter(SCRATCH_BYTES);

    /** The ports towards the other members, the oracle, if there is one, and the record of what is said to them. */
    record Ensemble(
            QuorumPort quorumPort,
            ElectionPort electionPort,
            @Nullable OracleFile oracle,
            ElectionJournal journal) {}

    /**
     * @param members told when the members change
     * @param wishes told what becomes of them
     * @param ensemble null standalone, where there is nobody to talk to
     */
    EffectHandler(
            LinkTable links,
            EventQueue events,
            Consumer<Effect.Halt> halt,
            Consumer<Effect.StoreConfiguration> members,
            TransferWishes wishes,
            @Nullable Ensemble ensemble) {
        this.links = links;
        this.events = events;
        this.halt = halt;
        this.members = members;
        this.wishes = wishes;
        this.ensemble = ensemble;
    }

    /** What the batch asked of storage, in order; whoever takes it empties it. */
    List<Effect> forStorage() {
        return forStorage;
    }

    // --- clients -----------------------------------------------------------------------------------------------------

    @Override
    public void on(Effect.SendReply effect) {
        if (links.get(effect.link()) instanceof ClientLink client) {
            client.send(effect.reply(), scratch());
        }
    }

    @Override
    public void on(Effect.SendConnectResponse effect) {
        if (links.get(effect.link()) instanceof ClientLink client) {
            client.send(effect.response(), scratch());
        }
    }

    @Override
    public void on(Effect.PauseReads effect) {
        if (links.get(effect.link()) instanceof ClientLink client) {
            client.pause();
        }
    }

    @Override
    public void on(Effect.ResumeReads effect) {
        if (links.get(effect.link()) instanceof ClientLink client) {
            client.resume();
        }
    }

    @Override
    public void on(Effect.CloseLink effect) {
        Link link = links.get(effect.link());
        if (link != null) {
            link.close(effect.reason());
        }
    }

    // --- peers -------------------------------------------------------------------------------------------------------

    @Override
    public void on(Effect.SendNotification effect) {
        if (ensemble != null) {
            // Noted first: clocks are compared by it, and nothing can be heard before it is told.
            ensemble.journal().told(effect.to(), effect.notification());
            ensemble.electionPort().send(effect.to(), effect.notification());
        }
    }

    @Override
    public void on(Effect.ListenForLearners effect) {
        if (ensemble != null) {
            ensemble.quorumPort().listen();
        }
    }

    @Override
    public void on(Effect.StopListening effect) {
        if (ensemble != null) {
            ensemble.quorumPort().stopListening();
        }
    }

    @Override
    public void on(Effect.ConnectToLeader effect) {
        if (ensemble == null) {
            events.add(new Event.LinkDown(effect.link(), "server " + effect.leader() + " is no member"));
        } else {
            ensemble.quorumPort().connect(effect.link(), effect.leader());
        }
    }

    @Override
    public void on(Effect.ListenForObservers effect) {
        if (ensemble != null) {
            ensemble.quorumPort().listenForObservers();
        }
    }

    @Override
    public void on(Effect.StopListeningForObservers effect) {
        if (ensemble != null) {
            ensemble.quorumPort().stopListeningForObservers();
        }
    }

    @Override
    public void on(Effect.ConnectToObserverMaster effect) {
        if (ensemble == null) {
            events.add(new Event.LinkDown(effect.link(), "server " + effect.master() + " is no member"));
        } else {
            ensemble.quorumPort().connectToObserverMaster(effect.link(), effect.master());
        }
    }

    @Override
    public void on(Effect.SendPacket effect) {
        if (links.get(effect.link()) instanceof QuorumLink peer) {
            peer.send(effect.packet(), scratch());
        }
    }

    @Override
    public void on(Effect.AwaitWritable effect) {
        if (links.get(effect.link()) instanceof QuorumLink peer) {
            peer.tellWhenTaken();
        }
    }

    @Override
    public void on(Effect.SendSnapshotPiece effect) {
        if (links.get(effect.link()) instanceof QuorumLink peer) {
            peer.send(effect.piece(), scratch());
        }
    }

    // --- storage -----------------------------------------------------------------------------------------------------

    @Override
    public void on(Effect.Append effect) {
        forStorage.add(effect);
    }

    @Override
    public void on(Effect.Truncate effect) {
        forStorage.add(effect);
    }

    @Override
    public void on(Effect.StoreAcceptedEpoch effect) {
        forStorage.add(effect);
    }

    @Override
    public void on(Effect.StoreCurrentEpoch effect) {
        forStorage.add(effect);
    }

    @Override
    public void on(Effect.InstallSnapshot effect) {
        forStorage.add(effect);
    }

    @Override
    public void on(Effect.RollLog effect) {
        forStorage.add(effect);
    }

    @Override
    public void on(Effect.StoreConfiguration effect) {
        forStorage.add(effect);
        members.accept(effect);
    }

    @Override
    public void on(Effect.WriteSnapshot effect) {
        forStorage.add(effect);
    }

    @Override
    public void on(Effect.FinishSnapshot effect) {
        forStorage.add(effect);
    }

    @Override
    public void on(Effect.AbandonSnapshot effect) {
        forStorage.add(effect);
    }

    @Override
    public void on(Effect.ReadLog effect) {
        forStorage.add(effect);
    }

    @Override
    public void on(Effect.EndLogRead effect) {
        forStorage.add(effect);
    }

    @Override
    public void on(Effect.ReloadDatabase effect) {
        forStorage.add(effect);
    }

    // --- operator ----------------------------------------------------------------------------------------------------

    @Override
    public void on(Effect.AskOracle effect) {
        if (ensemble == null || ensemble.oracle() == null) {
            events.add(new Event.OracleAnswered(false));
        } else {
            ensemble.oracle().ask(isYes -> events.add(new Event.OracleAnswered(isYes)));
        }
    }

    @Override
    public void on(Effect.TransferAnswered effect) {
        wishes.answered(effect);
    }

    // --- the rest ----------------------------------------------------------------------------------------------------

    @Override
    public void on(Effect.Trace effect) {
        events.trace(effect.event());
        if (ensemble != null && effect.event() instanceof TraceEvent.RoleChanged changed) {
            ensemble.electionPort().looking(changed.to() == PeerState.LOOKING);
        }
    }

    @Override
    public void on(Effect.Halt effect) {
        halt.accept(effect);
    }

    private JuteWriter scratch() {
        if (scratch.array().length > MAX_SCRATCH_BYTES) {
            scratch = new JuteWriter(SCRATCH_BYTES);
        }
        return scratch;
    }
}
