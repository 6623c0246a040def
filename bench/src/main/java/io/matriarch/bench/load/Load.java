package io.matriarch.bench.load;

/**
 * What one measurement asks of the servers.
 *
 * @param kind what the requests do
 * @param window requests that each connection keeps outstanding: 1 is one at a time
 */
public record Load(Kind kind, int window) {
    /** Which requests are sent. */
    public enum Kind {
        /** setData of existing znodes. */
        WRITE,
        /** create of new znodes. */
        CREATE,
        /** getData of existing znodes. */
        READ,
        /** One setData among nine getData, drawn evenly. */
        MIX
    }
}
