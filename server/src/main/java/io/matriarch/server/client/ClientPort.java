package io.matriarch.server.client;

import io.matriarch.core.peer.Inspection;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.request.ClientStats;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.link.EventQueue;
import io.matriarch.server.link.LinkTable;
import io.matriarch.server.link.Listener;
import io.matriarch.server.link.NameLookup;
import io.matriarch.server.link.Outbox;
import io.matriarch.server.link.Transport;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where clients connect. For the replica thread only. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, which is noticed
public final class ClientPort {
    /** How long a connection may take until its first frame is complete. */
    static final int FIRST_BYTES_MILLIS = 10_000;
    /** A client that let this many bytes of answers wait does not read. */
    public static final long MAX_BACKLOG_BYTES = 64L << 20;

    private static final long STRANGER_WARNING_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Transport transport;
    private final EventQueue events;
    private final LinkTable links;
    private final Consumer<Outbox> touched;
    private final ServerConfig config;
    private final Answers answers;
    private final FourLetterWords words;
    private final long maxBacklogBytes;
    private final Set<ClientLink> connections = new LinkedHashSet<>();
    private final Map<String, Integer> connectionsOfIp = new HashMap<>();
    private @Nullable Listener listener;
    private int boundPort = -1;
    private boolean isHeld;
    private long framesReceived;
    private long framesSent;
    private long nextStrangerWarningNanos = System.nanoTime();

    /** What the server tells in answer to four-letter words. */
    public interface Answers {
        /** Its state now. */
        ServerFigures figures();

        /** Its core in detail; null while there is none. */
        @Nullable
        Inspection inspection();

        /** The newest part of its election journal, with a line per entry; done on any thread. */
        CompletableFuture<String> journal();

        /** How it stands in its ensemble, as a line; {@code clients} is how many are connected. */
        String standing(int clients);

        /** Has {@code server} lead, and tells what became of it; done on the event loop. */
        CompletableFuture<String> lead(ServerId server);
    }

    /** @param answers the server's side of four-letter words */
    public ClientPort(
            Transport transport,
            EventQueue events,
            LinkTable links,
            Consumer<Outbox> touched,
            ServerConfig config,
            Answers answers,
            long maxBacklogBytes) {
        this.transport = transport;
        this.events = events;
        this.links = links;
        this.touched = touched;
        this.config = config;
        this.answers = answers;
        this.words = new FourLetterWords(config);
        this.maxBacklogBytes = maxBacklogBytes;
    }

    /** Listens on {@code address}; tells how that went. */
    public void open(NameLookup names, HostPort address, Listener.Outcome outcome) {
        listen(names, address, 1, outcome);
    }

    private void listen(NameLookup names, HostPort address, int tries, Listener.Outcome outcome) {
        ChannelInitializer<Channel> accepted = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new ClientLink(ClientPort.this, channel, ipOf(channel)));
            }
        };
        Listener.Spec spec = new Listener.Spec(
                "client port",
                address.host(),
                address.port(),
                config.clientPortListenBacklog(),
                tries,
                tries == 0 ? 20 : 0);
        listener = new Listener(transport, names, events, spec, accepted, new Listener.Outcome() {
            @Override
            public void bound(InetSocketAddress bound) {
                boundPort = bound.getPort();
                outcome.bound(bound);
            }

            @Override
            public void gaveUp(String why) {
                outcome.gaveUp(why);
            }
        });
        listener.open();
    }

    /** Listens at {@code address} instead, trying until it is bound; clients that are connected stay. */
    public void move(NameLookup names, HostPort address) {
        close();
        listen(names, address, 0, new Listener.Outcome() {});
    }

    /** Accepts no more clients; the core closes those that are connected. */
    public void close() {
        if (listener != null) {
            listener.close();
        }
    }

    /** Frames received from clients since the start. */
    public long framesReceived() {
        return framesReceived;
    }

    /** Frames sent to clients since the start. */
    public long framesSent() {
        return framesSent;
    }

    /** Stops or resumes reading from all clients. */
    public void hold(boolean isHolding) {
        isHeld = isHolding;
        connections.forEach(link -> link.hold(isHolding));
    }

    // --- for the links -----------------------------------------------------------------------------------------------

    boolean admit(ClientLink link) {
        int ofIp = connectionsOfIp.getOrDefault(link.ip(), 0);
        boolean isTooMany = config.maxClientConnections() > 0 && ofIp >= config.maxClientConnections();
        if (isTooMany || (config.maxConnections() > 0 && connections.size() >= config.maxConnections())) {
            warn("refused a connection from " + link.ip() + ": "
                    + (isTooMany
                            ? "maxClientCnxns=" + config.maxClientConnections() + " of its address are open"
                            : "maxCnxns=" + config.maxConnections() + " are open"));
            return false;
        }
        connectionsOfIp.put(link.ip(), ofIp + 1);
        connections.add(link);
        if (isHeld) {
            link.hold(true);
        }
        return true;
    }

    void left(ClientLink link) {
        if (connections.remove(link)) {
            connectionsOfIp.computeIfPresent(link.ip(), (ip, count) -> count == 1 ? null : count - 1);
        }
    }

    LinkId nextId(ClientLink link) {
        LinkId id = events.nextLinkId();
        links.add(id, link);
        return id;
    }

    boolean remove(LinkId id) {
        return links.remove(id);
    }

    EventQueue events() {
        return events;
    }

    Consumer<Outbox> touched() {
        return touched;
    }

    int maxFrameBytes() {
        return config.juteMaxBuffer();
    }

    long maxBacklogBytes() {
        return maxBacklogBytes;
    }

    void countReceived() {
        framesReceived++;
    }

    void countSent() {
        framesSent++;
    }

    void warnOfStranger(String ip, String protocol) {
        warn("a caller from " + ip + " on the client port speaks " + protocol);
    }

    /** At most one a minute: whoever connects decides how often it would be said. */
    private void warn(String text) {
        long now = System.nanoTime();
        if (now - nextStrangerWarningNanos >= 0) {
            nextStrangerWarningNanos = now + STRANGER_WARNING_PAUSE_NANOS;
            events.trace(new TraceEvent.Warning(TraceEvent.Topic.SESSION, text));
        }
    }

    void answer(String word, ClientLink asking) {
        String refusal = words.refusal(word);
        if (refusal != null) {
            asking.answer(refusal);
            return;
        }
        if (word.equals(FourLetterWords.JOURNAL)) {
            answers.journal().thenAcceptAsync(asking::answer, transport.loop());
            return;
        }
        if (word.equals(FourLetterWords.STANDING)) {
            asking.answer(answers.standing(connections.size() - 1));
            return;
        }
        ServerFigures now = answers.figures();
        List<ConnectionLine> lines = new ArrayList<>();
        Map<LinkId, ClientStats.Link> known = new HashMap<>();
        Inspection inspection = answers.inspection();
        if (inspection != null) {
            inspection.clients().detailed().links().forEach(each -> known.put(each.id(), each));
        }
        connections.forEach(link -> lines.add(link.line(link == asking, known)));
        FourLetterWords.Sources sources = new FourLetterWords.Sources() {
            @Override
            public ServerFigures figures() {
                return now;
            }

            @Override
            public List<ConnectionLine> connections() {
                return lines;
            }

            @Override
            public int clientPort() {
                return boundPort;
            }

            @Override
            public Inspection inspection() {
                return Objects.requireNonNull(inspection);
            }
        };
        if (FourLetterWords.readsDirectories(word)) {
            CompletableFuture.supplyAsync(() -> words.answer(word, sources))
                    .thenAcceptAsync(asking::answer, transport.loop());
        } else {
            asking.answer(words.answer(word, sources));
        }
    }

    /** Whether the word, which has an argument, is allowed. */
    boolean isAllowed(String word) {
        return words.refusal(word) == null;
    }

    /** The mask is kept, and told. */
    void traceMask(long mask, ClientLink asking) {
        asking.answer(words.setTraceMask(mask));
    }

    void lead(@Nullable ServerId server, SocketAddress remote, ClientLink asking) {
        String refusal = LeadWord.refusal(config.fourLetterWords(), remote);
        if (refusal != null || server == null) {
            asking.answer(refusal != null ? refusal : LeadWord.USAGE);
        } else {
            answers.lead(server).thenAccept(asking::answer);
        }
    }

    private static String ipOf(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : String.valueOf(channel.remoteAddress());
    }
}
