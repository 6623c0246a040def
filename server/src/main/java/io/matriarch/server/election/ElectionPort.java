package io.matriarch.server.election;

import io.matriarch.server.config.MemberConfig;
import io.matriarch.server.config.ServerConfig;
import io.matriarch.server.link.EventQueue;
import io.matriarch.server.link.Listener;
import io.matriarch.server.link.NameLookup;
import io.matriarch.server.link.Transport;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.Opening;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.ConnectException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sockets of the election port: does what {@link ElectionLinks} decides. For the replica thread only. */
public final class ElectionPort {
    private static final int FIRST_BIND_PAUSE_MILLIS = 1000;

    private final Transport transport;
    private final NameLookup names;
    private final EventQueue events;
    private final int connectTimeoutMillis;
    private final Opening ownOpening;
    private final ElectionLinks links;
    private final Map<Long, ElectionChannel> channels = new HashMap<>();
    private final Listener listener;
    private @Nullable ScheduledFuture<?> alarm;
    private long alarmNanos = Long.MAX_VALUE;
    private boolean isPerforming;
    private boolean isClosed;

    /** @param gaveUp told when the port could not be bound in the configured number of tries */
    public ElectionPort(
            Transport transport,
            NameLookup names,
            EventQueue events,
            ServerConfig config,
            MemberConfig own,
            Consumer<String> gaveUp) {
        this.transport = transport;
        this.names = names;
        this.events = events;
        this.connectTimeoutMillis = config.connectTimeoutMillis();
        this.ownOpening = new Opening(own.sid(), List.of(new HostPort(own.host(), own.electionPort())));
        Map<ServerId, HostPort> addresses = new TreeMap<>();
        for (MemberConfig member : config.members()) {
            addresses.put(member.sid(), new HostPort(member.host(), member.electionPort()));
        }
        int openingTimeoutMillis = config.tickMillis() * config.syncLimit();
        long now = System.nanoTime();
        this.links = new ElectionLinks(
                now, own.sid(), addresses, openingTimeoutMillis, now ^ own.sid().value());
        String host = config.listensOnAllAddresses() ? "0.0.0.0" : own.host();
        this.listener = new Listener(
                transport,
                names,
                events,
                new Listener.Spec(
                        "election port",
                        host,
                        own.electionPort(),
                        -1,
                        config.electionPortBindRetry(),
                        FIRST_BIND_PAUSE_MILLIS),
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                },
                new Listener.Outcome() {
                    @Override
                    public void gaveUp(String why) {
                        gaveUp.accept(why);
                    }
                });
    }

    // --- from the core -----------------------------------------------------------------------------------------------

    /** Listens from now on, in all roles. */
    public void open() {
        listener.open();
    }

    /** Closes all sockets. */
    public void close() {
        isClosed = true;
        listener.close();
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
        long id = links.accepted(System.nanoTime());
        adopt(id, channel, true);
        perform();
    }

    private ElectionChannel adopt(long id, Channel channel, boolean isAccepted) {
        ElectionChannel adopted = new ElectionChannel(id, isAccepted, this);
        channel.pipeline().addLast(adopted);
        channels.put(id, adopted);
        return adopted;
    }

    void opened(long id, Opening opening) {
        links.opened(System.nanoTime(), id, opening);
        perform();
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
        } else if (command instanceof LinkCommand.Open open) {
            withChannel(open.connection(), channel -> channel.sendOpening(ownOpening));
        } else if (command instanceof LinkCommand.Send send) {
            withChannel(send.connection(), channel -> channel.send(send.notification()));
        } else if (command instanceof LinkCommand.Close close) {
            ElectionChannel channel = channels.remove(close.connection());
            if (channel != null) {
                channel.close();
            }
        }
    }

    private void withChannel(long id, Consumer<ElectionChannel> action) {
        ElectionChannel channel = channels.get(id);
        if (channel != null) {
            action.accept(channel);
        }
    }

    private void dial(LinkCommand.Dial dial) {
        long id = dial.connection();
        ElectionChannel dialled = new ElectionChannel(id, false, this);
        channels.put(id, dialled);
        names.resolve(dial.address().host(), new NameLookup.Answer() {
            @Override
            public void found(InetAddress address) {
                if (channels.get(id) == dialled) {
                    connect(dialled, address, dial.address().port());
                }
            }

            @Override
            public void failed(String why) {
                dialFailed(id, false);
            }
        });
    }

    private void connect(ElectionChannel dialled, InetAddress address, int port) {
        ChannelFuture dialling = transport
                .client(connectTimeoutMillis, dialled)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .connect(address, port);
        long id = dialled.id();
        dialling.addListener(done -> {
            if (channels.get(id) != dialled) {
                dialled.close();
            } else if (done.isSuccess()) {
                links.connected(System.nanoTime(), id);
                perform();
            } else {
                dialFailed(id, done.cause() instanceof ConnectException refused && isRefusal(refused));
            }
        });
    }

    private static boolean isRefusal(ConnectException failure) {
        // Netty's timeout is a ConnectException too; only a refusal says that no process listens there.
        String message = String.valueOf(failure.getMessage());
        return message.contains("refused");
    }

    private void dialFailed(long id, boolean isRefused) {
        if (channels.remove(id) != null) {
            links.dialFailed(System.nanoTime(), id, isRefused);
            perform();
        }
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
