package io.matriarch.compat.history;

import static java.util.Objects.requireNonNull;

import io.matriarch.compat.RawConnection;
import io.matriarch.sim.history.Call;
import io.matriarch.sim.history.History;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.SessionPassword;
import io.matriarch.wire.client.WatchEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that asks at random, several requests at a time, writes down all it sends and gets, and when its server is gone goes on with
 * its session at another, claiming its watches or, every second time, forgetting them.
 */
final class RecordingClient implements Runnable {
    private static final int SILENCE_MILLIS = 3_000;
    private static final int SESSION_MILLIS = 20_000;
    private static final int MOST_AT_ONCE = 6;
    private static final int PERCENT = 100;
    private static final int EPHEMERAL = 1;
    private static final int FIRST_READ = 55;
    private static final int BEHIND_READS = 92;
    private static final long PAUSE_NANOS = 1_000_000;

    private final int client;
    private final History history;
    private final List<InetSocketAddress> servers;
    private final Keys keys;
    private final AtomicBoolean stop;
    private final Random random;
    private final boolean isReader;

    private final Set<String> dataWatches = new TreeSet<>();
    private long sessionId;
    private Bytes password = SessionPassword.of(0);
    private long lastZxid;
    private int xid;
    private int values;
    private int connections;

    /**
     * {@code seed} decides what it asks; the answers, and who else asks what meanwhile, are the machine's. Runs until {@code stop}.
     */
    RecordingClient(
            int client, History history, List<InetSocketAddress> servers, Keys keys, AtomicBoolean stop, long seed) {
        this(client, history, servers, keys, stop, seed, false);
    }

    private RecordingClient(
            int client,
            History history,
            List<InetSocketAddress> servers,
            Keys keys,
            AtomicBoolean stop,
            long seed,
            boolean isReader) {
        this.isReader = isReader;
        this.client = client;
        this.history = history;
        this.servers = List.copyOf(servers);
        this.keys = keys;
        this.stop = stop;
        this.random = new Random(seed);
    }

    /** One that writes nothing and stays at one server: nothing but that server's silence stops its questions. */
    static RecordingClient readingAt(
            InetSocketAddress server, int client, History history, Keys keys, AtomicBoolean stop, long seed) {
        return new RecordingClient(client, history, List.of(server), keys, stop, seed, true);
    }

    int connections() {
        return connections;
    }

    @Override
    public void run() {
        while (!stop.get()) {
            InetSocketAddress server = servers.get(random.nextInt(servers.size()));
            try (RawConnection connection = new RawConnection(server, SILENCE_MILLIS)) {
                if (connects(connection)) {
                    while (!stop.get()) {
                        askSome(connection);
                    }
                }
            } catch (IOException gone) {
                // The server is down, or was while we waited: what is unanswered stays so, and another is tried.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Goes on with the session, or takes a new one. */
    private boolean connects(RawConnection connection) throws IOException {
        Bytes hello = new ConnectRequest(0, lastZxid, SESSION_MILLIS, sessionId, password, true, false).encode();
        connection.send(fields -> fields.write(hello.toByteArray()));
        byte[] frame = connection.receive();
        if (frame == null) {
            return false;
        }
        ConnectResponse answer = ConnectResponse.decode(Bytes.wrap(frame));
        if (answer.timeoutMillis() <= 0) {
            sessionId = 0;
            password = SessionPassword.of(0);
            dataWatches.clear();
            return false;
        }
        sessionId = answer.sessionId();
        password = answer.passwd();
        connections++;
        history.connected(client);
        Set<String> claimed = new TreeSet<>(dataWatches);
        dataWatches.clear();
        if (!claimed.isEmpty() && random.nextBoolean()) {
            List<String> none = List.of();
            dataWatches.addAll(claimed);
            ask(
                    connection,
                    List.of(new Request.SetWatches(lastZxid, List.copyOf(claimed), none, none, none, none, false)));
        }
        return true;
    }

    private void askSome(RawConnection connection) throws IOException {
        List<Request> requests = new ArrayList<>();
        int count = 1 + random.nextInt(MOST_AT_ONCE);
        while (requests.size() < count) {
            String key = keys.next(random);
            int chance = isReader ? FIRST_READ + random.nextInt(BEHIND_READS - FIRST_READ) : random.nextInt(PERCENT);
            if (chance < 20) {
                requests.add(create(key, 0));
            } else if (chance < 45) {
                requests.add(new Request.SetData(key, value(), -1));
            } else if (chance < 55) {
                requests.add(new Request.Delete(key, -1));
            } else if (chance < 75) {
                requests.add(new Request.Sync(key));
                requests.add(new Request.GetData(key, false));
            } else if (chance < 88) {
                requests.add(new Request.GetData(key, true));
            } else if (chance < 92) {
                requests.add(new Request.Exists(key, true));
            } else if (chance < 95) {
                requests.add(create(key + "-e" + client, EPHEMERAL));
            } else {
                requests.add(new Request.GetChildren(keys.parent(), chance < 97, true));
            }
        }
        ask(connection, requests);
    }

    private Request create(String path, int flags) {
        return new Request.Create(OpCode.CREATE2, path, value(), Acl.OPEN, flags, Request.Create.NO_TTL);
    }

    private Bytes value() {
        return Bytes.utf8("c" + client + "-" + ++values);
    }

    /** Sends all, then reads until all are answered. */
    private void ask(RawConnection connection, List<Request> requests) throws IOException {
        ArrayDeque<Call> open = new ArrayDeque<>();
        Call sync = null;
        for (Request request : requests) {
            Call call = history.sent(
                    client,
                    sessionId,
                    ++xid,
                    request,
                    System.nanoTime(),
                    request instanceof Request.GetData get && !get.watch() ? sync : null);
            sync = request instanceof Request.Sync ? call : null;
            open.add(call);
            Bytes frame = new ClientRequest(xid, request.opcode(), request.encode()).encode();
            connection.send(fields -> fields.write(frame.toByteArray()));
        }
        while (!open.isEmpty()) {
            byte[] frame = connection.receive();
            if (frame == null) {
                throw new IOException("closed by the server");
            }
            int answered = ByteBuffer.wrap(frame).getInt();
            if (answered != Reply.XID_WATCH && answered != open.element().xid()) {
                throw new IllegalStateException("client " + client + ", session 0x" + Long.toHexString(sessionId) + ": "
                        + connection + " answers request " + answered + " where these are open: " + open);
            }
            Reply reply = Reply.decode(open.element().request().opcode(), Bytes.wrap(frame));
            if (reply.xid() == Reply.XID_WATCH) {
                WatchEvent event = (WatchEvent) requireNonNull(reply.body());
                dataWatches.remove(event.path());
                history.told(client, reply.zxid(), event);
            } else {
                Call call = open.remove();
                history.replied(call, reply, System.nanoTime());
                lastZxid = Math.max(lastZxid, reply.zxid());
                if (reply.err() == 0 && call.request() instanceof Request.GetData get && get.watch()) {
                    dataWatches.add(get.path());
                }
            }
        }
    }
}
