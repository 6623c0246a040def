package io.matriarch.sim.apache;

import io.matriarch.core.port.Now;
import io.matriarch.sim.check.ServerChecks;
import io.matriarch.sim.net.VirtualNetwork;
import io.matriarch.sim.time.Chance;
import io.matriarch.wire.election.Notification;
import java.util.function.Supplier;

/** The world as one life of a modelled server sees it. Nothing happens from within a call; everything comes later. */
public interface ApacheSurroundings {
    /** The machine's clocks. */
    Now now();

    /** Does {@code work} later, unless this life has ended then. */
    void after(long nanos, Runnable work);

    /** How long forcing something to disk takes this time. */
    long forceNanos();

    Chance chance();

    /** Gives a notification to a peer; only the newest undelivered one counts. */
    void tell(int peer, Notification notification);

    /** Every connection on the election port ends, and what waits to be sent over one is forgotten. */
    void restartElection();

    /** Dials a leader's quorum port. */
    void dial(int leader, VirtualNetwork.Dialler dialler);

    /** Dials a follower's port for observers. */
    void dialObserverMaster(int master, VirtualNetwork.Dialler dialler);

    /** What is on the wire passed through the codecs, if this world does that. */
    Object coded(Object message);

    /** Whether a peer is of our kind, and so answerable for what it does to this server. */
    boolean isOurs(int sid);

    /** The process ends with an exit code; it is started again. */
    void exit(String why);

    /** A client is served without a quorum. */
    void countReader();

    /** One line of the trace, if anybody reads it. */
    void trace(Supplier<String> what);

    /** The checks of this server, told in the words of our own core. */
    ServerChecks checks();
}
