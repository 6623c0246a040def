package io.matriarch.sim.world;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.tree.DataTree;
import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.wire.election.Notification;

/** One life of a server on a machine: our core with its host, or a model of somebody else's. */
interface HostedServer {
    /** Ends this life; {@code isSilent}: the machine vanishes with it, so nobody is told. */
    void end(boolean isSilent);

    /** It does not run for this long. */
    void pause(long nanos);

    /** An operator asks it to stop, in order. */
    default void requestStop() {}

    /** An operator wants this server to lead. */
    default void requestTransfer(int sid) {}

    /** Whether a crash now would break what nobody but this server's own release is to blame for. */
    boolean mayNotCrash();

    // --- what it is --------------------------------------------------------------------------------------------------

    boolean isServing();

    /** Whether it leads others that follow. */
    boolean isEstablishedLeader();

    /** Whether it was elected, and no quorum has come to follow yet. */
    boolean isNearlyLeader();

    /** Who is a member, as far as it knows. */
    Configuration configuration();

    DataTree tree();

    /** For people. */
    String describe();

    // --- its ports ---------------------------------------------------------------------------------------------------

    boolean isListeningForLearners();

    StreamEnd acceptLearner(Stream stream);

    /** Whether it takes observers on the port for them, as it takes learners on the other. */
    default boolean isListeningForObservers() {
        return false;
    }

    /** Takes whoever connected there. */
    default StreamEnd acceptObserver(Stream stream) {
        return acceptLearner(stream);
    }

    boolean isListeningForClients();

    StreamEnd acceptClient(Stream stream);

    void electionLinkUp(int peerSid);

    void electionLinkDown(int peerSid);

    void refused(int peerSid);

    void notified(int from, Notification notification);
}
