package io.matriarch.server.election;

import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.link.AddressBook;
import io.matriarch.server.link.Dialler;
import io.matriarch.server.link.EventQueue;
import io.matriarch.server.link.Gate;
import io.matriarch.server.link.Listeners;
import io.matriarch.server.link.NameLookup;
import io.matriarch.server.link.PeerGates;
import io.matriarch.server.link.Transport;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.Opening;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sockets of the election port: does what {@link ElectionLinks} decides. For the replica thread only. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, which is noticed
public final class ElectionPort {
    private static final int FIRST_BIND_PAUSE_MILLIS = 1000;

    private final Transport transport;
    private final EventQueue events;
    private final AddressBook book;
    private final Dialler dialler;
    private final ElectionLinks links;
    private final Map<Long, ElectionChannel> channels = new HashMap<>();
    private final Map<Long, Dialler.Attempt> dials = new HashMap<>();
    /** Connections whose two ends do not know each other yet. */
    private final Map<Long, Channel> entering = new HashMap<>();

    private final PeerGates gates;
    private final Listeners listeners;
    private Opening ownOpening;
    private @Nullable ScheduledFuture<?> alarm;
    private long alarmNanos = Long.MAX_VALUE;
    private boolean isPerforming;
    private boolean isClosed;

    /**
     * A port that is not open yet.
     *
     * @param book the members, ourselves included
     * @param gates what connections go through
     * @param gaveUp told when the port could not be bound in the configured number of tries
     */
    public ElectionPort(
            Transport transport,
            NameLookup names,
            EventQueue events,
            ServerConfig config,
            AddressBook book,
            PeerGates gates,
            Consumer<String> gaveUp) {
        this.gates = gates;
        this.transport = transport;
        this.events = events;
        this.book = book;
        this.dialler = new Dialler(transport, names, config.connectTimeoutMillis());
        this.ownOpening = ownOpening(book);
        long now = System.nanoTime();
        this.links = new ElectionLinks(
                now,
                book.self(),
                electionAddresses(book),
                config.openingTimeoutMillis(),
                now ^ book.self().value());
        this.listeners = new Listeners(
                transport,
                names,
                events,
                new Listeners.Style(
                        "election port",
                        config.listensOnAllAddresses(),
                        config.electionPortBindRetry(),
                        FIRST_BIND_PAUSE_MILLIS),
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                },
                gaveUp);
        listeners.at(ownOpening.addresses());
        book.onChange(this::membersChanged);
    }

    private static Opening ownOpening(AddressBook book) {
        MemberConfig own = book.own();
        return new Opening(book.self(), own == null ? List.of() : own.electionAddresses());
    }

    private static Map<ServerId, List<HostPort>> electionAddresses(AddressBook book) {
        Map<ServerId, List<HostPort>> addresses = new TreeMap<>();
        book.sids().forEach(sid -> addresses.put(sid, book.electionAddresses(sid)));
        return addresses;
    }

    private void membersChanged() {
        // A server that has left the ensemble goes on answering at its last address.
        if (book.own() != null) {
            ownOpening = ownOpening(book);
            listeners.at(ownOpening.addresses());
        }
        links.members(System.nanoTime(), electionAddresses(book));
        perform();
    }

    // --- from the core -----------------------------------------------------------------------------------------------

    /** Listens from now on, in all roles. */
    public void open() {
        listeners.open();
    }

    /** Closes all sockets. */
    public void close() {
        isClosed = true;
        listeners.close();
        dials.values().forEach(Dialler.Attempt::cancel);
        dials.clear();
        List.copyOf(entering.values()).forEach(Channel::close);
        entering.clear();
        List.copyOf(channels.values()).forEach(ElectionChannel::close);
        channels.clear();
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    /** Delivers {@code notification}, dialling if there is no connection; replaces one that still waits. */
    public void send(ServerId to, Notification notification) {
        links.send(System.nanoTime(), to, notification);
        perform();
    }

    /** Whether the core is looking for a leader now. */
    public void looking(boolean isLooking) {
        links.looking(System.nanoTime(), isLooking);
        perform();
    }

    // --- from the sockets --------------------------------------------------------------------------------------------

    private void accept(Channel channel) {
        String origin = channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "";
        long id = links.accepted(System.nanoTime(), origin);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        entering.put(id, channel);
        channel.closeFuture().addListener(closed -> {
            if (entering.remove(id) != null) {
                links.lost(System.nanoTime(), id);
                perform();
            }
        });
        gates.tls().accepted(channel, passage(channel, () -> {
            channel.pipeline().addLast(new OpeningDecoder(opening -> {
                gates.sasl().accepted(channel, passage(channel, () -> {
                    adopt(id, channel);
                    links.opened(System.nanoTime(), id, opening);
                    perform();
                }));
            }));
        }));
        perform();
    }

    private void adopt(long id, Channel channel) {
        entering.remove(id);
        ElectionChannel adopted = new ElectionChannel(id, this);
        channels.put(id, adopted);
        channel.pipeline().addLast(adopted);
    }

    /** A connection that is refused is closed, and its close future tells the rest. */
    private static Gate.Passage passage(Channel channel, Runnable ready) {
        return new Gate.Passage() {
            @Override
            public void ready() {
                ready.run();
            }

            @Override
            public void refused(String why) {
                channel.close();
            }
        };
    }

    void received(long id, Notification notification) {
        links.received(System.nanoTime(), id, notification);
        perform();
    }

    void flushed(long id) {
        links.flushed(id);
        perform();
    }

    void lost(long id) {
        channels.remove(id);
        links.lost(System.nanoTime(), id);
        perform();
    }

    // --- what the links decided --------------------------------------------------------------------------------------

    private void perform() {
        if (isPerforming || isClosed) {
            return;
        }
        isPerforming = true;
        List<LinkCommand> commands = links.commands();
        while (!commands.isEmpty()) {
            commands.forEach(this::perform);
            commands = links.commands();
        }
        isPerforming = false;
        arm();
    }

    private void perform(LinkCommand command) {
        if (command instanceof LinkCommand.Report report) {
            events.add(report.event());
        } else if (command instanceof LinkCommand.Dial dial) {
            dial(dial);
        } else if (command instanceof LinkCommand.Send send) {
            ElectionChannel channel = channels.get(send.connection());
            if (channel != null) {
                channel.send(send.notification());
            }
        } else if (command instanceof LinkCommand.Close close) {
            end(close.connection());
        }
    }

    private void end(long id) {
        Dialler.Attempt dial = dials.remove(id);
        if (dial != null) {
            dial.cancel();
        }
        Channel unknown = entering.remove(id);
        if (unknown != null) {
            unknown.close();
        }
        ElectionChannel channel = channels.remove(id);
        if (channel != null) {
            channel.close();
        }
    }

    private void dial(LinkCommand.Dial dial) {
        long id = dial.connection();
        Dialler.Attempt attempt = dialler.dial(dial.addresses(), new Dialler.Outcome() {
            @Override
            public void connected(Channel channel, HostPort address) {
                dials.remove(id);
                enter(id, channel, address);
            }

            @Override
            public void failed(String why, boolean isRefused) {
                dials.remove(id);
                links.dialFailed(System.nanoTime(), id, isRefused);
                perform();
            }
        });
        if (!attempt.isOver()) {
            dials.put(id, attempt);
        }
    }

    private void enter(long id, Channel channel, HostPort address) {
        entering.put(id, channel);
        channel.closeFuture().addListener(closed -> {
            if (entering.remove(id) != null) {
                links.dialFailed(System.nanoTime(), id, false);
                perform();
            }
        });
        gates.tls().dialled(channel, address, passage(channel, () -> {
            // In one write: Apache reads the address text with a single read.
            Bytes opening = ownOpening.encode();
            channel.writeAndFlush(Unpooled.wrappedBuffer(opening.array(), opening.offset(), opening.length()));
            gates.sasl().dialled(channel, address, passage(channel, () -> {
                adopt(id, channel);
                links.connected(System.nanoTime(), id);
                perform();
            }));
        }));
    }

    private void arm() {
        long deadline = links.deadlineNanos();
        if (deadline == alarmNanos) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
        alarmNanos = deadline;
        if (deadline != Long.MAX_VALUE) {
            long wait = Math.max(0, deadline - System.nanoTime());
            alarm = transport.loop().schedule(this::ring, wait, TimeUnit.NANOSECONDS);
        }
    }

    private void ring() {
        alarm = null;
        alarmNanos = Long.MAX_VALUE;
        if (!isClosed) {
            links.timePassed(System.nanoTime());
            perform();
        }
    }
}
