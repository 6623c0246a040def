package io.matriarch.server.config;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells which host names stand for another machine. */
@FunctionalInterface
interface LocalHosts {
    /** Where nothing is looked up, and so every host may be ours. */
    LocalHosts ANY = host -> null;

    /** The addresses of {@code host} as text if not one of them is of this machine; null if one is, or it has none yet. */
    @Nullable
    String foreignAddressesOf(String host);

    /** By the system's name service, which may take this long, and the interfaces of this machine. */
    static LocalHosts bySystem(int limitMillis) {
        return host -> {
            InetAddress[] addresses = resolve(host, limitMillis);
            boolean isForeign = addresses.length > 0 && Arrays.stream(addresses).noneMatch(LocalHosts::isOurs);
            return isForeign
                    ? Arrays.stream(addresses).map(InetAddress::getHostAddress).collect(Collectors.joining(", "))
                    : null;
        };
    }

    private static InetAddress[] resolve(String host, int limitMillis) {
        CompletableFuture<InetAddress[]> found = new CompletableFuture<>();
        // A name service that does not answer can hold a look-up for minutes; a start must not wait for it.
        Thread lookup = new Thread(() -> lookUp(host, found), "matriarch-own-address");
        lookup.setDaemon(true);
        lookup.start();
        try {
            return found.get(limitMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return new InetAddress[0];
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new InetAddress[0];
        }
    }

    private static void lookUp(String host, CompletableFuture<InetAddress[]> found) {
        try {
            found.complete(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            found.completeExceptionally(e);
        }
    }

    private static boolean isOurs(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            // The interfaces cannot be listed here; binding will tell.
            return true;
        }
    }
}
