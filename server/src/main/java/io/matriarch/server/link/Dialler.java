package io.matriarch.server.link;

import io.matriarch.wire.election.HostPort;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.ConnectException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Dials a server that may have several addresses. The next address is tried as soon as one fails, and beside one that
 * does not answer at once; the first connection is taken, the others are closed before a byte was sent on them. Names
 * are looked up anew for each attempt. For the replica thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed close ends the channel all the same
public final class Dialler {
    /** Head start of each address before the next one: a connection inside one site takes far less. */
    static final int HEAD_START_MILLIS = 50;

    private final Transport transport;
    private final NameLookup names;
    private final int timeoutMillis;

    /** What comes of a dial; called once, unless the dial was given up. */
    public interface Outcome {
        /** Connected to {@code address}. Nothing was read yet: a handler that is added now gets every byte. */
        void connected(Channel channel, HostPort address);

        /** No address answered; {@code isRefused} says that each host is there and nobody listens. */
        void failed(String why, boolean isRefused);
    }

    /** @param timeoutMillis how long one address may take to answer */
    public Dialler(Transport transport, NameLookup names, int timeoutMillis) {
        this.transport = transport;
        this.names = names;
        this.timeoutMillis = timeoutMillis;
    }

    /** Begins to dial {@code addresses}, in this order. */
    public Attempt dial(List<HostPort> addresses, Outcome outcome) {
        Attempt attempt = new Attempt(List.copyOf(addresses), outcome);
        attempt.next();
        return attempt;
    }

    /** One dial to one server, at all its addresses. */
    public final class Attempt {
        private final List<HostPort> addresses;
        private final Outcome outcome;
        private final List<Channel> dialling = new ArrayList<>();
        private int begun;
        private int failed;
        private boolean isRefused = true;
        private boolean isOver;
        private @Nullable String why;
        private @Nullable ScheduledFuture<?> alarm;

        private Attempt(List<HostPort> addresses, Outcome outcome) {
            this.addresses = addresses;
            this.outcome = outcome;
        }

        /** Gives up; nothing is reported any more. */
        public void cancel() {
            isOver = true;
            if (alarm != null) {
                alarm.cancel(false);
            }
            dialling.forEach(Channel::close);
        }

        /** Whether the outcome was told already, or is not wanted any more. */
        public boolean isOver() {
            return isOver;
        }

        private void next() {
            if (isOver || begun == addresses.size()) {
                return;
            }
            HostPort address = addresses.get(begun++);
            if (begun < addresses.size()) {
                if (alarm != null) {
                    alarm.cancel(false);
                }
                alarm = transport.loop().schedule(this::next, HEAD_START_MILLIS, TimeUnit.MILLISECONDS);
            }
            names.resolve(address.host(), new NameLookup.Answer() {
                @Override
                public void found(InetAddress found) {
                    connect(found, address);
                }

                @Override
                public void failed(String why) {
                    fail(why, false);
                }
            });
        }

        private void connect(InetAddress found, HostPort address) {
            if (isOver) {
                return;
            }
            Bootstrap bootstrap = transport
                    .client(timeoutMillis, new ChannelInboundHandlerAdapter())
                    .option(ChannelOption.SO_KEEPALIVE, true);
            ChannelFuture connecting = bootstrap.connect(found, address.port());
            dialling.add(connecting.channel());
            connecting.addListener(done -> {
                if (isOver) {
                    connecting.channel().close();
                } else if (done.isSuccess()) {
                    dialling.remove(connecting.channel());
                    cancel();
                    outcome.connected(connecting.channel(), address);
                } else {
                    fail("cannot connect: " + done.cause().getMessage(), isRefusal(done.cause()));
                }
            });
        }

        private void fail(String reason, boolean refused) {
            if (isOver) {
                return;
            }
            failed++;
            isRefused &= refused;
            why = why == null ? reason : why + "; " + reason;
            if (failed == addresses.size()) {
                isOver = true;
                outcome.failed(why, isRefused);
            } else {
                next();
            }
        }
    }

    private static boolean isRefusal(Throwable failure) {
        // Netty's timeout is a ConnectException too; only a refusal says that no process listens there.
        return failure instanceof ConnectException
                && String.valueOf(failure.getMessage()).contains("refused");
    }
}
