package io.matriarch.server.sasl;

import io.matriarch.server.config.QuorumSasl;
import io.matriarch.server.link.AddressBook;
import io.matriarch.server.link.Gate;
import io.matriarch.server.link.RepeatedWarnings;
import io.matriarch.wire.election.HostPort;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Authentication on the election and quorum ports, by DIGEST-MD5 or Kerberos with Apache's names. It comes right before the first
 * frame or packet: behind the opening on the election port. What asks a KDC, or may, runs on threads of its own. For the
 * replica thread only.
 */
public final class PeerSasl implements Gate {
    private static final int THREADS = 4;
    /** Steps that may wait for a thread; further ones fail, and with them their connections. */
    private static final int WAITING = 256;

    private final QuorumSasl config;
    private final RepeatedWarnings warnings;
    private final int timeoutMillis;
    private final AddressBook book;
    private final EventLoop loop;
    private final @Nullable KerberosLogin ownLogin;
    private final @Nullable KerberosLogin othersLogin;
    private final Executor dialling;
    private final Executor accepting;

    /** @param timeoutMillis how long the other side may take */
    public PeerSasl(QuorumSasl config, RepeatedWarnings warnings, int timeoutMillis, AddressBook book, EventLoop loop) {
        this.config = config;
        this.warnings = warnings;
        this.timeoutMillis = timeoutMillis;
        this.book = book;
        this.loop = loop;
        this.ownLogin = config.initiator() instanceof QuorumSasl.Ticket ticket ? login(ticket.section()) : null;
        this.othersLogin = config.acceptor() instanceof QuorumSasl.Keys keys ? login(keys.section()) : null;
        // Apart from each other: whoever dials us needs no KDC here.
        this.dialling = ownLogin == null ? Runnable::run : threads("matriarch-ticket");
        this.accepting = othersLogin == null ? Runnable::run : threads("matriarch-keys");
    }

    private KerberosLogin login(String section) {
        return new KerberosLogin(section, text -> loop.execute(() -> warnings.warn(text)), Clock.systemUTC());
    }

    private static Executor threads(String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                5,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                new DefaultThreadFactory(name, true));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    @Override
    public void accepted(Channel channel, Gate.Passage passage) {
        Supplier<Dialogue> dialogues = () -> config.acceptor() instanceof QuorumSasl.Passwords known
                ? Digest.acceptor(known)
                : Kerberos.acceptor(Objects.requireNonNull(othersLogin), book.hosts());
        boolean requires = config.requires();
        channel.pipeline()
                .addLast(new SaslAcceptor(dialogues, accepting, requires, timeoutMillis, told(channel, passage)));
    }

    /**
     * Says who we are to a server that we dialled. Deviation: also to servers outside the configuration, so that nothing
     * is ever exchanged without it.
     */
    @Override
    public void dialled(Channel channel, HostPort address, Gate.Passage passage) {
        if (!config.authenticates()) {
            passage.ready();
            return;
        }
        Dialogue dialogue = config.initiator() instanceof QuorumSasl.Password own
                ? Digest.initiator(own)
                : Kerberos.initiator(
                        (QuorumSasl.Ticket) config.initiator(), Objects.requireNonNull(ownLogin), address.host());
        channel.pipeline().addLast(new SaslInitiator(dialogue, dialling, timeoutMillis, told(channel, passage)));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a refused connection is gone whatever closing it says
    private Gate.Passage told(Channel channel, Gate.Passage passage) {
        String who = channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "an unknown address";
        return new Gate.Passage() {
            @Override
            public void ready() {
                passage.ready();
            }

            @Override
            public void refused(String why) {
                String text = "no SASL with the server at " + who + ": " + why;
                if (why.equals(SaslStage.HUNG_UP)) {
                    warnings.warnIfRepeated(text);
                } else {
                    warnings.warn(text);
                }
                passage.refused(why);
                channel.close();
            }
        };
    }
}
