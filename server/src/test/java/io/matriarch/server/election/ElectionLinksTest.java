package io.matriarch.server.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Event;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.Opening;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The clauses of election.md 9.3 and 1.3 to 1.6, with server 2 of 1, 2 and 3 as our own. */
class ElectionLinksTest {
    private static final long MILLI = 1_000_000;
    private static final ServerId ONE = new ServerId(1);
    private static final ServerId TWO = new ServerId(2);
    private static final ServerId THREE = new ServerId(3);
    private static final HostPort AT_ONE = new HostPort("a", 1001);
    private static final HostPort AT_THREE = new HostPort("c", 1003);
    private static final HostPort ELSEWHERE = new HostPort("elsewhere", 9);
    private static final String ORIGIN = "192.0.2.7";
    private static final Map<ServerId, List<HostPort>> MEMBERS =
            Map.of(ONE, List.of(AT_ONE), TWO, List.of(new HostPort("b", 1002)), THREE, List.of(AT_THREE));

    private long now = -5_000_000_000L;
    private final ElectionLinks links = new ElectionLinks(now, TWO, MEMBERS, 1000, 7);

    @Test
    void c1LargerPeerDialsUsAndItsConnectionIsKept() {
        links.send(now, THREE, vote(1));
        long asked = onlyDial(THREE);
        long accepted = links.accepted(now, ORIGIN);
        links.opened(now, accepted, opening(THREE, AT_THREE));

        assertThat(links.commands())
                .containsExactly(
                        new LinkCommand.Close(asked, "the peer called first"),
                        up(THREE),
                        new LinkCommand.Send(accepted, vote(1)));
    }

    @Test
    void c1TheLastMessageIsTheFirstFrameOfANewConnection() {
        long first = accept(THREE);
        links.send(now, THREE, vote(1));
        links.flushed(first);
        links.lost(now, first);
        links.commands();

        long second = links.accepted(now, ORIGIN);
        links.opened(now, second, opening(THREE, AT_THREE));

        assertThat(links.commands()).containsExactly(up(THREE), new LinkCommand.Send(second, vote(1)));
    }

    @Test
    void c2SmallerPeerAsksAndIsCalledBackAtTheAddressOfItsOpening() {
        long request = links.accepted(now, ORIGIN);
        links.opened(now, request, opening(ONE, ELSEWHERE));

        assertThat(links.commands())
                .containsExactly(
                        new LinkCommand.Close(request, "will be called back"),
                        new LinkCommand.Dial(request + 1, ONE, List.of(ELSEWHERE)));

        links.connected(now, request + 1);
        assertThat(links.commands()).containsExactly(up(ONE));
    }

    @Test
    void c3CallBackReplacesALiveConnectionAndRepeatsTheLastMessage() {
        links.send(now, ONE, vote(1));
        long live = onlyDial(ONE);
        links.connected(now, live);
        links.flushed(live);
        links.commands();

        long request = links.accepted(now, ORIGIN);
        links.opened(now, request, opening(ONE, AT_ONE));
        links.connected(now, request + 1);

        assertThat(links.commands())
                .containsExactly(
                        new LinkCommand.Close(request, "will be called back"),
                        new LinkCommand.Close(live, "the peer asked for a new connection"),
                        new LinkCommand.Report(new Event.ElectionLinkDown(ONE)),
                        new LinkCommand.Dial(request + 1, ONE, List.of(AT_ONE)),
                        up(ONE),
                        new LinkCommand.Send(request + 1, vote(1)));
    }

    @Test
    void c4RequestDuringOurOwnDialDoesNotDialTwice() {
        links.send(now, ONE, vote(1));
        long dialled = onlyDial(ONE);
        long request = links.accepted(now, ORIGIN);
        links.opened(now, request, opening(ONE, AT_ONE));

        assertThat(links.commands()).containsExactly(new LinkCommand.Close(request, "will be called back"));
        links.connected(now, dialled);
        assertThat(links.commands()).containsExactly(up(ONE), new LinkCommand.Send(dialled, vote(1)));
    }

    @Test
    void c4SmallerServerOnlyAsksAndAsksAgainWhenNobodyCallsBack() {
        links.send(now, THREE, vote(1));
        long asked = onlyDial(THREE);
        links.connected(now, asked);
        assertThat(links.commands()).containsExactly(new LinkCommand.Close(asked, "asked to be called back"));

        now += (ElectionLinks.CALL_BACK_WAIT_MILLIS - 1) * MILLI;
        links.timePassed(now);
        assertThat(links.commands()).isEmpty();
        assertThat(links.deadlineNanos()).isEqualTo(now + MILLI);

        now += MILLI;
        links.timePassed(now);
        assertThat(links.commands()).containsExactly(new LinkCommand.Dial(asked + 1, THREE, List.of(AT_THREE)));
    }

    @Test
    void c4SmallerServerDoesNotAskWhileItHasALiveConnection() {
        accept(THREE);
        links.looking(now, true);
        links.commands();
        links.send(now, THREE, vote(2));
        now += 2_000 * MILLI;
        links.timePassed(now);

        assertThat(links.commands()).noneMatch(command -> isDialTo(command, THREE));
    }

    @Test
    void c6WildcardOpeningIsCalledBackAtTheConfiguredAddress() {
        long request = links.accepted(now, ORIGIN);
        links.opened(now, request, opening(ONE, new HostPort("0.0.0.0", 5)));

        assertThat(links.commands()).contains(new LinkCommand.Dial(request + 1, ONE, List.of(AT_ONE)));
    }

    @Test
    void c6BareOpeningIsCalledBackAtTheConfiguredAddress() {
        long request = links.accepted(now, ORIGIN);
        links.opened(now, request, new Opening(ONE, List.of()));

        assertThat(links.commands()).contains(new LinkCommand.Dial(request + 1, ONE, List.of(AT_ONE)));
    }

    @Test
    void c6AllAddressesOfAnOpeningAreTriedForTheCallBackButWildcards() {
        HostPort v6 = new HostPort("fe80::1", 6);
        long request = links.accepted(now, ORIGIN);
        links.opened(now, request, new Opening(ONE, List.of(ELSEWHERE, new HostPort("::", 5), v6)));

        assertThat(links.commands()).contains(new LinkCommand.Dial(request + 1, ONE, List.of(ELSEWHERE, v6)));
    }

    @Test
    void c8OwnIdIsClosed() {
        long accepted = links.accepted(now, ORIGIN);
        links.opened(now, accepted, opening(TWO, ELSEWHERE));

        assertThat(links.commands()).containsExactly(new LinkCommand.Close(accepted, "dialled with our own id 2"));
    }

    @Test
    void c8UnknownLargerIdIsKept() {
        ServerId stranger = new ServerId(9);
        long accepted = accept(stranger);
        links.received(now, accepted, vote(1));
        links.send(now, stranger, vote(2));

        assertThat(links.commands())
                .containsExactly(
                        new LinkCommand.Report(new Event.NotificationReceived(stranger, vote(1))),
                        new LinkCommand.Send(accepted, vote(2)));
    }

    @Test
    void c8NegativeIdIsCalledBackAtTheAddressGiven() {
        ServerId stranger = new ServerId(-4);
        long request = links.accepted(now, ORIGIN);
        links.opened(now, request, opening(stranger, ELSEWHERE));

        assertThat(links.commands()).contains(new LinkCommand.Dial(request + 1, stranger, List.of(ELSEWHERE)));
    }

    @Test
    void c8ObserverWithoutAnIdIsRenamed() {
        long request = links.accepted(now, ORIGIN);
        links.opened(now, request, opening(new ServerId(Long.MAX_VALUE), ELSEWHERE));

        assertThat(links.commands()).contains(new LinkCommand.Dial(request + 1, new ServerId(-1), List.of(ELSEWHERE)));
    }

    @Test
    void c8StrangersAreBounded() {
        for (int i = 0; i < PeerTable.MAX_STRANGERS; i++) {
            acceptFrom("192.0.2." + i, new ServerId(100 + i));
        }
        long oneMore = links.accepted(now, ORIGIN);
        links.opened(now, oneMore, opening(new ServerId(99), ELSEWHERE));

        assertThat(links.commands())
                .containsExactly(new LinkCommand.Close(oneMore, "too many servers outside the configuration"));
    }

    @Test
    void c8AStrangerThatLeavesMakesRoom() {
        List<Long> connections = new ArrayList<>();
        for (int i = 0; i < PeerTable.MAX_STRANGERS; i++) {
            connections.add(acceptFrom("192.0.2." + i, new ServerId(100 + i)));
        }
        links.lost(now, connections.get(0));
        links.commands();
        long oneMore = links.accepted(now, ORIGIN);
        links.opened(now, oneMore, opening(new ServerId(99), ELSEWHERE));

        assertThat(links.commands()).containsExactly(up(new ServerId(99)));
    }

    @Test
    void c8StrangersFromOneAddressAreBounded() {
        for (int i = 0; i < PeerTable.MAX_STRANGERS_PER_ORIGIN; i++) {
            accept(new ServerId(100 + i));
        }
        long oneMore = links.accepted(now, ORIGIN);
        links.opened(now, oneMore, opening(new ServerId(99), ELSEWHERE));
        assertThat(links.commands())
                .containsExactly(new LinkCommand.Close(oneMore, "too many servers outside the configuration"));

        acceptFrom("192.0.2.8", new ServerId(98));
        assertThat(links.commands()).isEmpty();
    }

    @Test
    void c8SilentStrangerIsHungUpOnAndASpeakingOneIsNot() {
        long silent = accept(new ServerId(8));
        long speaking = accept(new ServerId(9));
        now += (ElectionLinks.STRANGER_PATIENCE_MILLIS - 1) * MILLI;
        links.received(now, speaking, vote(1));
        links.commands();
        assertThat(links.deadlineNanos()).isEqualTo(now + MILLI);
        now += MILLI;
        links.timePassed(now);

        assertThat(links.commands())
                .containsExactly(
                        new LinkCommand.Close(silent, "a server outside the configuration, silent for too long"),
                        new LinkCommand.Report(new Event.ElectionLinkDown(new ServerId(8))));
    }

    @Test
    void c15MemberWhoseMoveIsNotCommittedIsDialledAtBothAddressesAndMayCall() {
        links.members(now, Map.of(ONE, List.of(AT_ONE, ELSEWHERE), THREE, List.of(AT_THREE)));
        links.send(now, ONE, vote(1));
        assertThat(links.commands()).containsExactly(new LinkCommand.Dial(1, ONE, List.of(AT_ONE, ELSEWHERE)));

        HostPort third = new HostPort("third", 3);
        links.dialFailed(now, 1, false);
        long request = links.accepted(now, ORIGIN);
        links.opened(now, request, opening(ONE, third));
        assertThat(links.commands()).contains(new LinkCommand.Dial(request + 1, ONE, List.of(third)));
    }

    @Test
    void membersThatComeAreDialledAndThoseThatGoAreForgotten() {
        ServerId four = new ServerId(4);
        long three = accept(THREE);
        links.looking(now, true);
        links.commands();
        links.members(now, Map.of(TWO, List.of(ELSEWHERE), four, List.of(ELSEWHERE)));
        assertThat(links.commands()).containsExactly(new LinkCommand.Dial(3, four, List.of(ELSEWHERE)));

        // Connected when it was removed: it may go on talking, and is not called again.
        links.received(now, three, vote(1));
        links.send(now, THREE, vote(2));
        assertThat(links.commands())
                .containsExactly(
                        new LinkCommand.Report(new Event.NotificationReceived(THREE, vote(1))),
                        new LinkCommand.Send(three, vote(2)));
        links.lost(now, three);
        assertThat(links.commands()).containsExactly(new LinkCommand.Report(new Event.ElectionLinkDown(THREE)));
        links.send(now, THREE, vote(3));
        links.dialFailed(now, 1, true);
        links.send(now, ONE, vote(3));
        assertThat(links.commands()).isEmpty();
    }

    @Test
    void c9SilentDiallersFromOneAddressAreBounded() {
        long oldest = links.accepted(now, ORIGIN);
        for (int i = 1; i < ElectionLinks.MAX_UNOPENED_PER_ORIGIN; i++) {
            links.accepted(now, ORIGIN);
        }
        links.accepted(now, "192.0.2.8");
        assertThat(links.commands()).isEmpty();
        links.accepted(now, ORIGIN);

        assertThat(links.commands())
                .containsExactly(
                        new LinkCommand.Close(oldest, "made room for a newer connection before it said who it is"));
    }

    @Test
    void c9SilentDiallerIsClosedAtItsDeadlineAndHoldsUpNobody() {
        long silent = links.accepted(now, ORIGIN);
        assertThat(links.deadlineNanos()).isEqualTo(now + 1000 * MILLI);
        accept(THREE);

        now += 1000 * MILLI;
        links.timePassed(now);

        assertThat(links.commands()).containsExactly(new LinkCommand.Close(silent, "said nothing before the deadline"));
    }

    @Test
    void c9SilentDiallersAreBounded() {
        long oldest = links.accepted(now, ORIGIN);
        for (int i = 1; i < ElectionLinks.MAX_UNOPENED; i++) {
            links.accepted(now, "192.0.2." + i);
        }
        assertThat(links.commands()).isEmpty();
        links.accepted(now, ORIGIN);

        assertThat(links.commands())
                .containsExactly(
                        new LinkCommand.Close(oldest, "made room for a newer connection before it said who it is"));
    }

    @Test
    void c11ConnectionOfAReturnedPeerReplacesTheOldOne() {
        long old = accept(THREE);
        long fresh = links.accepted(now, ORIGIN);
        links.opened(now, fresh, opening(THREE, AT_THREE));

        assertThat(links.commands())
                .containsExactly(new LinkCommand.Close(old, "replaced by a newer connection"), up(THREE));
        links.lost(now, old);
        links.send(now, THREE, vote(3));
        assertThat(links.commands()).containsExactly(new LinkCommand.Send(fresh, vote(3)));
    }

    @Test
    void c12OnlyTheNewestVoteReachesAPeerThatWasAway() {
        for (int i = 1; i <= 10; i++) {
            links.send(now, ONE, vote(i));
        }
        long dialled = onlyDial(ONE);
        links.connected(now, dialled);

        assertThat(links.commands()).containsExactly(up(ONE), new LinkCommand.Send(dialled, vote(10)));
    }

    @Test
    void c12OnlyTheNewestVoteFollowsWhatTheSocketStillHolds() {
        long live = accept(THREE);
        links.send(now, THREE, vote(1));
        links.send(now, THREE, vote(2));
        links.send(now, THREE, vote(3));
        links.flushed(live);

        assertThat(links.commands())
                .containsExactly(new LinkCommand.Send(live, vote(1)), new LinkCommand.Send(live, vote(3)));
    }

    @Test
    void refusedDialIsReportedAndRetriedWithBackOffWhileThereIsSomethingToDeliver() {
        links.send(now, ONE, vote(1));
        long connection = onlyDial(ONE);
        long previous = 0;
        for (int i = 0; i < 6; i++) {
            links.dialFailed(now, connection, true);
            assertThat(links.commands()).containsExactly(new LinkCommand.Report(new Event.PeerRefused(ONE)));
            long pauseMillis = (links.deadlineNanos() - now) / MILLI;
            assertThat(pauseMillis).isBetween(15L, 250L).isGreaterThanOrEqualTo(previous / 2);
            previous = pauseMillis;
            now = links.deadlineNanos();
            links.timePassed(now);
            connection = onlyDial(ONE);
        }
        assertThat(previous).isGreaterThanOrEqualTo(150);
    }

    @Test
    void unansweredDialIsNoRefusal() {
        links.send(now, ONE, vote(1));
        links.dialFailed(now, onlyDial(ONE), false);

        assertThat(links.commands()).isEmpty();
    }

    @Test
    void lookingServerDialsEveryMemberWithoutHavingAnythingToSay() {
        links.looking(now, true);
        assertThat(links.commands())
                .containsExactly(
                        new LinkCommand.Dial(1, ONE, List.of(AT_ONE)),
                        new LinkCommand.Dial(2, THREE, List.of(AT_THREE)));
    }

    @Test
    void serverThatFoundALeaderDoesNotRedialTheDead() {
        links.looking(now, true);
        links.commands();
        links.looking(now, false);
        links.dialFailed(now, 1, true);
        links.dialFailed(now, 2, true);

        assertThat(links.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void connectionThatBreaksWithoutAWordIsPaced() {
        links.looking(now, true);
        links.commands();
        links.connected(now, 1);
        links.commands();
        links.lost(now, 1);

        assertThat(links.commands()).containsExactly(new LinkCommand.Report(new Event.ElectionLinkDown(ONE)));
        assertThat(links.deadlineNanos()).isBetween(now + 15 * MILLI, now + 25 * MILLI);
    }

    @Test
    void connectionThatStaysSilentWhileWeLookIsOpenedAnewWithGrowingPatience() {
        long live = accept(THREE);
        links.send(now, THREE, vote(1));
        links.looking(now, true);
        links.commands();
        links.send(now, ONE, vote(1));
        links.connected(now, 2);
        links.commands();
        now += (ElectionLinks.MIN_PATIENCE_MILLIS - 1) * MILLI;
        links.received(now, 2, vote(1));
        links.timePassed(now);
        assertThat(links.commands())
                .containsExactly(new LinkCommand.Report(new Event.NotificationReceived(ONE, vote(1))));

        now += MILLI;
        assertThat(links.deadlineNanos()).isEqualTo(now);
        links.timePassed(now);
        assertThat(links.commands())
                .containsExactly(
                        new LinkCommand.Close(live, "silent for 3000 ms while we look"),
                        new LinkCommand.Report(new Event.ElectionLinkDown(THREE)),
                        new LinkCommand.Dial(3, THREE, List.of(AT_THREE)));

        long fresh = accept(THREE);
        now += (2 * ElectionLinks.MIN_PATIENCE_MILLIS - 1) * MILLI;
        links.received(now, 2, vote(1));
        links.commands();
        links.timePassed(now);
        assertThat(links.commands()).isEmpty();
        now += MILLI;
        links.timePassed(now);
        assertThat(links.commands()).contains(new LinkCommand.Close(fresh, "silent for 6000 ms while we look"));
    }

    @Test
    void silentConnectionIsKeptWhileWeDoNotLook() {
        accept(THREE);
        links.send(now, THREE, vote(1));
        links.commands();
        now += 100_000 * MILLI;
        links.timePassed(now);

        assertThat(links.commands()).isEmpty();
        assertThat(links.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    private long accept(ServerId peer) {
        return acceptFrom(ORIGIN, peer);
    }

    private long acceptFrom(String origin, ServerId peer) {
        long accepted = links.accepted(now, origin);
        links.opened(now, accepted, opening(peer, ELSEWHERE));
        links.commands();
        return accepted;
    }

    private long onlyDial(ServerId peer) {
        List<LinkCommand> commands = links.commands();
        assertThat(commands).hasSize(1);
        LinkCommand.Dial dial = (LinkCommand.Dial) commands.get(0);
        assertThat(dial.peer()).isEqualTo(peer);
        return dial.connection();
    }

    private static boolean isDialTo(LinkCommand command, ServerId peer) {
        return command instanceof LinkCommand.Dial dial && dial.peer().equals(peer);
    }

    private static LinkCommand up(ServerId peer) {
        return new LinkCommand.Report(new Event.ElectionLinkUp(peer));
    }

    private static Opening opening(ServerId sid, HostPort address) {
        return new Opening(sid, List.of(address));
    }

    private static Notification vote(long round) {
        return new Notification(PeerState.LOOKING, TWO, Zxid.ZERO, round, 0, Notification.VERSION, "");
    }
}
