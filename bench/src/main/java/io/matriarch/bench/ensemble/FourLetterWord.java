package io.matriarch.bench.ensemble;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a server with a four-letter word (operations.md 3). */
public final class FourLetterWord {
    private FourLetterWord() {}

    /**
     * The whole answer.
     *
     * @param bound for connecting and for every wait for more of the answer
     * @throws IOException when nobody listens, or the answer does not end in time
     */
    public static String ask(InetSocketAddress server, String word, Duration bound) throws IOException {
        int boundMillis = Math.toIntExact(bound.toMillis());
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(boundMillis);
            socket.connect(server, boundMillis);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
