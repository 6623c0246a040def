package io.matriarch.cli.elect;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What a candidate published, as text: anybody may have written it, so that nothing in it may reach a terminal unseen. */
final class Published {
    private Published() {}

    /** UTF-8 with a question mark for each control character; other content by its size alone. */
    static String text(byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.replaceAll("\\p{Cntrl}", "?");
        } catch (CharacterCodingException e) {
            return "(" + content.length + " bytes that are no text)";
        }
    }

    /** As {@link #text}, of at most {@code width} characters. */
    static String text(byte[] content, int width) {
        String text = text(content);
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
