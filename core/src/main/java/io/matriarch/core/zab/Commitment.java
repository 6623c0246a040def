package io.matriarch.core.zab;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.QuorumVerifier;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.quorum.QuorumPacket;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What of a leader's proposals is on enough disks: it is committed in order, sent, and applied (zab.md 10.1).
 *
 * <p>A proposal needs a quorum of every configuration that is active when it is proposed: up to a reconfiguration of the
 * committed one; the reconfiguration itself, and while that is pending all behind it, of both (zab.md 14). Once it is
 * committed the new one alone decides, also over what was proposed meanwhile.
 *
 * <p>Deviation: Apache goes on to want both for the latter, and hangs if the old quorum is gone. This is safe: whoever could
 * lead without the new quorum lacks the reconfiguration, which is on disks of every quorum of the old configuration, and so
 * is refused as behind.
 */
final class Commitment {
    private final Zab zab;
    private final Collection<LearnerLink> links;
    private final Listener listener;

    private Zxid ownLogged = Zxid.NONE;
    private @Nullable Proposal reconfiguration;
    private @Nullable ServerId successor;

    /** Who is told what becomes of proposals. */
    interface Listener {
        /** A quorum has it; it is about to be applied. */
        void committing(Proposal proposal);

        /** Everything up to {@code newest} is committed and applied. */
        void committed(Zxid newest);
    }

    /**
     * @param links the leader's links, as they come and go
     */
    Commitment(Zab zab, Collection<LearnerLink> links, Listener listener) {
        this.zab = zab;
        this.links = links;
        this.listener = listener;
    }

    /** A proposal is logged here and on its way. */
    void proposed(Proposal proposal) {
        if (proposal.txn().header().type() == OpCode.RECONFIG) {
            reconfiguration = proposal;
        }
    }

    /** Whoever leads from now on, if it is not us: we commit nothing more (invariant 39). */
    @Nullable
    ServerId successor() {
        return successor;
    }

    /** Our own log is durable up to {@code zxid}. */
    void loggedThrough(Zxid zxid) {
        if (zxid.isAfter(ownLogged)) {
            ownLogged = zxid;
            advance();
        }
    }

    /** Some disk holds more than before. */
    void advance() {
        if (successor != null) {
            return;
        }
        Proposal pending = reconfiguration;
        if (pending == null) {
            commitThrough(newestOnQuorum(zab.verifier()));
            return;
        }
        Zxid before = Zxid.of(pending.zxid().epoch(), pending.zxid().counter() - 1);
        Zxid ofOld = newestOnQuorum(zab.membership().ofCommitted());
        commitThrough(ofOld.isAfter(before) ? before : ofOld);
        boolean asksBoth = zab.rules().asksBothConfigurations();
        if (isOnQuorum(
                pending.zxid(), asksBoth ? zab.verifier() : zab.membership().ofCommitted())) {
            reconfiguration = null;
            activate(pending);
            advance();
        }
    }

    private void commitThrough(Zxid quorumHas) {
        Zxid newest = null;
        for (Proposal proposal : zab.history().pending()) {
            if (proposal.zxid().isAfter(quorumHas)) {
                break;
            }
            newest = proposal.zxid();
            sendCommit(newest, false);
            inform(Proposal.inform(proposal.entry()));
            listener.committing(proposal);
        }
        if (newest == null) {
            return;
        }
        sendCommit(newest, true);
        zab.history().commitThrough(zab.now(), newest);
        zab.traceFirstCommit(newest);
        listener.committed(newest);
    }

    /** COMMITANDACTIVATE and INFORMANDACTIVATE: with the configuration goes the name of who leads in it. */
    private void activate(Proposal proposal) {
        Configuration next = zab.membership().lastSeen();
        ServerId designated = designated(next, proposal.zxid());
        QuorumPacket packet = Activation.commit(proposal.zxid(), designated);
        for (LearnerLink link : links) {
            if (link.isActive() && !link.isObserver) {
                link.order.committed(zab, proposal.zxid(), packet);
            }
        }
        inform(Activation.inform(proposal, designated));
        zab.out()
                .trace(new TraceEvent.ConfigurationAgreed(
                        next.version(), next.members().size()));
        if (!designated.equals(zab.self())) {
            successor = designated;
        }
        zab.history().commitThrough(zab.now(), proposal.zxid());
        zab.traceFirstCommit(proposal.zxid());
        listener.committed(proposal.zxid());
    }

    /**
     * We, if we stay a voter at the same place; else the voter of the next configuration that has logged most, and the
     * reconfiguration at least (zab.md 14). There is one but if we alone are its quorum.
     */
    private ServerId designated(Configuration next, Zxid reconfig) {
        ServerId best = zab.self();
        if (zab.membership().committed().keepsAsVoter(best, next)) {
            return best;
        }
        Zxid most = Zxid.NONE;
        for (ServerId sid : next.participants()) {
            Zxid logged = loggedBy(sid);
            boolean isCandidate = !sid.equals(zab.self()) && !reconfig.isAfter(logged);
            if (isCandidate && !most.isAfter(logged)) {
                best = sid;
                most = logged;
            }
        }
        return best;
    }

    private void sendCommit(Zxid zxid, boolean toCumulative) {
        QuorumPacket packet = Proposal.commit(zxid);
        for (LearnerLink link : links) {
            if (zab.isToldOfProposals(link) && link.has(Zab.CUMULATIVE) == toCumulative) {
                link.order.committed(zab, zxid, packet);
            }
        }
    }

    private void inform(QuorumPacket packet) {
        for (LearnerLink link : links) {
            if (link.isActive() && link.isObserver) {
                link.order.committed(zab, new Zxid(packet.zxid()), packet);
            }
        }
    }

    /** The newest zxid that the disks of a quorum of voters hold. */
    private Zxid newestOnQuorum(QuorumVerifier verifier) {
        Zxid best = isOnQuorum(ownLogged, verifier) ? ownLogged : Zxid.NONE;
        for (LearnerLink link : links) {
            if (link.ackedThrough.isAfter(best) && isOnQuorum(link.ackedThrough, verifier)) {
                best = link.ackedThrough;
            }
        }
        return best;
    }

    private boolean isOnQuorum(Zxid zxid, QuorumVerifier verifier) {
        return verifier.isQuorum(sid -> !zxid.isAfter(loggedBy(sid)));
    }

    private Zxid loggedBy(ServerId sid) {
        if (sid.equals(zab.self())) {
            return ownLogged;
        }
        for (LearnerLink link : links) {
            if (link.isOf(sid) && link.isActive()) {
                return link.ackedThrough;
            }
        }
        return Zxid.NONE;
    }
}
