package io.matriarch.core.request;

import io.matriarch.core.port.Effect;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.txn.Txn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One server with the least possible leader: what is passed on gets a transaction at once and takes effect when {@link
 * #settle} says so, in order.
 */
final class Server implements Upstream {
    static final int TICK_MILLIS = 2000;
    static final DeskConfig CONFIG = DeskConfig.of(new ServerId(1), TICK_MILLIS, 4000, 40_000);

    final List<Effect> effects = new ArrayList<>();
    final ClientDesk desk;
    DataTree tree = new DataTree();
    TxnPreparation preparation = new TxnPreparation(tree, true);

    /** Sessions that another server owns. */
    final Set<Long> moved = new HashSet<>();

    /** Whether what it was given before it was suspended may be under way still. */
    boolean mayYetPropose = true;

    /** Whether the leader is one of ours. */
    boolean revalidatesBehindWrites;

    private final ArrayDeque<Runnable> outcomes = new ArrayDeque<>();
    private long millis = 1_000_000;
    private long zxid = 0x100000000L;
    private long links;

    Server() {
        this(CONFIG);
    }

    Server(DeskConfig config) {
        desk = new ClientDesk(config, tree, effects::add);
    }

    @Override
    public boolean revalidatesBehindWrites() {
        return revalidatesBehindWrites;
    }

    @Override
    public boolean mayYetPropose(Upstream before) {
        return mayYetPropose;
    }

    /** A server that serves. */
    static Server serving() {
        Server server = new Server();
        server.desk.serve(server.now(), server);
        return server;
    }

    Now now() {
        return new Now(millis * 1_000_000, millis);
    }

    void pass(long moreMillis) {
        millis += moreMillis;
        desk.tick(now());
    }

    LinkId nextLink() {
        return new LinkId(++links);
    }

    TestClient client() {
        return new TestClient(this, "10.0.0.1");
    }

    /** A client with a new session. */
    TestClient connected() {
        TestClient client = client();
        client.connect(10_000);
        settle();
        client.connected();
        return client;
    }

    /** Lets everything take effect that was passed on. */
    void settle() {
        while (!outcomes.isEmpty()) {
            outcomes.poll().run();
        }
    }

    /** Lets the oldest thing take effect. */
    void settleOne() {
        outcomes.poll().run();
    }

    int outcomesToCome() {
        return outcomes.size();
    }

    void loseOutcome() {
        outcomes.remove();
    }

    void loseOutcomes() {
        outcomes.clear();
    }

    void apply(Txn txn) {
        desk.apply(now(), txn);
        preparation.applied(txn.header().zxid());
    }

    /** A write that comes from elsewhere. */
    void commit(WriteRequest request) {
        apply(preparation.prepare(request, nextZxid(), millis));
    }

    void expire(long sessionId) {
        commit(new WriteRequest(sessionId, 0, OpCode.CLOSE_SESSION, Bytes.EMPTY, List.of()));
    }

    private Zxid nextZxid() {
        return new Zxid(++zxid);
    }

    @Override
    public void submit(WriteRequest request) {
        Txn txn = moved.contains(request.sessionId())
                ? preparation.refuse(request, nextZxid(), millis, ErrorCode.SESSION_MOVED)
                : preparation.prepare(request, nextZxid(), millis);
        // As it would travel.
        Txn travelled = Txn.decode(txn.encode());
        outcomes.add(() -> apply(travelled));
    }

    @Override
    public void sync(long sessionId, int cxid, Bytes body) {
        outcomes.add(() -> desk.synced(now()));
    }

    @Override
    public void revalidate(long sessionId, int timeoutMillis) {
        boolean isValid = tree.hasSession(sessionId);
        outcomes.add(() -> desk.revalidated(now(), sessionId, isValid));
    }
}
