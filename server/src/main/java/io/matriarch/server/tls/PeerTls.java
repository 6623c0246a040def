package io.matriarch.server.tls;

import io.matriarch.server.config.QuorumTls;
import io.matriarch.server.link.AddressBook;
import io.matriarch.server.link.Gate;
import io.matriarch.server.link.RepeatedWarnings;
import io.matriarch.wire.election.HostPort;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * TLS on the election and quorum ports (election.md 1.9, zab.md 2.2). Whatever may ask DNS, and the costly steps of
 * handshakes that we begin, run on threads of their own. For the replica thread only.
 */
public final class PeerTls implements Gate {
    private static final int THREADS = 4;
    /** Steps of handshakes that may wait for a thread; further ones fail, and with them their connections. */
    private static final int WAITING = 256;

    private static final int RELOAD_SECONDS = 5;
    private static final String HELD = "held";

    private final QuorumTls config;
    private final EventLoop loop;
    private final RepeatedWarnings warnings;
    private final int handshakeTimeoutMillis;
    private final TlsContext context;
    private final PeerNames names;
    private final ThreadPoolExecutor threads;
    private final @Nullable ScheduledFuture<?> reloading;

    /**
     * With the keys of {@code context}.
     *
     * @param handshakeTimeoutMillis how long the other side may take
     */
    public PeerTls(
            TlsContext context,
            EventLoop loop,
            AddressBook book,
            RepeatedWarnings warnings,
            int handshakeTimeoutMillis) {
        this.config = context.config();
        this.loop = loop;
        this.warnings = warnings;
        this.handshakeTimeoutMillis = handshakeTimeoutMillis;
        this.context = context;
        this.names = new PeerNames(config, book);
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                5,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                new DefaultThreadFactory("matriarch-tls", true));
        threads.allowCoreThreadTimeOut(true);
        this.reloading = config.isReloaded()
                ? loop.scheduleWithFixedDelay(
                        () -> inBackground(this::reload), RELOAD_SECONDS, RELOAD_SECONDS, TimeUnit.SECONDS)
                : null;
    }

    /** Ends what runs beside the event loop. */
    public void close() {
        if (reloading != null) {
            reloading.cancel(false);
        }
        threads.shutdownNow();
    }

    @Override
    public void accepted(Channel channel, Passage passage) {
        if (!config.isUnified()) {
            channel.pipeline().addLast(HELD, new HeldBytes());
            shake(channel, context.server(), null, passage);
            return;
        }
        channel.pipeline().addLast(new FirstBytes(config.detectionTimeoutMillis(), isTls -> {
            if (isTls) {
                channel.pipeline().addLast(HELD, new HeldBytes());
                shake(channel, context.server(), null, passage);
            } else {
                warnings.warn("accepted a connection in clear text from " + hostOf(channel)
                        + "; leave portUnification on until sslQuorum is on there");
                passage.ready();
            }
        }));
    }

    @Override
    public void dialled(Channel channel, HostPort address, Passage passage) {
        if (!config.isSpoken()) {
            passage.ready();
            return;
        }
        channel.pipeline().addLast(HELD, new HeldBytes());
        shake(channel, context.client(), address, passage);
    }

    /** @param dialled null if the other side dialled */
    private void shake(Channel channel, SslContext side, @Nullable HostPort dialled, Passage passage) {
        // An accepted handshake stays on the event loop: a server that only asks to be called back hangs up right
        // behind
        // its opening, and Netty forgets what came before the end while another thread has a step of the handshake.
        SslHandler tls = dialled == null
                ? side.newHandler(channel.alloc())
                : side.newHandler(channel.alloc(), dialled.host(), dialled.port(), threads);
        tls.setHandshakeTimeoutMillis(handshakeTimeoutMillis);
        tls.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                verify(channel, tls, dialled, passage);
            } else {
                String who = dialled == null ? "a server at " + hostOf(channel) : dialled.toString();
                String why = HandshakeFailure.explain(done.cause(), who, dialled == null, config);
                if (HandshakeFailure.isHangUp(done.cause())) {
                    // Also how a connection ends that is not needed any more, on either side.
                    warnings.warnIfRepeated(why);
                } else {
                    warnings.warn(why);
                }
                refuse(channel, passage, why);
            }
        });
        channel.pipeline().addBefore(HELD, null, tls);
    }

    /** At once if that is possible: a server that asks to be called back does not wait until we are done. */
    private void verify(Channel channel, SslHandler tls, @Nullable HostPort dialled, Passage passage) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            conclude(channel, passage, "it has no address");
            return;
        }
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate each : tls.engine().getSession().getPeerCertificates()) {
                chain.add((X509Certificate) each);
            }
        } catch (SSLPeerUnverifiedException e) {
            // Only where ssl.quorum.clientAuth allows a dialler to show nothing.
            conclude(channel, passage, null);
            return;
        }
        X509Certificate shown = chain.get(0);
        String objection = dialled == null
                ? names.objectionToClient(shown, remote)
                : names.objectionToServer(shown, dialled, remote);
        boolean asksDns = objection != null && dialled == null && config.allowsReverseLookup();
        RevocationCheck revocation = context.revocation();
        if (!asksDns && (revocation == null || objection != null)) {
            conclude(channel, passage, objection);
            return;
        }
        channel.config().setAutoRead(false);
        String who = dialled == null ? "a server at " + hostOf(channel) : dialled.toString();
        boolean isBegun = inBackground(() -> {
            String verdict = asksDns && PeerNames.isNamedByDns(shown, remote) ? null : objection;
            if (verdict == null && revocation != null) {
                String why = revocation.objection(chain);
                verdict = why == null ? null : "no TLS with " + who + ": " + why;
            }
            told(channel, passage, verdict);
        });
        if (!isBegun) {
            conclude(channel, passage, "too many TLS handshakes at a time; " + who + " has to try again");
        }
    }

    private void told(Channel channel, Passage passage, @Nullable String verdict) {
        try {
            loop.execute(() -> conclude(channel, passage, verdict));
        } catch (RejectedExecutionException e) {
            // The server stopped meanwhile, and its connections with it.
            return;
        }
    }

    private void conclude(Channel channel, Passage passage, @Nullable String objection) {
        if (objection != null) {
            warnings.warn(objection);
            refuse(channel, passage, objection);
        } else if (!channel.pipeline().names().contains(HELD)) {
            passage.refused("it hung up");
        } else {
            channel.config().setAutoRead(true);
            passage.ready();
            channel.pipeline().remove(HELD);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a refused connection is gone whatever closing it says
    private static void refuse(Channel channel, Passage passage, String why) {
        passage.refused(why);
        channel.close();
    }

    private void reload() {
        String outcome;
        try {
            outcome =
                    context.reloadIfChanged() ? "read the changed key and trust stores; new connections use them" : "";
        } catch (TlsException e) {
            outcome = e.getMessage() + "; the former keys and certificates stay in use";
        }
        String text = outcome;
        if (!text.isEmpty()) {
            loop.execute(() -> warnings.warn(text));
        }
    }

    /** Says whether there was a thread or a place in the queue. */
    private boolean inBackground(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private static String hostOf(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "an unknown address";
    }
}
