package io.matriarch.server.link;

import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks host names up on threads of its own, anew for each attempt, so that a slow or dead name server holds up neither
 * the replica thread nor other names for long. Address literals are answered at once.
 */
public final class NameLookup {
    private static final int THREADS = 8;
    private static final int WAITING = 256;

    private final EventLoop loop;
    private final Names names;
    private final ThreadPoolExecutor threads;

    /** Knows names: the system, or a test in its place. May take long. */
    @FunctionalInterface
    public interface Names {
        /** The address that {@code host} means now. */
        InetAddress addressOf(String host) throws UnknownHostException;
    }

    /** What came of a lookup; called on the event loop. */
    public interface Answer {
        /** The name means this address. */
        void found(InetAddress address);

        /** The name means nothing now; {@code why} is for the log. */
        void failed(String why);
    }

    /** Asks the system; answers are given on {@code loop}. */
    public NameLookup(EventLoop loop) {
        this(loop, InetAddress::getByName);
    }

    /** Asks {@code names}; answers are given on {@code loop}. */
    public NameLookup(EventLoop loop, Names names) {
        this.loop = loop;
        this.names = names;
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                5,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                new DefaultThreadFactory("matriarch-names", true));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Looks {@code host} up: a name, or a literal without brackets. Call on the event loop. */
    public void resolve(String host, Answer answer) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            answer.found(addressOf(host, literal));
            return;
        }
        try {
            threads.execute(() -> lookUp(host, answer));
        } catch (RejectedExecutionException e) {
            answer.failed("too many lookups are waiting");
        }
    }

    /** Gives up what is waiting. */
    public void shutDown() {
        threads.shutdownNow();
    }

    private void lookUp(String host, Answer answer) {
        Runnable outcome;
        try {
            InetAddress address = names.addressOf(host);
            outcome = () -> answer.found(address);
        } catch (UnknownHostException e) {
            outcome = () -> answer.failed("host " + host + " is not known");
        }
        try {
            loop.execute(outcome);
        } catch (RejectedExecutionException e) {
            // The server stopped meanwhile; nobody waits for the answer.
            return;
        }
    }

    private static InetAddress addressOf(String host, byte[] literal) {
        try {
            return InetAddress.getByAddress(host, literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("literal of " + literal.length + " bytes", e);
        }
    }
}
