package io.matriarch.sim.net;

/** One end of a stream, as its owner sees it. Called in virtual time, never from within {@link Stream#send}. */
public interface StreamEnd {
    /** The next message; they arrive in the order sent, none twice, none left out before a later one. */
    void received(Object message);

    /** The other side closed, crashed, or the network broke the stream. Nothing more arrives. */
    void closed(String reason);
}
