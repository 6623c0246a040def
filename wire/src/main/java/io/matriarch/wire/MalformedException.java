package io.matriarch.wire;

/**
 * Bytes from outside do not form the record they should. The message says what is wrong and at which offset, counted
 * from the start of the bytes given to the reader. Whoever decodes decides what that costs the sender: an error reply,
 * an ignored message or the link.
 */
public class MalformedException extends RuntimeException {
    /** A fault described by {@code message}. */
    public MalformedException(String message) {
        super(message);
    }

    /** A fault found at {@code offset} bytes from the start. */
    public MalformedException(String message, int offset) {
        super(message + " at offset " + offset);
    }
}
