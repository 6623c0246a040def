package io.matriarch.server.link;

/**
 * What connections between servers go through, in this order.
 *
 * @param tls before the first byte of a protocol
 * @param sasl before the first frame or packet; behind the opening on the election port
 */
public record PeerGates(Gate tls, Gate sasl) {
    /** Clear text, and nobody authenticates. */
    public static final PeerGates OPEN = new PeerGates(Gate.OPEN, Gate.OPEN);
}
