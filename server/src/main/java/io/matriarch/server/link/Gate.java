package io.matriarch.server.link;

import io.matriarch.wire.election.HostPort;
import io.netty.channel.Channel;

/**
 * What a new connection between servers goes through before its protocol begins: nothing, or TLS. For the replica thread
 * only.
 */
public interface Gate {
    /** Everybody passes at once. */
    Gate OPEN = new Gate() {
        @Override
        public void accepted(Channel channel, Passage passage) {
            passage.ready();
        }

        @Override
        public void dialled(Channel channel, HostPort address, Passage passage) {
            passage.ready();
        }
    };

    /** What becomes of the connection; one of the two is called, once, unless the channel was closed meanwhile. */
    interface Passage {
        /** The protocol's handler is to be added now, as the last of the channel's. */
        void ready();

        /** The connection is of no use and will be closed. */
        void refused(String why);
    }

    /** Somebody dialled us. */
    void accepted(Channel channel, Passage passage);

    /** We dialled {@code address}. */
    void dialled(Channel channel, HostPort address, Passage passage);
}
