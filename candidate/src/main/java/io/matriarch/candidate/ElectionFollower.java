package io.matriarch.candidate;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Follows an election without taking part. It watches the first of the line only, or the path while nobody is there, so that
 * a change of leader wakes it once, and a change further back not at all. Leaders are told in the order in which they led:
 * after a leader has been told, none of an earlier term is, whatever a lagging server says.
 *
 * <p>The one who is told is the first of the line: who leads, or will within a round trip. Layouts of other libraries are
 * understood without being named.
 */
public final class ElectionFollower implements AutoCloseable {
    private static final long RETRY_MILLIS = 1000;

    private final ElectionSession session;
    private final String path;
    private final boolean isSessionOwn;
    private final Consumer<Optional<Member>> listener;
    private final SessionKeeper.Follower follower = new SessionEvents();

    private int generation;
    private boolean isClosed;
    private long highestToken;
    private @Nullable Member told;
    private boolean isAnythingTold;

    private ElectionFollower(Builder builder, ElectionSession session) {
        this.session = session;
        this.path = builder.path;
        this.isSessionOwn = builder.session == null;
        this.listener = builder.listener;
    }

    /** Begins to follow with a session of its own. */
    public static Builder builder(String connectString, String path) {
        return new Builder(connectString, path);
    }

    /** Nothing is told from then on. */
    @Override
    public void close() {
        session.execute(() -> {
            isClosed = true;
            session.keeper().leave(follower);
        });
        if (isSessionOwn) {
            session.close();
        }
    }

    private void list(boolean isAfterSync) {
        if (isClosed) {
            return;
        }
        int asked = ++generation;
        ZooKeeper client = session.keeper().client();
        if (isAfterSync) {
            client.sync(path, (code, p, context) -> {}, null);
        }
        client.getChildren(
                path,
                false,
                (code, p, context, names) -> session.keeper().runFor(client, () -> {
                    if (asked == generation) {
                        listed(client, Code.get(code), names == null ? List.of() : names);
                    }
                }),
                null);
    }

    private void listed(ZooKeeper client, Code code, List<String> names) {
        String first = Contenders.of(names).first();
        if (code == Code.OK && first != null) {
            readFirst(client, path + "/" + first);
        } else if (code == Code.OK) {
            watchEmpty(client);
        } else if (code == Code.NONODE) {
            watchMissing(client);
        } else if (code != Code.CONNECTIONLOSS && code != Code.SESSIONEXPIRED) {
            retryLater();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // an older generation does nothing
    private void retryLater() {
        int asked = ++generation;
        session.after(TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS), () -> {
            if (asked == generation && session.keeper().hasClient()) {
                list(false);
            }
        });
    }

    private void readFirst(ZooKeeper client, String first) {
        int asked = ++generation;
        client.getData(
                first,
                again(client, asked),
                (code, p, context, content, stat) -> session.keeper().runFor(client, () -> {
                    if (asked == generation) {
                        firstRead(Code.get(code), first, content, stat);
                    }
                }),
                null);
    }

    private void firstRead(Code code, String first, byte @Nullable [] content, @Nullable Stat stat) {
        if (code == Code.OK && stat != null) {
            if (stat.getCzxid() >= highestToken) {
                highestToken = stat.getCzxid();
                tell(Optional.of(GroupWatch.memberOf(first, content, stat)));
            }
        } else if (code == Code.NONODE) {
            list(false);
        } else if (code != Code.CONNECTIONLOSS && code != Code.SESSIONEXPIRED) {
            retryLater();
        }
    }

    /** Nobody stands: the first child that comes is what to wait for. */
    private void watchEmpty(ZooKeeper client) {
        int asked = ++generation;
        client.getChildren(
                path,
                again(client, asked),
                (code, p, context, names) -> session.keeper().runFor(client, () -> {
                    if (asked != generation) {
                        return;
                    }
                    if (Code.get(code) == Code.OK
                            && Contenders.of(names == null ? List.of() : names).first() == null) {
                        tell(Optional.empty());
                    } else {
                        listed(client, Code.get(code), names == null ? List.of() : names);
                    }
                }),
                null);
    }

    private void watchMissing(ZooKeeper client) {
        int asked = ++generation;
        client.exists(
                path,
                again(client, asked),
                (code, p, context, stat) -> session.keeper().runFor(client, () -> {
                    if (asked != generation) {
                        return;
                    }
                    if (Code.get(code) == Code.NONODE) {
                        tell(Optional.empty());
                    } else if (Code.get(code) == Code.OK) {
                        list(false);
                    } else if (Code.get(code) != Code.CONNECTIONLOSS && Code.get(code) != Code.SESSIONEXPIRED) {
                        retryLater();
                    }
                }),
                null);
    }

    private Watcher again(ZooKeeper client, int asked) {
        return event -> {
            if (event.getType() != Watcher.Event.EventType.None) {
                session.keeper().runFor(client, () -> {
                    if (asked == generation) {
                        list(false);
                    }
                });
            }
        };
    }

    private void tell(Optional<Member> leader) {
        Member next = leader.orElse(null);
        if (!isClosed && !(isAnythingTold && Objects.equals(next, told))) {
            isAnythingTold = true;
            told = next;
            listener.accept(leader);
        }
    }

    private final class SessionEvents implements SessionKeeper.Follower {
        @Override
        public void connected(long sessionId, int timeoutMillis) {
            // Another server may lag behind what was told.
            list(true);
        }

        @Override
        public void disconnected() {
            generation++;
        }

        @Override
        public void expired() {
            generation++;
        }

        @Override
        public void closed() {
            isClosed = true;
        }

        @Override
        public void openFailed(String cause) {
            // The session tries again, and connected() follows.
        }
    }

    /** Settings of an {@link ElectionFollower}. */
    public static final class Builder {
        private final @Nullable ElectionSession session;
        private final String connectString;
        private final String path;
        private Consumer<Optional<Member>> listener = leader -> {};

        Builder(ElectionSession session, String path) {
            this.session = session;
            this.connectString = "";
            this.path = path;
        }

        private Builder(String connectString, String path) {
            this.session = null;
            this.connectString = connectString;
            this.path = path;
        }

        /**
         * Told who is first, now and after each change, and also when only its content changes; empty if nobody stands. Runs on
         * the session's thread, and must not block it.
         */
        public Builder listener(Consumer<Optional<Member>> listener) {
            this.listener = listener;
            return this;
        }

        /** Starts to follow. Servers need not be there yet. */
        public ElectionFollower start() {
            ElectionSession shared = session;
            ElectionSession used =
                    shared == null ? ElectionSession.builder(connectString).start() : shared;
            ElectionFollower made = new ElectionFollower(this, used);
            used.execute(() -> used.keeper().follow(made.follower));
            return made;
        }
    }
}
