package io.matriarch.candidate;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Performs a campaign's effects over the Apache client. Every answer and every watch becomes an event; those of a client
 * that was replaced since are dropped.
 */
final class ClientPort {
    /** Makes a client, and with it a session, that tells its connection's states to {@code watcher}. */
    interface ClientFactory {
        ZooKeeper newClient(Watcher watcher) throws IOException;
    }

    private static final byte[] NO_CONTENT = new byte[0];

    private final ClientFactory clients;
    private final String parent;
    private final byte[] content;
    private final Consumer<CampaignEvent> events;

    private volatile @Nullable Session session;

    /** @param events takes events on any thread, and must not block */
    ClientPort(ClientFactory clients, String parent, byte[] content, Consumer<CampaignEvent> events) {
        this.clients = clients;
        this.parent = parent;
        this.content = content;
        this.events = events;
    }

    void open(int generation) {
        Session opened = new Session();
        session = opened;
        try {
            opened.client.complete(clients.newClient(opened));
        } catch (IOException | IllegalArgumentException e) {
            events.accept(new CampaignEvent.OpenFailed(generation, String.valueOf(e.getMessage())));
        }
    }

    /** Closes the client. Blocks while it tells the server, for as long as a connection attempt takes. */
    void close() {
        Session closing = session;
        session = null;
        if (closing != null && closing.client.isDone()) {
            try {
                closing.client.join().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void createParent(CampaignEffect.CreateParent effect) {
        CreateMode mode = effect.isContainer() ? CreateMode.CONTAINER : CreateMode.PERSISTENT;
        client().create(
                        effect.path(),
                        NO_CONTENT,
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        mode,
                        (code, path, context, name, stat) ->
                                answer(new CampaignEvent.ParentCreated(effect.generation(), Code.get(code))),
                        null);
    }

    void createNode(CampaignEffect.CreateNode effect) {
        client().create(
                        effect.pathPrefix(),
                        content,
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.EPHEMERAL_SEQUENTIAL,
                        (code, path, context, name) ->
                                answer(new CampaignEvent.NodeCreated(effect.generation(), Code.get(code), name)),
                        null);
    }

    void list(CampaignEffect.ListCandidates effect) {
        if (effect.isAfterSync()) {
            // The list follows on the same connection and is answered behind the sync, whatever comes of that.
            client().sync(parent, (code, path, context) -> {}, null);
        }
        client().getChildren(
                        parent,
                        false,
                        (code, path, context, names) -> answer(new CampaignEvent.Listed(
                                effect.generation(), Code.get(code), names == null ? List.of() : names)),
                        null);
    }

    void readOwnNode(CampaignEffect.ReadOwnNode effect) {
        read(
                effect.path(),
                (code, stat) -> new CampaignEvent.OwnNodeRead(
                        effect.generation(),
                        code,
                        stat == null ? 0 : stat.getEphemeralOwner(),
                        stat == null ? 0 : stat.getCzxid()));
    }

    void readPredecessor(CampaignEffect.ReadPredecessor effect) {
        read(effect.path(), (code, stat) -> new CampaignEvent.PredecessorRead(effect.generation(), code));
    }

    private interface ReadAnswer {
        CampaignEvent of(Code code, @Nullable Stat stat);
    }

    /** getData, not exists: it leaves no watch behind where there is no znode (client.md 6.4). */
    private void read(String path, ReadAnswer answer) {
        Session asked = current();
        client().getData(
                        path,
                        new NodeWatch(asked, path),
                        (code, p, context, bytes, stat) -> asked.tell(answer.of(Code.get(code), stat)),
                        null);
    }

    private void answer(CampaignEvent event) {
        // A generation never repeats, so that answers of an older client fall through by themselves.
        events.accept(event);
    }

    private Session current() {
        Session current = session;
        if (current == null) {
            throw new IllegalStateException("no session is open");
        }
        return current;
    }

    private ZooKeeper client() {
        return current().client.join();
    }

    /** One client and its connection events. */
    private final class Session implements Watcher {
        /** Complete once the constructor has returned, which may be after the first event. */
        final CompletableFuture<ZooKeeper> client = new CompletableFuture<>();

        void tell(CampaignEvent event) {
            if (session == this) {
                events.accept(event);
            }
        }

        @Override
        public void process(WatchedEvent event) {
            if (event.getType() != Event.EventType.None) {
                return;
            }
            switch (event.getState()) {
                case SyncConnected -> {
                    ZooKeeper connected = client.join();
                    tell(new CampaignEvent.Connected(connected.getSessionId(), connected.getSessionTimeout()));
                }
                case Disconnected -> tell(new CampaignEvent.Disconnected());
                case Expired -> tell(new CampaignEvent.SessionExpired());
                default -> {
                    // Other states concern authentication, which a candidacy does not use.
                }
            }
        }
    }

    /** Equal for equal paths of one session, so that a client that is asked twice keeps one watch. */
    private record NodeWatch(Session session, String path) implements Watcher {
        @Override
        public void process(WatchedEvent event) {
            if (event.getType() != Event.EventType.None) {
                session.tell(new CampaignEvent.NodeChanged(path));
            }
        }
    }
}
