package io.matriarch.server.link;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** Asks a {@link Route} at the place where Netty looks names up: between the wish to connect and the connection. */
final class RoutedAddresses extends AddressResolverGroup<InetSocketAddress> {
    private final Route route;

    RoutedAddresses(Route route) {
        this.route = route;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new AbstractAddressResolver<>(executor, InetSocketAddress.class) {
            @Override
            protected boolean doIsResolved(InetSocketAddress address) {
                return false;
            }

            @Override
            protected void doResolve(InetSocketAddress wanted, Promise<InetSocketAddress> promise) {
                route.to(wanted)
                        .whenComplete((address, failure) -> answer(executor, () -> {
                            if (failure == null) {
                                promise.trySuccess(address);
                            } else {
                                promise.tryFailure(causeOf(failure));
                            }
                        }));
            }

            @Override
            protected void doResolveAll(InetSocketAddress wanted, Promise<List<InetSocketAddress>> promise) {
                promise.tryFailure(new UnsupportedOperationException("a route leads to one address"));
            }
        };
    }

    private static void answer(EventExecutor executor, Runnable answer) {
        try {
            executor.execute(answer);
        } catch (RejectedExecutionException e) {
            // The server stopped meanwhile; nobody waits for the answer.
            return;
        }
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }
}
