package io.matriarch.candidate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Performs a campaign's questions over the Apache client. Every answer and every watch becomes an event, on the thread of
 * the session.
 */
final class ClientPort {
    private static final byte[] NO_CONTENT = new byte[0];

    private final SessionKeeper keeper;
    private final String parent;
    private final byte[] content;
    private final List<ACL> acl;
    private final Consumer<CampaignEvent> events;

    ClientPort(SessionKeeper keeper, String parent, byte[] content, List<ACL> acl, Consumer<CampaignEvent> events) {
        this.keeper = keeper;
        this.parent = parent;
        this.content = content;
        this.acl = acl;
        this.events = events;
    }

    void createParent(CampaignEffect.CreateParent effect) {
        ZooKeeper client = keeper.client();
        CreateMode mode = effect.isContainer() ? CreateMode.CONTAINER : CreateMode.PERSISTENT;
        client.create(
                effect.path(),
                NO_CONTENT,
                acl,
                mode,
                (code, path, context, name, stat) ->
                        tell(client, new CampaignEvent.ParentCreated(effect.generation(), Code.get(code))),
                null);
    }

    void createNode(CampaignEffect.CreateNode effect) {
        ZooKeeper client = keeper.client();
        client.create(
                effect.pathPrefix(),
                content,
                acl,
                CreateMode.EPHEMERAL_SEQUENTIAL,
                (code, path, context, name) ->
                        tell(client, new CampaignEvent.NodeCreated(effect.generation(), Code.get(code), name)),
                null);
    }

    void findOwn(CampaignEffect.FindOwn effect) {
        ZooKeeper client = keeper.client();
        client.sync(parent, (code, path, context) -> {}, null);
        client.getEphemerals(
                effect.pathPrefix(),
                (code, context, paths) -> tell(
                        client,
                        new CampaignEvent.OwnFound(
                                effect.generation(),
                                Code.get(code),
                                paths == null || paths.isEmpty() ? null : paths.get(0))),
                null);
    }

    void list(CampaignEffect.ListCandidates effect) {
        ZooKeeper client = keeper.client();
        if (effect.isAfterSync()) {
            // The list follows on the same connection and is answered behind the sync, whatever comes of that.
            client.sync(parent, (code, path, context) -> {}, null);
        }
        client.getChildren(
                parent,
                false,
                (code, path, context, names) -> tell(
                        client,
                        new CampaignEvent.Listed(
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

    void confirm(CampaignEffect.Confirm effect) {
        ZooKeeper client = keeper.client();
        client.multi(
                List.of(Op.check(effect.path(), -1)),
                (code, path, context, results) ->
                        tell(client, new CampaignEvent.Confirmed(effect.generation(), Code.get(code))),
                null);
    }

    void withdraw(CampaignEffect.Withdraw effect) {
        ZooKeeper client = keeper.client();
        client.delete(
                effect.path(),
                -1,
                (code, path, context) -> tell(client, new CampaignEvent.Withdrawn(effect.generation(), Code.get(code))),
                null);
    }

    void makeWay(CampaignEffect.Yield effect) {
        ZooKeeper client = keeper.client();
        List<Op> ops = new ArrayList<>();
        ops.add(Op.check(effect.successor(), -1));
        effect.paths().forEach(path -> ops.add(Op.delete(path, -1)));
        client.multi(
                ops,
                (code, path, context, results) ->
                        tell(client, new CampaignEvent.Yielded(effect.generation(), Code.get(code))),
                null);
    }

    private interface ReadAnswer {
        CampaignEvent of(Code code, @Nullable Stat stat);
    }

    /** getData, not exists: it leaves no watch behind where there is no znode (client.md 6.4). */
    private void read(String path, ReadAnswer answer) {
        ZooKeeper client = keeper.client();
        client.getData(
                path,
                new NodeWatch(this, client, path),
                (code, p, context, bytes, stat) -> tell(client, answer.of(Code.get(code), stat)),
                null);
    }

    private void tell(ZooKeeper asked, CampaignEvent event) {
        keeper.runFor(asked, () -> events.accept(event));
    }

    /** Equal for equal paths of one client, so that a client that is asked twice keeps one watch. */
    private record NodeWatch(ClientPort port, ZooKeeper client, String path) implements Watcher {
        @Override
        public void process(WatchedEvent event) {
            if (event.getType() != Event.EventType.None) {
                port.tell(client, new CampaignEvent.NodeChanged(path));
            }
        }
    }
}
