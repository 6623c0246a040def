package io.matriarch.candidate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** Follows who is under a path. Everything here happens on the session's thread. */
public final class GroupWatch implements AutoCloseable, SessionKeeper.Follower {
    private final ElectionSession session;
    private final String path;
    private final View listener;

    /** What is known of those on the last list, by name; a content does not change but through its own watch. */
    private final Map<String, Member> known = new HashMap<>();

    private List<String> names = List.of();
    private List<String> others = List.of();
    private @Nullable List<Member> toldMembers;
    private List<String> toldOthers = List.of();
    private int generation;
    private boolean isClosed;

    /** What is there: the members, and the names of children that are none. */
    interface View {
        void changed(List<Member> members, List<String> others);
    }

    GroupWatch(ElectionSession session, String path, View listener) {
        this.session = session;
        this.path = path;
        this.listener = listener;
    }

    void start() {
        session.execute(() -> session.keeper().follow(this));
    }

    /** Nothing is told from then on. */
    @Override
    public void close() {
        session.execute(() -> {
            isClosed = true;
            session.keeper().leave(this);
        });
    }

    @Override
    public void connected(long sessionId, int timeoutMillis) {
        list();
    }

    @Override
    public void disconnected() {
        generation++;
    }

    @Override
    public void expired() {
        generation++;
        known.clear();
    }

    @Override
    public void closed() {
        isClosed = true;
    }

    @Override
    public void openFailed(String cause) {
        // The session tries again, and connected() follows.
    }

    private Watcher changed(ZooKeeper client, Runnable then) {
        return event -> {
            if (event.getType() != Watcher.Event.EventType.None) {
                session.keeper().runFor(client, () -> {
                    if (!isClosed) {
                        then.run();
                    }
                });
            }
        };
    }

    private void list() {
        int asked = ++generation;
        ZooKeeper client = session.keeper().client();
        client.getChildren(
                path,
                changed(client, this::list),
                (code, p, context, children) ->
                        session.keeper().runFor(client, () -> listed(client, asked, Code.get(code), children)),
                null);
    }

    private void listed(ZooKeeper client, int asked, Code code, @Nullable List<String> children) {
        if (asked != generation || isClosed) {
            return;
        }
        if (code == Code.NONODE) {
            // Nobody has joined yet: its creation is what to wait for.
            client.exists(
                    path,
                    changed(client, this::list),
                    (c, p, context, stat) -> {
                        if (stat != null) {
                            session.keeper().runFor(client, () -> {
                                if (asked == generation) {
                                    list();
                                }
                            });
                        }
                    },
                    null);
        }
        List<String> all = children == null ? List.of() : children;
        names = Contenders.of(all).names();
        others = all.stream()
                .filter(name -> SequenceNumber.of(name) == SequenceNumber.NONE)
                .sorted()
                .toList();
        known.keySet().retainAll(names);
        for (String name : names) {
            if (!known.containsKey(name)) {
                read(client, name);
            }
        }
        tellIfWhole();
    }

    private void read(ZooKeeper client, String name) {
        client.getData(
                path + "/" + name,
                changed(client, () -> {
                    if (names.contains(name)) {
                        read(client, name);
                    }
                }),
                (code, p, context, content, stat) ->
                        session.keeper().runFor(client, () -> read(name, Code.get(code), content, stat)),
                null);
    }

    private void read(String name, Code code, byte @Nullable [] content, @Nullable Stat stat) {
        if (code == Code.OK && stat != null) {
            known.put(name, memberOf(path + "/" + name, content, stat));
        } else if (code == Code.NONODE) {
            // The children's watch tells of it, too.
            names = names.stream().filter(other -> !other.equals(name)).toList();
            known.remove(name);
        }
        tellIfWhole();
    }

    static Member memberOf(String path, byte @Nullable [] content, Stat stat) {
        return new Member(
                path,
                SequenceNumber.of(path),
                stat.getEphemeralOwner(),
                stat.getCzxid(),
                stat.getCtime(),
                content == null ? new byte[0] : content);
    }

    private void tellIfWhole() {
        List<Member> members = new ArrayList<>();
        for (String name : names) {
            Member member = known.get(name);
            if (member == null) {
                return;
            }
            members.add(member);
        }
        if (!isClosed && !(members.equals(toldMembers) && others.equals(toldOthers))) {
            toldMembers = List.copyOf(members);
            toldOthers = others;
            listener.changed(toldMembers, toldOthers);
        }
    }
}
