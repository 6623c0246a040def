package io.matriarch.candidate;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one candidacy, as a state machine: events in, effects out; no thread, no socket. One caller at a time.
 *
 * <p>The way of a candidate (client.md 20.1): make the parents, create the own znode, list, and then either read the own
 * znode, have it confirmed and lead, or read the predecessor's and wait for it to change. Whatever happens later, it lists
 * again; it never deletes its znode to begin anew, because two candidates that do so can keep each other busy for ever.
 * Every question starts a new generation, so that at most one answer counts.
 *
 * <p>Leadership is granted only when the own znode was the first of a list, its owner, read after that list, is the session
 * of this candidacy, and a committed write found it there. It is renewed by such writes, ends by itself without them
 * ({@link Lease}), and ends publicly before anything that lets another candidate lead.
 */
final class Campaign {
    /** How long to wait before an operation that failed for a reason of its own is tried again. */
    static final long RETRY_MILLIS = 1000;

    /** No deadline. */
    static final long NEVER = Long.MAX_VALUE;

    private enum Intent {
        /** Stand, and lead when it is our turn. */
        STAND,
        /** Take the znode back, rest, then stand again. */
        RESIGN,
        /** Let a named candidate lead, then stand again behind it. */
        STEP_ASIDE,
        /** Take the znode back and end. */
        LEAVE
    }

    private final Settings settings;
    private final Supplier<UUID> chance;
    private final LongSupplier clock;
    private final List<CampaignEffect> effects = new ArrayList<>();
    private final ParentPath parents;

    /** The time of this step, monotonic nanoseconds. */
    private long now;

    private int generation;
    private Intent intent = Intent.STAND;
    private boolean isFinished;
    private boolean isConnected;

    /** 0 while there is no session. */
    private long sessionId;

    private int timeoutMillis;

    /** Start of the own znode's name; a new one per session. */
    private String prefix;

    /** A create was sent whose outcome is unknown. */
    private boolean isCreateUncertain;

    private @Nullable String ownName;
    private @Nullable String watchedPath;

    /** czxid of the own znode, read while it was the first of the last list; 0 while it was not. */
    private long grantableToken;

    private @Nullable Lease lease;

    private int confirmGeneration;
    private long confirmSentNanos;
    private boolean isConfirming;
    private long confirmAtNanos = NEVER;
    private long retryAtNanos = NEVER;

    /** Until when a candidate that resigned does not stand; NEVER while nobody rests. */
    private long restUntilNanos = NEVER;

    private long restNanos;
    private @Nullable String successor;
    private boolean isSequenceWarned;
    private boolean hasLed;

    /**
     * @param chance gives ids that nobody else has
     * @param clock monotonic nanoseconds, for those who ask a leadership whether it still holds
     */
    Campaign(Settings settings, Supplier<UUID> chance, LongSupplier clock) {
        this.settings = settings;
        this.chance = chance;
        this.clock = clock;
        this.parents = new ParentPath(settings.parent());
        this.prefix = newPrefix();
    }

    /**
     * Takes one event at {@code nowNanos}, a monotonic time that is not after the moment at which the effects are begun. The
     * list is only valid until the next call.
     */
    List<CampaignEffect> step(long nowNanos, CampaignEvent event) {
        now = nowNanos;
        effects.clear();
        if (!isFinished) {
            // Also before an answer that would make it longer: a lease that was over stays so.
            endLapsedLease();
            dispatch(event);
            if (settings.aim() == Aim.LEAD_ONCE && hasLed && lease == null) {
                close();
            }
        }
        return effects;
    }

    /** When to step TimePassed, monotonic nanoseconds; {@link #NEVER} for not at all. */
    long deadlineNanos() {
        if (isFinished) {
            return NEVER;
        }
        long deadline = earlier(retryAtNanos, restUntilNanos);
        Lease current = lease;
        if (current != null) {
            deadline = earlier(deadline, current.untilNanos());
            deadline = isConnected && !isConfirming ? earlier(deadline, confirmAtNanos) : deadline;
        }
        return deadline;
    }

    /** Whether the candidacy ended. Every event is ignored from then on. */
    boolean isFinished() {
        return isFinished;
    }

    /** The leadership that was told last, or null since it was told to have ended. */
    @Nullable
    Lease lease() {
        return lease;
    }

    private static long earlier(long a, long b) {
        if (a == NEVER || b == NEVER) {
            return a == NEVER ? b : a;
        }
        return a - b < 0 ? a : b;
    }

    private boolean isDue(long atNanos) {
        return atNanos != NEVER && now - atNanos >= 0;
    }

    private void dispatch(CampaignEvent event) {
        if (event instanceof CampaignEvent.Connected e) {
            connected(e);
        } else if (event instanceof CampaignEvent.Disconnected) {
            disconnected();
        } else if (event instanceof CampaignEvent.SessionExpired) {
            sessionExpired();
        } else if (event instanceof CampaignEvent.Confirmed e) {
            if (e.generation() == confirmGeneration && isConfirming) {
                confirmed(e.code());
            }
        } else if (event instanceof CampaignEvent.NodeChanged e) {
            if (e.path().equals(watchedPath)) {
                list(false);
            }
        } else if (event instanceof CampaignEvent.TimePassed) {
            timePassed();
        } else if (event instanceof CampaignEvent.ResignRequested e) {
            resign(e.restNanos());
        } else if (event instanceof CampaignEvent.StepAsideRequested e) {
            stepAside(e.successor());
        } else if (event instanceof CampaignEvent.CloseRequested) {
            close();
        } else {
            answered(event);
        }
    }

    private void answered(CampaignEvent event) {
        if (event instanceof CampaignEvent.ParentCreated e && e.generation() == generation) {
            parentCreated(e.code());
        } else if (event instanceof CampaignEvent.NodeCreated e && e.generation() == generation) {
            nodeCreated(e.code(), e.path());
        } else if (event instanceof CampaignEvent.OwnFound e && e.generation() == generation) {
            ownFound(e);
        } else if (event instanceof CampaignEvent.Listed e && e.generation() == generation) {
            listed(e);
        } else if (event instanceof CampaignEvent.OwnNodeRead e && e.generation() == generation) {
            ownNodeRead(e);
        } else if (event instanceof CampaignEvent.PredecessorRead e && e.generation() == generation) {
            predecessorRead(e.code());
        } else if (event instanceof CampaignEvent.Withdrawn e && e.generation() == generation) {
            withdrawn(e.code());
        } else if (event instanceof CampaignEvent.Yielded e && e.generation() == generation) {
            yielded(e.code());
        }
    }

    // --- the session ---------------------------------------------------------------------------------------------

    private void connected(CampaignEvent.Connected e) {
        sessionId = e.sessionId();
        timeoutMillis = e.timeoutMillis();
        isConnected = true;
        tell(new CandidacyEvent.Connected(sessionId));
        // A create whose answer was lost may be on its way through the leader: a list that may miss it proves nothing.
        list(isCreateUncertain);
    }

    private void disconnected() {
        isConnected = false;
        isConfirming = false;
        retryAtNanos = NEVER;
        generation++;
        tell(new CandidacyEvent.Disconnected());
    }

    private void sessionExpired() {
        stepDown("the session expired");
        tell(new CandidacyEvent.SessionLost(sessionId));
        isConnected = false;
        isConfirming = false;
        sessionId = 0;
        generation++;
        ownName = null;
        watchedPath = null;
        isCreateUncertain = false;
        retryAtNanos = NEVER;
        prefix = newPrefix();
        if (intent == Intent.LEAVE) {
            finish();
        } else if (intent == Intent.RESIGN) {
            rest();
        } else {
            stand();
        }
    }

    private void timePassed() {
        if (isDue(restUntilNanos)) {
            restUntilNanos = NEVER;
            list(false);
        } else if (isDue(retryAtNanos) && isConnected) {
            list(isCreateUncertain);
        } else if (lease != null && isConnected && !isConfirming && isDue(confirmAtNanos)) {
            confirm();
            if (settings.isPreemptible()) {
                list(false);
            }
        }
    }

    // --- what the user asks
    // --------------------------------------------------------------------------------------------

    private void resign(long forNanos) {
        if (intent != Intent.LEAVE) {
            intent = Intent.RESIGN;
            restNanos = forNanos;
            stepDown("it resigned");
            leaveOrList();
        }
    }

    private void stepAside(String to) {
        String name = to.substring(to.lastIndexOf('/') + 1);
        if (intent != Intent.STAND || lease == null) {
            tell(new CandidacyEvent.Troubled("cannot step aside for " + name + ": this candidate does not lead"));
        } else {
            successor = name;
            intent = Intent.STEP_ASIDE;
            if (isConnected) {
                list(false);
            }
        }
    }

    private void close() {
        if (intent == Intent.LEAVE) {
            return;
        }
        intent = Intent.LEAVE;
        stepDown("the candidacy was closed");
        leaveOrList();
    }

    /** Goes on towards the end of the own znode, as far as that is possible now. */
    private void leaveOrList() {
        if (sessionId == 0) {
            gone();
        } else if (ownName != null || (intent == Intent.LEAVE && settings.isSessionOwn())) {
            // Also without a connection: the host may end the session, or waits for the connection.
            withdraw();
        } else if (isConnected) {
            list(isCreateUncertain);
        }
    }

    private void withdraw() {
        watchedPath = null;
        String path = ownName == null ? settings.parent() : settings.parent() + "/" + ownName;
        effects.add(new CampaignEffect.Withdraw(++generation, path, intent == Intent.LEAVE));
    }

    private void withdrawn(Code code) {
        switch (code) {
            case OK, NONODE -> {
                ownName = null;
                gone();
            }
            default -> failed(code, "deleting " + settings.parent() + "/" + ownName);
        }
    }

    /** The own znode is not there, and nothing is on its way that could make it. */
    private void gone() {
        if (intent == Intent.LEAVE) {
            finish();
        } else if (intent == Intent.RESIGN) {
            rest();
        }
    }

    private void rest() {
        stand();
        restUntilNanos = now + restNanos;
    }

    private void stand() {
        intent = Intent.STAND;
        successor = null;
    }

    private void finish() {
        isFinished = true;
        tell(new CandidacyEvent.Closed());
        effects.add(new CampaignEffect.Finish());
    }

    // --- from the parents to the own znode -------------------------------------------------------------------------

    private void createParent() {
        effects.add(new CampaignEffect.CreateParent(++generation, parents.current(), parents.isContainer()));
    }

    private void parentCreated(Code code) {
        switch (code) {
            case OK, NODEEXISTS -> {
                if (parents.hasNext()) {
                    parents.next();
                    createParent();
                } else {
                    createNode();
                }
            }
            case UNIMPLEMENTED -> {
                // A server older than 3.5. Some close the connection too; then this is done again once it is back.
                parents.offerNoContainers();
                createParent();
            }
            default -> failed(code, "creating " + parents.current());
        }
    }

    private void createNode() {
        isCreateUncertain = true;
        effects.add(new CampaignEffect.CreateNode(++generation, settings.parent() + "/" + prefix));
    }

    private void nodeCreated(Code code, @Nullable String path) {
        isCreateUncertain = code == Code.CONNECTIONLOSS || code == Code.OPERATIONTIMEOUT;
        switch (code) {
            case OK -> {
                if (path != null && !settings.layout().isProtected()) {
                    entered(path.substring(path.lastIndexOf('/') + 1));
                }
                list(false);
            }
            // An empty container may have been taken away in between.
            case NONODE -> {
                parents.restart();
                createParent();
            }
            default -> failed(code, "creating a candidate under " + settings.parent());
        }
    }

    /** What became of a create whose answer was lost, where the name does not tell. */
    private void ownFound(CampaignEvent.OwnFound e) {
        switch (e.code()) {
            case OK -> {
                isCreateUncertain = false;
                String path = e.path();
                if (path != null) {
                    entered(path.substring(path.lastIndexOf('/') + 1));
                }
                list(false);
            }
            case UNIMPLEMENTED -> {
                tell(new CandidacyEvent.Troubled("cannot tell whether a candidate was created under "
                        + settings.parent() + " (a server older than 3.6); beginning anew with another session"));
                effects.add(new CampaignEffect.RenewSession());
            }
            default -> failed(e.code(), "looking for the own candidate under " + settings.parent());
        }
    }

    // --- from the list to leading or waiting -----------------------------------------------------------------------

    private void list(boolean isAfterSync) {
        watchedPath = null;
        grantableToken = 0;
        retryAtNanos = NEVER;
        if (isConnected && isAfterSync && !settings.layout().isProtected()) {
            effects.add(new CampaignEffect.FindOwn(++generation, settings.parent() + "/" + prefix));
        } else if (isConnected) {
            effects.add(new CampaignEffect.ListCandidates(++generation, isAfterSync));
        }
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
                if (intent == Intent.LEAVE || intent == Intent.RESIGN) {
                    gone();
                } else if (restUntilNanos == NEVER) {
                    stand();
                    parents.restart();
                    createParent();
                }
            }
            default -> failed(e.code(), "listing " + settings.parent());
        }
    }

    private void found(Contenders contenders) {
        String own = ownAmong(contenders);
        if (own == null) {
            lostOwnNode();
            if (intent == Intent.LEAVE || intent == Intent.RESIGN) {
                gone();
            } else if (restUntilNanos == NEVER) {
                stand();
                createNode();
            }
            return;
        }
        entered(own);
        if (intent == Intent.LEAVE || intent == Intent.RESIGN) {
            withdraw();
        } else if (intent == Intent.STEP_ASIDE) {
            stepAside(contenders, own);
        } else {
            takePlace(contenders, own);
        }
    }

    private @Nullable String ownAmong(Contenders contenders) {
        if (settings.layout().isProtected()) {
            return contenders.withPrefix(prefix);
        }
        String known = ownName;
        return known != null && contenders.contains(known) ? known : null;
    }

    private void entered(String own) {
        if (own.equals(ownName)) {
            return;
        }
        ownName = own;
        long sequence = SequenceNumber.of(own);
        tell(new CandidacyEvent.Entered(settings.parent() + "/" + own, sequence, sessionId));
        if (!isSequenceWarned && Math.abs(sequence) > SequenceNumber.WARNING) {
            isSequenceWarned = true;
            tell(
                    new CandidacyEvent.Troubled(
                            settings.parent() + " has numbered " + sequence
                                    + " candidates; other libraries fail at 2147483647: remove the path and make it anew in a quiet hour"));
        }
    }

    private void takePlace(Contenders contenders, String own) {
        String predecessor = contenders.before(own, settings.blocks());
        String preferred = settings.aim() == Aim.LEAD ? contenders.preferredTo(settings.priority()) : null;
        if (predecessor != null) {
            stepDown("another candidate is before this one");
            watchedPath = settings.parent() + "/" + predecessor;
            effects.add(new CampaignEffect.ReadPredecessor(++generation, watchedPath));
        } else if (preferred != null && (lease == null || settings.isPreemptible())) {
            stepDown("a candidate of higher priority is there");
            yieldTo(preferred, List.of(own));
        } else {
            watchedPath = settings.parent() + "/" + own;
            effects.add(new CampaignEffect.ReadOwnNode(++generation, watchedPath));
            if (settings.aim() != Aim.BE_THERE && (lease == null || !isConfirming)) {
                confirm();
            }
        }
    }

    private void stepAside(Contenders contenders, String own) {
        String to = String.valueOf(successor);
        if (!contenders.contains(to) || contenders.allBefore(own).contains(to) || to.equals(own)) {
            tell(new CandidacyEvent.Troubled("cannot step aside for " + to + ": it is no candidate behind this one"));
            stand();
            takePlace(contenders, own);
            return;
        }
        stepDown("it stepped aside for " + to);
        yieldTo(to, contenders.allBefore(to));
    }

    private void yieldTo(String to, List<String> names) {
        List<String> paths =
                names.stream().map(name -> settings.parent() + "/" + name).toList();
        watchedPath = null;
        effects.add(new CampaignEffect.Yield(++generation, paths, settings.parent() + "/" + to));
    }

    private void yielded(Code code) {
        switch (code) {
            // Either all is done, or somebody left in between: the list says what is to be done now.
            case OK, NONODE -> list(false);
            default -> failed(code, "making way under " + settings.parent());
        }
    }

    private void lostOwnNode() {
        stepDown("the own znode is gone");
        ownName = null;
    }

    private void ownNodeRead(CampaignEvent.OwnNodeRead e) {
        String path = settings.parent() + "/" + ownName;
        if (e.code() == Code.NONODE) {
            list(false);
        } else if (e.code() != Code.OK) {
            failed(e.code(), "reading " + path);
        } else if (e.ephemeralOwner() != sessionId) {
            stepDown("the own znode belongs to another session");
            retryLater(path + " belongs to session 0x" + Long.toHexString(e.ephemeralOwner()) + ", not to 0x"
                    + Long.toHexString(sessionId));
        } else {
            grantableToken = e.czxid();
        }
    }

    private void predecessorRead(Code code) {
        switch (code) {
            case OK -> tell(new CandidacyEvent.Waiting(settings.parent() + "/" + ownName, String.valueOf(watchedPath)));
            case NONODE -> list(false);
            default -> failed(code, "reading " + watchedPath);
        }
    }

    // --- the lease
    // -----------------------------------------------------------------------------------------------------

    private void confirm() {
        isConfirming = true;
        confirmSentNanos = now;
        confirmAtNanos = now + Lease.renewalNanos(timeoutMillis);
        effects.add(new CampaignEffect.Confirm(++confirmGeneration, settings.parent() + "/" + ownName));
    }

    private void confirmed(Code code) {
        isConfirming = false;
        Lease current = lease;
        if (code != Code.OK) {
            if (code == Code.NONODE) {
                list(false);
            } else {
                failed(code, "confirming " + settings.parent() + "/" + ownName);
            }
            return;
        }
        long untilNanos = Lease.endNanos(confirmSentNanos, timeoutMillis);
        if (current != null) {
            if (!current.extendTo(untilNanos)) {
                endLapsedLease();
            }
        } else if (grantableToken != 0 && intent == Intent.STAND && untilNanos - now > 0) {
            lease = new Lease(settings.parent() + "/" + ownName, sessionId, grantableToken, untilNanos, clock);
            hasLed = true;
            tell(new CandidacyEvent.Leading(lease));
        } else if (intent == Intent.STAND && grantableToken != 0) {
            // It took longer than a leadership lasts.
            list(false);
        }
    }

    private void endLapsedLease() {
        Lease current = lease;
        if (current != null && (now - current.untilNanos() >= 0 || !current.isCurrent())) {
            stepDown("nothing was confirmed for half of the session timeout");
            if (isConnected && intent == Intent.STAND) {
                list(false);
            }
        }
    }

    private void stepDown(String reason) {
        Lease current = lease;
        if (current != null) {
            lease = null;
            current.end();
            confirmAtNanos = NEVER;
            tell(new CandidacyEvent.SteppedDown(current, reason));
        }
    }

    // --- the rest ----------------------------------------------------------------------------------------------------

    private void failed(Code code, String what) {
        // An expired session is told separately. After a lost connection the answer is to list once it is back, but an
        // answer may also be lost on a connection that lives.
        if (code == Code.CONNECTIONLOSS && isConnected) {
            retryAtNanos = now + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
            generation++;
        } else if (code != Code.SESSIONEXPIRED && code != Code.CONNECTIONLOSS) {
            retryLater(what + ": " + code);
        }
    }

    private void retryLater(String what) {
        if (isConnected) {
            tell(new CandidacyEvent.Troubled(what + "; trying again in " + RETRY_MILLIS + " ms"));
            retryAtNanos = now + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
            generation++;
        }
    }

    private String newPrefix() {
        return settings.layout().prefix(chance.get(), settings.priority());
    }

    private void tell(CandidacyEvent event) {
        effects.add(new CampaignEffect.Tell(event));
    }
}
