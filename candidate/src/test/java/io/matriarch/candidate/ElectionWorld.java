package io.matriarch.candidate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * A model of an ensemble and of candidates at it, for searching all that can happen between them. Requests and answers
 * travel in order per connection and take as long as somebody chooses; connections break with requests under way, of
 * which any number may still be carried out; processes pause; sessions expire as early as the ensemble may let them.
 *
 * <p>After each move {@link #check} demands that at most one candidate holds a leadership.
 */
final class ElectionWorld {
    static final int TIMEOUT_MILLIS = 8000;

    /** One thing that can happen now, and how often it should be chosen against others. */
    record Move(String name, int weight, Runnable run) {}

    private record Node(long czxid, long session) {}

    private record Request(CampaignEffect effect) {}

    private final List<Candidate> candidates = new ArrayList<>();
    private final TreeMap<String, Node> nodes = new TreeMap<>();

    private final long shortestLifeNanos;
    private final long tickMillis;
    private final boolean isCoarse;
    private final boolean isMakingWay;

    private long nowNanos = 1;
    private long sequence;
    private long sessions = 0x100;
    private long zxid = 0x1000;
    private long highestToken;
    private int grants;
    private int readyGrants;

    /**
     * @param shortestLifeMillis how long after a session's last sign of life it may expire at the earliest
     * @param tickMillis how much time passes at once
     * @param isCoarse whether a candidate that gets on gets on until it has to wait for time
     * @param isMakingWay whether candidates have priorities and leaders step aside for one another
     */
    ElectionWorld(int candidates, long shortestLifeMillis, long tickMillis, boolean isCoarse, boolean isMakingWay) {
        this.isCoarse = isCoarse;
        this.isMakingWay = isMakingWay;
        this.tickMillis = tickMillis;
        this.shortestLifeNanos = TimeUnit.MILLISECONDS.toNanos(shortestLifeMillis);
        for (int i = 0; i < candidates; i++) {
            this.candidates.add(new Candidate(i));
        }
    }

    int grants() {
        return grants;
    }

    /** Grants that waited for no confirmation, because one was ready. */
    int readyGrants() {
        return readyGrants;
    }

    /** All that can happen now, always in the same order. */
    List<Move> moves() {
        List<Move> moves = new ArrayList<>();
        for (Candidate candidate : candidates) {
            candidate.addMoves(moves);
        }
        moves.add(new Move(tickMillis + " ms pass", 4, () -> pass(tickMillis)));
        return moves;
    }

    private void pass(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Throws AssertionError if two lead, a token fell, or a session has two znodes. */
    void check() {
        if (nodes.values().stream().map(Node::session).distinct().count() < nodes.size()) {
            throw new AssertionError("a session has two znodes: " + nodes);
        }
        long leaders = candidates.stream().filter(Candidate::isLeading).count();
        if (leaders > 1) {
            throw new AssertionError("two lead: " + nodes);
        }
    }

    /** Connects everybody, lets everything arrive, and says whether exactly one leads in the end. */
    boolean heals() {
        for (int round = 0; round < 200; round++) {
            for (Candidate candidate : candidates) {
                candidate.settle();
                check();
            }
            pass(round % 10 == 9 ? 500 : 1);
            if (candidates.stream().filter(Candidate::isLeading).count() == 1 && round > 60) {
                return true;
            }
        }
        return false;
    }

    private final class Candidate {
        private final int number;
        private final Campaign campaign;
        private final Deque<Request> underWay = new ArrayDeque<>();

        /** What the client would deliver next; a paused process takes nothing. */
        private final Deque<CampaignEvent> arrived = new ArrayDeque<>();

        private final List<String> watches = new ArrayList<>();
        private long uuids;
        private long session;
        private long lastSignNanos;
        private boolean isConnected;
        private boolean isPaused;

        /** The session ended, and the process has not heard of it yet; it opens another once it has. */
        private boolean isExpiryUnheard;

        Candidate(int number) {
            this.number = number;
            campaign = new Campaign(
                    new Settings(
                            "/race",
                            Layout.MATRIARCH,
                            isMakingWay ? number : 0,
                            number == 1,
                            Aim.LEAD,
                            false,
                            Settings.ALL),
                    () -> new UUID(number, ++uuids),
                    () -> nowNanos);
        }

        boolean isLeading() {
            Lease lease = campaign.lease();
            return lease != null && lease.isCurrent();
        }

        void addMoves(List<Move> moves) {
            if (!isConnected && !isExpiryUnheard) {
                moves.add(new Move(number + " connects", 10, this::connect));
            } else if (isConnected) {
                if (!underWay.isEmpty() && !isCoarse) {
                    moves.add(new Move(number + "'s request is carried out", 15, this::carryOut));
                }
                moves.add(new Move(number + " is cut off", 1, this::cutOff));
                if (!underWay.isEmpty()) {
                    moves.add(new Move(number + " is cut off behind its request", 1, () -> {
                        carryOut();
                        cutOff();
                    }));
                }
            }
            if (isCoarse && !isPaused && (!arrived.isEmpty() || !underWay.isEmpty() || isDue())) {
                moves.add(new Move(number + " gets on", 1, this::getOn));
            } else if (!isPaused && (!arrived.isEmpty() || isDue())) {
                moves.add(new Move(number + " goes on", 15, this::goOn));
            }
            moves.add(new Move(number + (isPaused ? " wakes" : " is paused"), 1, () -> isPaused = !isPaused));
            if (session != 0 && nowNanos - lastSignNanos >= shortestLifeNanos) {
                moves.add(new Move(number + "'s session expires", 10, this::expire));
            }
            if (!isPaused && isLeading()) {
                moves.add(new Move(
                        number + " resigns",
                        1,
                        () -> step(new CampaignEvent.ResignRequested(TimeUnit.SECONDS.toNanos(1)))));
            }
            if (isMakingWay && !isPaused && isLeading() && nodes.size() > 1) {
                moves.add(new Move(
                        number + " steps aside", 1, () -> step(new CampaignEvent.StepAsideRequested(lastInLine()))));
            }
        }

        private boolean isDue() {
            return campaign.deadlineNanos() != Deadline.NEVER && nowNanos - campaign.deadlineNanos() >= 0;
        }

        void settle() {
            isPaused = false;
            getOn();
            if (!isConnected) {
                connect();
            }
            getOn();
        }

        private void getOn() {
            while (!arrived.isEmpty() || !underWay.isEmpty() || isDue()) {
                if (!underWay.isEmpty()) {
                    carryOut();
                } else {
                    goOn();
                }
                check();
            }
        }

        private void connect() {
            isConnected = true;
            if (session == 0) {
                session = ++sessions;
            }
            lastSignNanos = nowNanos;
            arrived.add(new CampaignEvent.Connected(session, TIMEOUT_MILLIS));
        }

        private void cutOff() {
            isConnected = false;
            for (Request request : underWay) {
                CampaignEvent lost = answer(request.effect(), Code.CONNECTIONLOSS);
                if (lost != null) {
                    arrived.add(lost);
                }
            }
            underWay.clear();
            arrived.add(new CampaignEvent.Disconnected());
        }

        private void expire() {
            long ended = session;
            session = 0;
            isExpiryUnheard = true;
            if (isConnected) {
                cutOff();
            }
            watches.clear();
            // Told only after the client has connected again and was refused; here, when the process gets to it.
            arrived.add(new CampaignEvent.SessionExpired());
            List.copyOf(nodes.keySet()).forEach(path -> {
                if (nodes.get(path).session() == ended) {
                    delete(path);
                }
            });
        }

        private void goOn() {
            CampaignEvent event = arrived.poll();
            if (event instanceof CampaignEvent.SessionExpired) {
                isExpiryUnheard = false;
            }
            step(event == null ? new CampaignEvent.TimePassed() : event);
        }

        private void step(CampaignEvent event) {
            for (CampaignEffect effect : List.copyOf(campaign.step(nowNanos, event))) {
                if (effect instanceof CampaignEffect.Tell tell) {
                    if (tell.event() instanceof CandidacyEvent.Leading leading) {
                        granted(leading.leadership());
                        readyGrants += event instanceof CampaignEvent.Confirmed ? 0 : 1;
                    }
                } else if (!(effect instanceof CampaignEffect.Finish)) {
                    ask(effect);
                }
            }
        }

        private void granted(Leadership leadership) {
            grants++;
            if (leadership.fencingToken() < highestToken) {
                throw new AssertionError("a token fell");
            }
            highestToken = leadership.fencingToken();
        }

        private void ask(CampaignEffect effect) {
            if (isConnected) {
                underWay.add(new Request(effect));
                return;
            }
            CampaignEvent lost = answer(effect, Code.CONNECTIONLOSS);
            if (lost != null) {
                arrived.add(lost);
            }
        }

        /** The first request under way reaches the ensemble, and its answer the client. */
        private void carryOut() {
            CampaignEffect effect = underWay.remove().effect();
            if (session != 0) {
                lastSignNanos = nowNanos;
            }
            CampaignEvent answer = answer(effect, Code.OK);
            if (answer != null) {
                arrived.add(answer);
            }
        }

        private @Nullable CampaignEvent answer(CampaignEffect effect, Code code) {
            boolean isDone = code == Code.OK;
            if (effect instanceof CampaignEffect.CreateNode e) {
                if (isDone) {
                    String path = e.pathPrefix() + String.format("%010d", sequence++);
                    nodes.put(path, new Node(++zxid, session));
                    return new CampaignEvent.NodeCreated(e.generation(), code, path);
                }
                return new CampaignEvent.NodeCreated(e.generation(), code, null);
            } else if (effect instanceof CampaignEffect.ListCandidates e) {
                List<String> names = nodes.keySet().stream()
                        .map(path -> path.substring(path.lastIndexOf('/') + 1))
                        .toList();
                return new CampaignEvent.Listed(e.generation(), code, isDone ? names : List.of());
            } else if (effect instanceof CampaignEffect.ReadOwnNode e) {
                Node node = isDone ? read(e.path()) : null;
                return new CampaignEvent.OwnNodeRead(
                        e.generation(),
                        isDone && node == null ? Code.NONODE : code,
                        node == null ? 0 : node.session(),
                        node == null ? 0 : node.czxid());
            } else if (effect instanceof CampaignEffect.ReadPredecessor e) {
                Node node = isDone ? read(e.path()) : null;
                return new CampaignEvent.PredecessorRead(e.generation(), isDone && node == null ? Code.NONODE : code);
            } else if (effect instanceof CampaignEffect.Confirm e) {
                return new CampaignEvent.Confirmed(
                        e.generation(), isDone && !nodes.containsKey(e.path()) ? Code.NONODE : code);
            } else if (effect instanceof CampaignEffect.Yield e) {
                boolean isWhole =
                        nodes.containsKey(e.successor()) && nodes.keySet().containsAll(e.paths());
                if (isDone && isWhole) {
                    e.paths().forEach(ElectionWorld.this::delete);
                }
                return new CampaignEvent.Yielded(e.generation(), isDone && !isWhole ? Code.NONODE : code);
            } else if (effect instanceof CampaignEffect.Withdraw e) {
                if (isDone) {
                    delete(e.path());
                }
                return new CampaignEvent.Withdrawn(e.generation(), code);
            }
            return null;
        }

        private @Nullable Node read(String path) {
            Node node = nodes.get(path);
            if (node != null) {
                watches.add(path);
            }
            return node;
        }
    }

    private String lastInLine() {
        List<String> names = nodes.keySet().stream()
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .toList();
        List<String> inOrder = Contenders.of(names).names();
        return inOrder.get(inOrder.size() - 1);
    }

    private void delete(String path) {
        if (nodes.remove(path) == null) {
            return;
        }
        for (Candidate candidate : candidates) {
            if (candidate.watches.remove(path)) {
                // A client that is away hears of it when it has connected again.
                candidate.arrived.add(new CampaignEvent.NodeChanged(path));
            }
        }
    }
}
