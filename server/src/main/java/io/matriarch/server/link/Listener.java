package io.matriarch.server.link;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.election.HostPort;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket that keeps trying: a port still held by somebody, or a name that does not resolve yet, is traced
 * and tried again. For the replica thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends the channel, which is noticed
public final class Listener {
    /** Host that stands for every address of this machine, IPv6 included where the system has it. */
    public static final String ANY = "";

    private static final int MAX_PAUSE_MILLIS = 1000;

    private final Transport transport;
    private final NameLookup names;
    private final EventQueue events;
    private final Spec spec;
    private final ChannelHandler accepted;
    private final Outcome outcome;
    private @Nullable Channel channel;
    private boolean isOpen;
    private int generation;
    private int failures;
    private int unresolved;

    /**
     * Where to listen, and how patiently.
     *
     * @param what the port's name for the log, such as "client port"
     * @param host a name or literal; resolved anew for each attempt; {@link #ANY} for all addresses
     * @param port 0 takes any free one
     * @param backlog length of the accept queue; -1 leaves it to the system
     * @param tries attempts to bind before {@link Outcome#gaveUp}; 0 for ever. A name that does not resolve yet is no
     *     attempt: it is tried for ever
     * @param firstPauseMillis pause after the first failure; doubles up to a second
     */
    public record Spec(String what, String host, int port, int backlog, int tries, int firstPauseMillis) {}

    /** What becomes of an attempt to listen; called on the replica thread. */
    public interface Outcome {
        /** Listening now. */
        default void bound(InetSocketAddress address) {}

        /** The tries are used up. */
        default void gaveUp(String why) {}
    }

    /**
     * A socket that does not listen yet.
     *
     * @param accepted initialises each accepted channel; must be sharable
     */
    public Listener(
            Transport transport,
            NameLookup names,
            EventQueue events,
            Spec spec,
            ChannelHandler accepted,
            Outcome outcome) {
        this.transport = transport;
        this.names = names;
        this.events = events;
        this.spec = spec;
        this.accepted = accepted;
        this.outcome = outcome;
    }

    /** Starts to listen, if it does not yet. */
    public void open() {
        if (!isOpen) {
            isOpen = true;
            failures = 0;
            unresolved = 0;
            attempt(++generation);
        }
    }

    /** Stops listening; accepted connections stay. */
    public void close() {
        isOpen = false;
        generation++;
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    private void attempt(int attempted) {
        if (attempted != generation) {
            return;
        }
        if (spec.host().equals(ANY)) {
            bind(attempted, new InetSocketAddress(spec.port()));
            return;
        }
        names.resolve(spec.host(), new NameLookup.Answer() {
            @Override
            public void found(InetAddress address) {
                if (attempted == generation) {
                    bind(attempted, new InetSocketAddress(address, spec.port()));
                }
            }

            @Override
            public void failed(String why) {
                awaitName(attempted, why);
            }
        });
    }

    private void bind(int attempted, InetSocketAddress address) {
        var bootstrap = transport.server(accepted);
        if (spec.backlog() > 0) {
            bootstrap.option(ChannelOption.SO_BACKLOG, spec.backlog());
        }
        ChannelFuture binding = bootstrap.bind(address);
        binding.addListener(done -> {
            if (!done.isSuccess()) {
                retry(attempted, String.valueOf(done.cause().getMessage()));
            } else if (attempted != generation) {
                binding.channel().close();
            } else {
                channel = binding.channel();
                outcome.bound((InetSocketAddress) binding.channel().localAddress());
            }
        });
    }

    private void awaitName(int attempted, String why) {
        if (attempted != generation) {
            return;
        }
        if (unresolved++ == 0) {
            warn("cannot listen on " + where() + " yet: " + why + "; trying until it is, check the name in zoo.cfg");
        }
        tryAgain(attempted, (long) spec.firstPauseMillis() << Math.min(unresolved, 10));
    }

    private void retry(int attempted, String why) {
        if (attempted != generation) {
            return;
        }
        failures++;
        if (spec.tries() > 0 && failures >= spec.tries()) {
            isOpen = false;
            generation++;
            outcome.gaveUp("cannot listen on " + where() + ": " + why + "; free the port or change it in zoo.cfg");
            return;
        }
        if (Integer.bitCount(failures) == 1) {
            warn("cannot listen on " + where() + " yet: " + why + "; trying again (attempt " + failures + ")");
        }
        tryAgain(attempted, (long) spec.firstPauseMillis() << Math.min(failures - 1, 10));
    }

    private void tryAgain(int attempted, long pauseMillis) {
        long pause = Math.min(MAX_PAUSE_MILLIS, pauseMillis);
        transport.loop().schedule(() -> attempt(attempted), pause, TimeUnit.MILLISECONDS);
    }

    private void warn(String text) {
        events.trace(new TraceEvent.Warning(TraceEvent.Topic.ELECTION, text));
    }

    private String where() {
        String host = spec.host().equals(ANY) ? "all addresses" : spec.host();
        return spec.what() + " " + new HostPort(host, spec.port());
    }
}
