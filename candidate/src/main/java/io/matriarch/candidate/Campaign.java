package io.matriarch.candidate;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one candidacy, as a state machine: events in, effects out; no thread, no socket, no clock. One caller at a
 * time.
 *
 * <p>The way of a candidate (client.md 20.1): make the parents, create the own znode, list, and then either read the own
 * znode and lead, or read the predecessor's and wait for it to change. Whatever happens later, it lists again; it never
 * deletes its znode to begin anew, because two candidates that do so can keep each other busy for ever. Every question
 * starts a new generation, so that at most one answer counts.
 *
 * <p>Leadership is granted only when the own znode was the first of a list and its owner, read after that list, is the
 * session of this candidacy. It ends publicly before anything that lets another candidate lead, with one exception that
 * nobody can help: an expired session.
 */
final class Campaign {
    /** How long to wait before an operation that failed for a reason of its own is tried again. */
    static final long RETRY_MILLIS = 1000;

    /**
     * The part of the session timeout for which leadership is kept without a connection. The client gives a connection
     * up at the latest when two thirds of the timeout have passed in silence; the server counts from a moment before
     * that silence, so that the last third is certainly still ours.
     */
    private static final int HOLD_DIVISOR = 3;

    private final String parent;
    private final Supplier<UUID> chance;
    private final List<CampaignEffect> effects = new ArrayList<>();

    private int generation;
    private boolean isConnected;
    private boolean isClosed;
    private boolean areContainersOffered = true;

    /** 0 while there is no session. */
    private long sessionId;

    private int timeoutMillis;

    /** Start of the own znode's name, known to nobody else; a new one per session. */
    private String protection;

    /** A create was sent whose outcome is unknown. */
    private boolean isCreateUncertain;

    /** Length of the part of {@link #parent} that is being created. */
    private int parentsCreatedTo;

    private @Nullable String ownName;
    private @Nullable String watchedPath;
    private @Nullable Leadership leadership;

    /**
     * @param parent where the candidates' znodes are, for instance {@code /candidates}
     * @param chance gives ids that nobody else has
     */
    Campaign(String parent, Supplier<UUID> chance) {
        this.parent = parent;
        this.chance = chance;
        this.protection = newProtection();
    }

    /** Takes one event. The list is only valid until the next call. */
    List<CampaignEffect> step(CampaignEvent event) {
        effects.clear();
        if (!isClosed) {
            dispatch(event);
        }
        return effects;
    }

    /** Whether the candidacy ended. Every event is ignored from then on. */
    boolean isClosed() {
        return isClosed;
    }

    private void dispatch(CampaignEvent event) {
        if (event instanceof CampaignEvent.Started) {
            effects.add(new CampaignEffect.OpenSession(++generation));
        } else if (event instanceof CampaignEvent.Connected e) {
            connected(e);
        } else if (event instanceof CampaignEvent.Disconnected) {
            disconnected();
        } else if (event instanceof CampaignEvent.SessionExpired) {
            sessionExpired();
        } else if (event instanceof CampaignEvent.OpenFailed e && e.generation() == generation) {
            retryLater("cannot make a client: " + e.cause());
        } else if (event instanceof CampaignEvent.ParentCreated e && e.generation() == generation) {
            parentCreated(e.code());
        } else if (event instanceof CampaignEvent.NodeCreated e && e.generation() == generation) {
            nodeCreated(e.code());
        } else if (event instanceof CampaignEvent.Listed e && e.generation() == generation) {
            listed(e);
        } else if (event instanceof CampaignEvent.OwnNodeRead e && e.generation() == generation) {
            ownNodeRead(e);
        } else if (event instanceof CampaignEvent.PredecessorRead e && e.generation() == generation) {
            predecessorRead(e.code());
        } else if (event instanceof CampaignEvent.NodeChanged e && e.path().equals(watchedPath)) {
            list(false);
        } else if (event instanceof CampaignEvent.TimerFired e && e.generation() == generation) {
            timerFired();
        } else if (event instanceof CampaignEvent.CloseRequested) {
            close();
        }
    }

    // --- the session ---------------------------------------------------------------------------------------------

    private void connected(CampaignEvent.Connected e) {
        sessionId = e.sessionId();
        timeoutMillis = e.timeoutMillis();
        isConnected = true;
        tell(new CandidacyEvent.Connected(sessionId));
        if (leadership != null) {
            effects.add(new CampaignEffect.UnlimitLeadership());
        }
        // A create whose answer was lost may be on its way through the leader: a list that may miss it proves nothing.
        list(isCreateUncertain);
    }

    private void disconnected() {
        isConnected = false;
        generation++;
        tell(new CandidacyEvent.Disconnected());
        if (leadership != null) {
            long holdMillis = timeoutMillis / HOLD_DIVISOR;
            effects.add(new CampaignEffect.LimitLeadership(holdMillis));
            effects.add(new CampaignEffect.StartTimer(generation, holdMillis));
        }
    }

    private void sessionExpired() {
        stepDown("the session expired");
        tell(new CandidacyEvent.SessionLost(sessionId));
        isConnected = false;
        sessionId = 0;
        ownName = null;
        watchedPath = null;
        isCreateUncertain = false;
        protection = newProtection();
        effects.add(new CampaignEffect.CloseSession());
        effects.add(new CampaignEffect.OpenSession(++generation));
    }

    private void timerFired() {
        if (isConnected) {
            list(isCreateUncertain);
        } else if (leadership != null) {
            stepDown("no connection for a third of the session timeout");
        } else if (sessionId == 0) {
            effects.add(new CampaignEffect.OpenSession(++generation));
        }
    }

    private void close() {
        stepDown("the candidacy was closed");
        isClosed = true;
        tell(new CandidacyEvent.Closed());
        effects.add(new CampaignEffect.CloseSession());
    }

    // --- from the parents to the own znode -------------------------------------------------------------------------

    private void createParents() {
        // From the top: those that exist answer so, and cost one round trip each only when something is missing.
        int end = parent.indexOf('/', 1);
        parentsCreatedTo = end < 0 ? parent.length() : end;
        createParent();
    }

    private void createParent() {
        String path = parent.substring(0, parentsCreatedTo);
        effects.add(new CampaignEffect.CreateParent(++generation, path, areContainersOffered));
    }

    private void parentCreated(Code code) {
        switch (code) {
            case OK, NODEEXISTS -> {
                if (parentsCreatedTo == parent.length()) {
                    createNode();
                    return;
                }
                int end = parent.indexOf('/', parentsCreatedTo + 1);
                parentsCreatedTo = end < 0 ? parent.length() : end;
                createParent();
            }
            case UNIMPLEMENTED -> {
                // A server older than 3.5. Some close the connection too; then this is done again once it is back.
                areContainersOffered = false;
                createParent();
            }
            default -> failed(code, "creating " + parent.substring(0, parentsCreatedTo));
        }
    }

    private void createNode() {
        isCreateUncertain = true;
        effects.add(new CampaignEffect.CreateNode(++generation, parent + "/" + protection));
    }

    private void nodeCreated(Code code) {
        isCreateUncertain = code == Code.CONNECTIONLOSS || code == Code.OPERATIONTIMEOUT;
        switch (code) {
            case OK -> list(false);
            // An empty container may have been taken away in between.
            case NONODE -> createParents();
            default -> failed(code, "creating a candidate under " + parent);
        }
    }

    // --- from the list to leading or waiting -----------------------------------------------------------------------

    private void list(boolean isAfterSync) {
        watchedPath = null;
        effects.add(new CampaignEffect.ListCandidates(++generation, isAfterSync));
    }

    private void listed(CampaignEvent.Listed e) {
        switch (e.code()) {
            case OK -> {
                isCreateUncertain = false;
                found(Contenders.of(e.names()));
            }
            case NONODE -> {
                isCreateUncertain = false;
                lostOwnNode();
                createParents();
            }
            default -> failed(e.code(), "listing " + parent);
        }
    }

    private void found(Contenders contenders) {
        String own = contenders.withPrefix(protection);
        if (own == null) {
            lostOwnNode();
            createNode();
            return;
        }
        String path = parent + "/" + own;
        if (!own.equals(ownName)) {
            ownName = own;
            tell(new CandidacyEvent.Entered(path, Contenders.sequenceOf(own), sessionId));
        }
        String predecessor = contenders.before(own);
        if (predecessor == null) {
            watchedPath = path;
            effects.add(new CampaignEffect.ReadOwnNode(++generation, path));
        } else {
            stepDown("another candidate is before this one");
            watchedPath = parent + "/" + predecessor;
            effects.add(new CampaignEffect.ReadPredecessor(++generation, watchedPath));
        }
    }

    private void lostOwnNode() {
        stepDown("the own znode is gone");
        ownName = null;
    }

    private void ownNodeRead(CampaignEvent.OwnNodeRead e) {
        String path = parent + "/" + ownName;
        if (e.code() == Code.NONODE) {
            list(false);
        } else if (e.code() != Code.OK) {
            failed(e.code(), "reading " + path);
        } else if (e.ephemeralOwner() != sessionId) {
            stepDown("the own znode belongs to another session");
            retryLater(path + " belongs to session 0x" + Long.toHexString(e.ephemeralOwner()) + ", not to 0x"
                    + Long.toHexString(sessionId));
        } else if (leadership == null) {
            leadership = new Leadership(path, sessionId, e.czxid());
            tell(new CandidacyEvent.Leading(leadership));
        }
    }

    private void predecessorRead(Code code) {
        switch (code) {
            case OK -> tell(new CandidacyEvent.Waiting(parent + "/" + ownName, String.valueOf(watchedPath)));
            case NONODE -> list(false);
            default -> failed(code, "reading " + watchedPath);
        }
    }

    // --- the rest ----------------------------------------------------------------------------------------------------

    private void failed(Code code, String what) {
        // An expired session is told separately. After a lost connection the answer is to list once it is back, but an
        // answer may also be lost on a connection that lives.
        if (code == Code.CONNECTIONLOSS && isConnected) {
            effects.add(new CampaignEffect.StartTimer(++generation, RETRY_MILLIS));
        } else if (code != Code.SESSIONEXPIRED) {
            retryLater(what + ": " + code);
        }
    }

    private void retryLater(String what) {
        if (isConnected || sessionId == 0) {
            tell(new CandidacyEvent.Troubled(what + "; trying again in " + RETRY_MILLIS + " ms"));
            effects.add(new CampaignEffect.StartTimer(++generation, RETRY_MILLIS));
        }
    }

    private void stepDown(String reason) {
        if (leadership != null) {
            tell(new CandidacyEvent.SteppedDown(leadership, reason));
            leadership = null;
        }
    }

    private String newProtection() {
        return "_c_" + chance.get() + "-candidate-";
    }

    private void tell(CandidacyEvent event) {
        effects.add(new CampaignEffect.Tell(event));
    }
}
