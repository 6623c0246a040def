package io.matriarch.cli.contact;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A question of four letters on a client port, of ours or Apache's (operations.md 3). */
public final class FourLetterWord {
    /** Far above any answer of ours; an Apache server's is as long as it has clients. */
    private static final int MAX_ANSWER_BYTES = 4 << 20;

    private static final String REFUSED = " is not executed because it is not in the whitelist.";

    private FourLetterWord() {}

    /** The server answers, but not this word. */
    public static final class NotAllowedException extends IOException {
        private static final long serialVersionUID = 1;

        NotAllowedException(String text) {
            super(text);
        }
    }

    /**
     * Asks, and reads until the server hangs up.
     *
     * @throws NotAllowedException if the server's configuration does not allow the word, or it does not know it
     * @throws IOException if it cannot be reached, is silent, or answers without end
     */
    public static String ask(Network network, Address server, String word) throws IOException {
        try (Socket socket = network.connect(server)) {
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] chunk = new byte[8192];
            int read = in.read(chunk);
            while (read >= 0) {
                if (answer.size() + read > MAX_ANSWER_BYTES) {
                    throw new IOException("its answer to '" + word + "' is longer than " + MAX_ANSWER_BYTES + " bytes");
                }
                answer.write(chunk, 0, read);
                read = in.read(chunk);
            }
            String text = answer.toString(StandardCharsets.UTF_8);
            // Compat: Apache hangs up without a word when it is asked for one that it does not know.
            if (text.isEmpty()) {
                throw new NotAllowedException("it does not know the word '" + word + "', as Apache's servers do not");
            } else if (text.contains(word + REFUSED)) {
                throw new NotAllowedException(
                        "it does not answer '" + word + "': add that to 4lw.commands.whitelist in its zoo.cfg");
            }
            return text;
        }
    }
}
