package io.matriarch.candidate;

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
 * <p>The way of a candidate (client.md 20.1): make the parents, create the {@linkplain OwnZnode own znode}, list, and then
 * either read the own znode, have it confirmed and lead ({@link Tenure}), or read the predecessor's and wait for it to change.
 * Whatever happens later, it lists again; it never deletes its znode to begin anew, because two candidates that do so can
 * keep each other busy for ever.
 *
 * <p>Leadership ends by itself when nothing confirms it, and publicly before anything that lets another candidate lead.
 */
final class Campaign {
    /** How long to wait before an operation that failed for a reason of its own is tried again. */
    static final long RETRY_MILLIS = 1000;

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
    private final Outbox outbox = new Outbox();
    private final OwnZnode own;
    private final Tenure tenure;
    private final Place place;
    private final CampaignEvent.Handler handler = new Happenings();

    /** The time of this step, monotonic nanoseconds. */
    private long now;

    private Intent intent = Intent.STAND;
    private boolean isFinished;
    private boolean isConnected;

    /** 0 while there is no session. */
    private long sessionId;

    private int timeoutMillis;
    private long retryAtNanos = Deadline.NEVER;

    /** Until when a candidate that resigned does not stand; NEVER while nobody rests. */
    private long restUntilNanos = Deadline.NEVER;

    private long restNanos;
    private @Nullable String successor;

    /**
     * @param chance gives ids that nobody else has
     * @param clock monotonic nanoseconds, for those who ask a leadership whether it still holds
     */
    Campaign(Settings settings, Supplier<UUID> chance, LongSupplier clock) {
        this.settings = settings;
        this.own = new OwnZnode(settings, chance, outbox);
        this.tenure = new Tenure(outbox, clock);
        this.place = new Place(settings, outbox, tenure);
    }

    /**
     * Takes one event at {@code nowNanos}, a monotonic time that is not after the moment at which the effects are begun. The
     * list is only valid until the next call.
     */
    List<CampaignEffect> step(long nowNanos, CampaignEvent event) {
        now = nowNanos;
        outbox.open();
        if (!isFinished) {
            // Also before an answer that would make it longer: a lease that was over stays so.
            endLapsedLease();
            if (!(event instanceof CampaignEvent.Answer answer) || outbox.isAwaited(answer.generation())) {
                event.happenTo(handler);
            }
            if (settings.aim() == Aim.LEAD_ONCE && tenure.hasLed() && tenure.lease() == null) {
                close();
            }
        }
        return outbox.effects();
    }

    /** When to step TimePassed, monotonic nanoseconds; {@link Deadline#NEVER} for not at all. */
    long deadlineNanos() {
        return isFinished
                ? Deadline.NEVER
                : Deadline.earlier(Deadline.earlier(retryAtNanos, restUntilNanos), tenure.deadlineNanos(isConnected));
    }

    /** Whether the candidacy ended. Every event is ignored from then on. */
    boolean isFinished() {
        return isFinished;
    }

    /** The leadership that was told last, or null since it was told to have ended. */
    @Nullable
    Lease lease() {
        return tenure.lease();
    }

    private final class Happenings implements CampaignEvent.Handler {
        @Override
        public void on(CampaignEvent.Connected event) {
            sessionId = event.sessionId();
            timeoutMillis = event.timeoutMillis();
            isConnected = true;
            outbox.tell(new CandidacyEvent.Connected(sessionId));
            // A create whose answer was lost may be on its way through the leader: a list that may miss it proves
            // nothing.
            list(own.isUncertain());
        }

        @Override
        public void on(CampaignEvent.Disconnected event) {
            isConnected = false;
            tenure.disconnected();
            retryAtNanos = Deadline.NEVER;
            outbox.voidAnswers();
            outbox.tell(new CandidacyEvent.Disconnected());
        }

        @Override
        public void on(CampaignEvent.SessionExpired event) {
            tenure.end("the session expired");
            outbox.tell(new CandidacyEvent.SessionLost(sessionId));
            isConnected = false;
            tenure.disconnected();
            tenure.forget();
            sessionId = 0;
            outbox.voidAnswers();
            place.leave();
            retryAtNanos = Deadline.NEVER;
            own.sessionEnded();
            if (!isGoneAsIntended()) {
                stand();
            }
        }

        @Override
        public void on(CampaignEvent.ParentCreated event) {
            switch (event.code()) {
                case OK, NODEEXISTS -> own.parentCreated();
                case UNIMPLEMENTED -> own.containersNotOffered();
                default -> failed(event.code(), "creating " + own.parent());
            }
        }

        @Override
        public void on(CampaignEvent.NodeCreated event) {
            own.created(event.code(), event.path(), sessionId);
            switch (event.code()) {
                case OK -> list(false);
                // An empty container may have been taken away in between.
                case NONODE -> own.createWithParents();
                default -> failed(event.code(), "creating a candidate under " + settings.parent());
            }
        }

        @Override
        public void on(CampaignEvent.OwnFound event) {
            switch (event.code()) {
                case OK -> {
                    own.found(event.path(), sessionId);
                    list(false);
                }
                case UNIMPLEMENTED -> {
                    outbox.tell(new CandidacyEvent.Troubled("cannot tell whether a candidate was created under "
                            + settings.parent() + " (a server older than 3.6); beginning anew with another session"));
                    outbox.add(new CampaignEffect.RenewSession());
                }
                default -> failed(event.code(), "looking for the own candidate under " + settings.parent());
            }
        }

        @Override
        public void on(CampaignEvent.Listed event) {
            switch (event.code()) {
                case OK -> found(Contenders.of(event.names()));
                case NONODE -> missing(own::createWithParents);
                default -> failed(event.code(), "listing " + settings.parent());
            }
        }

        @Override
        public void on(CampaignEvent.OwnNodeRead event) {
            if (event.code() == Code.NONODE) {
                list(false);
            } else if (event.code() != Code.OK) {
                failed(event.code(), "reading " + own.path());
            } else if (event.ephemeralOwner() != sessionId) {
                tenure.end("the own znode belongs to another session");
                retryLater(own.path() + " belongs to session 0x" + Long.toHexString(event.ephemeralOwner())
                        + ", not to 0x" + Long.toHexString(sessionId));
            } else {
                tenure.read(own.path(), event.czxid());
                if (place.isWatched(own.path())) {
                    tenure.becomeEligible(now, sessionId, timeoutMillis);
                }
            }
        }

        @Override
        public void on(CampaignEvent.PredecessorRead event) {
            switch (event.code()) {
                case OK -> {
                    outbox.tell(new CandidacyEvent.Waiting(own.path(), place.watched()));
                    if (!tenure.hasRead(own.path())) {
                        outbox.ask(generation -> new CampaignEffect.ReadOwnNode(generation, own.path()));
                    }
                }
                // It left in between.
                case NONODE -> list(false);
                default -> failed(event.code(), "reading " + place.watched());
            }
        }

        @Override
        public void on(CampaignEvent.Confirmed event) {
            if (!tenure.isAnswered(event.generation())) {
                return;
            }
            switch (event.code()) {
                case OK -> {
                    if (!tenure.confirmed(now, sessionId, timeoutMillis)) {
                        tenure.endIfLapsed(now);
                        list(false);
                    }
                }
                case NONODE -> list(false);
                default -> failed(event.code(), "confirming " + own.path());
            }
        }

        @Override
        public void on(CampaignEvent.Withdrawn event) {
            switch (event.code()) {
                case OK, NONODE -> {
                    tenure.forget();
                    own.gone();
                    isGoneAsIntended();
                }
                default -> failed(event.code(), "deleting " + own.path());
            }
        }

        @Override
        public void on(CampaignEvent.Yielded event) {
            switch (event.code()) {
                // Either all is done, or somebody left in between: the list says what is to be done now.
                case OK, NONODE -> list(false);
                default -> failed(event.code(), "making way under " + settings.parent());
            }
        }

        @Override
        public void on(CampaignEvent.NodeChanged event) {
            if (place.isWatched(event.path())) {
                list(false);
                if (isConnected && intent == Intent.STAND && !event.path().equals(own.path())) {
                    // The list is likely to show that it is this candidate's turn.
                    tenure.prepare(now, own.path(), timeoutMillis);
                }
            }
        }

        @Override
        public void on(CampaignEvent.TimePassed event) {
            if (Deadline.isDue(restUntilNanos, now)) {
                restUntilNanos = Deadline.NEVER;
                list(false);
            } else if (Deadline.isDue(retryAtNanos, now) && isConnected) {
                list(own.isUncertain());
            } else if (isConnected && tenure.isConfirmationDue(now)) {
                tenure.confirm(now, own.path(), timeoutMillis);
                if (settings.isPreemptible() && tenure.lease() != null) {
                    list(false);
                }
            }
        }

        @Override
        public void on(CampaignEvent.ResignRequested event) {
            if (intent != Intent.LEAVE) {
                intent = Intent.RESIGN;
                restNanos = event.restNanos();
                tenure.end("it resigned");
                leaveOrList();
            }
        }

        @Override
        public void on(CampaignEvent.StepAsideRequested event) {
            String to = event.successor();
            String name = to.substring(to.lastIndexOf('/') + 1);
            if (intent != Intent.STAND || tenure.lease() == null) {
                outbox.tell(new CandidacyEvent.Troubled(
                        "cannot step aside for " + name + ": this candidate does not lead"));
            } else {
                successor = name;
                intent = Intent.STEP_ASIDE;
                list(false);
            }
        }

        @Override
        public void on(CampaignEvent.CloseRequested event) {
            close();
        }
    }

    // --- from the list to leading or waiting -----------------------------------------------------------------------

    private void list(boolean isAfterSync) {
        place.leave();
        tenure.becomeIneligible();
        retryAtNanos = Deadline.NEVER;
        if (isConnected) {
            own.list(isAfterSync);
        }
    }

    private void found(Contenders contenders) {
        if (!own.isAmong(contenders, sessionId)) {
            missing(own::create);
        } else if (intent == Intent.LEAVE || intent == Intent.RESIGN) {
            withdraw();
        } else if (intent == Intent.STEP_ASIDE) {
            stepAside(contenders, String.valueOf(own.name()));
        } else {
            place.take(contenders, String.valueOf(own.name()), now, sessionId, timeoutMillis);
        }
    }

    /** The own znode is not there, for certain: makes it by {@code making} unless the intent is another. */
    private void missing(Runnable making) {
        tenure.end("the own znode is gone");
        tenure.forget();
        own.gone();
        if (!isGoneAsIntended() && restUntilNanos == Deadline.NEVER) {
            stand();
            making.run();
        }
    }

    private void stepAside(Contenders contenders, String name) {
        String to = String.valueOf(successor);
        if (!place.giveTo(contenders, name, to)) {
            outbox.tell(new CandidacyEvent.Troubled(
                    "cannot step aside for " + to + ": it is no candidate behind this one"));
            stand();
            place.take(contenders, name, now, sessionId, timeoutMillis);
        }
    }

    // --- leaving -----------------------------------------------------------------------------------------------------

    private void close() {
        if (intent != Intent.LEAVE) {
            intent = Intent.LEAVE;
            tenure.end("the candidacy was closed");
            leaveOrList();
        }
    }

    /** Goes on towards the end of the own znode, as far as that is possible now. */
    private void leaveOrList() {
        if (sessionId == 0) {
            isGoneAsIntended();
        } else if (own.isKnown() || (intent == Intent.LEAVE && settings.isSessionOwn())) {
            // Also without a connection: the host may end the session, or waits for the connection.
            withdraw();
        } else {
            list(own.isUncertain());
        }
    }

    private void withdraw() {
        place.leave();
        tenure.becomeIneligible();
        outbox.ask(generation -> new CampaignEffect.Withdraw(generation, own.path(), intent == Intent.LEAVE));
    }

    /**
     * The own znode is not there, and nothing is on its way that could make it: ends the candidacy, or rests, if that was
     * wanted; says false if it was not.
     */
    private boolean isGoneAsIntended() {
        if (intent == Intent.LEAVE) {
            isFinished = true;
            outbox.tell(new CandidacyEvent.Closed());
            outbox.add(new CampaignEffect.Finish());
            return true;
        }
        if (intent == Intent.RESIGN) {
            stand();
            restUntilNanos = now + restNanos;
            return true;
        }
        return false;
    }

    private void stand() {
        intent = Intent.STAND;
        successor = null;
    }

    private void endLapsedLease() {
        if (tenure.endIfLapsed(now) && intent == Intent.STAND) {
            list(false);
        }
    }

    // --- failures ----------------------------------------------------------------------------------------------------

    private void failed(Code code, String what) {
        // An expired session is told separately. After a lost connection the answer is to list once it is back, but an
        // answer may also be lost on a connection that lives.
        if (code == Code.CONNECTIONLOSS && isConnected) {
            retryAfterPause();
        } else if (code != Code.SESSIONEXPIRED && code != Code.CONNECTIONLOSS) {
            retryLater(what + ": " + code);
        }
    }

    private void retryLater(String what) {
        if (isConnected) {
            outbox.tell(new CandidacyEvent.Troubled(what + "; trying again in " + RETRY_MILLIS + " ms"));
            retryAfterPause();
        }
    }

    private void retryAfterPause() {
        retryAtNanos = now + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
        outbox.voidAnswers();
    }
}
