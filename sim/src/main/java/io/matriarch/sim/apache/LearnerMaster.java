package io.matriarch.sim.apache;

import io.matriarch.wire.Zxid;
import io.matriarch.wire.quorum.QuorumPacket;

/** Whoever serves learners: a leader, or a follower that serves observers (zab.md 8, 15). */
interface LearnerMaster {
    /** A packet of this learner, in whatever state it is. */
    void received(LearnerHandler handler, QuorumPacket packet);

    /** The connection of this learner ended. */
    void gone(LearnerHandler handler, String why);

    /** The newest that it knows to be committed. */
    Zxid lastCommitted();

    /** Whether it serves nobody any more. */
    boolean isOver();

    /** The learner has, or will have, all up to {@code sent}: what follows it, and NEWLEADER. */
    void forward(LearnerHandler handler, Zxid sent);
}
