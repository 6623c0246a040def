package io.matriarch.server.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Event;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.HostPort;
import io.matriarch.wire.election.Notification;
import io.matriarch.wire.election.Opening;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * C4 of election.md 9.3, as a law: two servers that dial each other at once end with one connection, opened by the larger,
 * and hear each other's newest vote, whatever the order in which things happen.
 */
class ElectionLinksPairTest {
    private static final long MILLI = 1_000_000;
    private static final int SEEDS = 3000;

    private final List<Wire> wires = new ArrayList<>();
    private Random random = new Random(0);
    private long now;
    private Side[] sides = new Side[0];

    /** One server, with what it heard last. */
    private static final class Side {
        final ServerId sid;
        final ElectionLinks links;
        final Map<Long, Wire> wires = new HashMap<>();
        long newestSent;
        long lastHeard;

        Side(ServerId sid, ElectionLinks links) {
            this.sid = sid;
            this.links = links;
        }
    }

    /** One TCP connection: what is under way in each direction, in order; null ends a direction. */
    private static final class Wire {
        final Side dialler;
        final long atDialler;
        final Side acceptor;
        long atAcceptor;
        final Queue<Object> toAcceptor = new ArrayDeque<>();
        final Queue<Object> toDialler = new ArrayDeque<>();
        boolean isConnected;
        boolean isClosedByDialler;
        boolean isClosedByAcceptor;

        Wire(Side dialler, long atDialler, Side acceptor) {
            this.dialler = dialler;
            this.atDialler = atDialler;
            this.acceptor = acceptor;
        }
    }

    private enum Sign {
        CLOSED
    }

    @Test
    void c4OneConnectionRemainsAndNothingIsLostForGood() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            run(seed);
            List<Wire> left = wires.stream()
                    .filter(wire -> wire.isConnected && !wire.isClosedByDialler && !wire.isClosedByAcceptor)
                    .toList();
            assertThat(left).as("connections left, seed %s", seed).hasSize(1);
            assertThat(left.get(0).dialler.sid).isEqualTo(new ServerId(2));
            assertThat(sides[0].lastHeard).as("1 heard, seed %s", seed).isEqualTo(sides[1].newestSent);
            assertThat(sides[1].lastHeard).as("2 heard, seed %s", seed).isEqualTo(sides[0].newestSent);
        }
    }

    private void run(int seed) {
        random = new Random(seed);
        wires.clear();
        now = 0;
        Map<ServerId, List<HostPort>> members = Map.of(
                new ServerId(1), List.of(new HostPort("one", 1)), new ServerId(2), List.of(new HostPort("two", 2)));
        sides = new Side[2];
        for (int i = 0; i < 2; i++) {
            ServerId sid = new ServerId(i + 1L);
            sides[i] = new Side(sid, new ElectionLinks(now, sid, members, 10_000, seed));
            sides[i].links.looking(now, true);
        }
        for (int i = 0; i < 60; i++) {
            if (random.nextInt(4) == 0) {
                vote(sides[random.nextInt(2)]);
            }
            happen();
        }
        // Then nothing more is said, all that is under way arrives, and nobody has anything to do soon.
        for (int i = 0; i < 1000 && !isQuiet(); i++) {
            happen();
        }
        assertThat(isQuiet()).as("quiet in the end, seed %s", seed).isTrue();
    }

    private boolean isQuiet() {
        for (Wire wire : wires) {
            boolean isDialled = !wire.isConnected && !wire.isClosedByDialler;
            if (isDialled || !wire.toAcceptor.isEmpty() || !wire.toDialler.isEmpty()) {
                return false;
            }
        }
        long soon = now + ElectionLinks.MIN_PATIENCE_MILLIS / 2 * MILLI;
        return sides[0].links.deadlineNanos() > soon && sides[1].links.deadlineNanos() > soon;
    }

    private void vote(Side side) {
        side.newestSent++;
        side.links.send(now, other(side).sid, notification(side.newestSent));
        perform(side);
    }

    private void happen() {
        List<Runnable> possible = new ArrayList<>();
        for (Wire wire : wires) {
            if (!wire.isConnected && !wire.isClosedByDialler) {
                possible.add(() -> connect(wire));
            }
            if (!wire.toAcceptor.isEmpty()) {
                possible.add(() -> arrive(wire, wire.acceptor, wire.atAcceptor, wire.toAcceptor.remove()));
            }
            if (!wire.toDialler.isEmpty()) {
                possible.add(() -> arrive(wire, wire.dialler, wire.atDialler, wire.toDialler.remove()));
            }
        }
        if (possible.isEmpty()) {
            now += 50 * MILLI;
            for (Side side : sides) {
                side.links.timePassed(now);
                perform(side);
            }
        } else {
            possible.get(random.nextInt(possible.size())).run();
        }
    }

    private void connect(Wire wire) {
        wire.isConnected = true;
        wire.atAcceptor = wire.acceptor.links.accepted(now, "192.0.2.1");
        wire.acceptor.wires.put(wire.atAcceptor, wire);
        wire.toAcceptor.add(new Opening(wire.dialler.sid, List.of(new HostPort("back", 3))));
        wire.dialler.links.connected(now, wire.atDialler);
        perform(wire.acceptor);
        perform(wire.dialler);
    }

    private void arrive(Wire wire, Side at, long connection, Object what) {
        boolean isKnown = at.wires.get(connection) == wire;
        if (what instanceof Opening opening && isKnown) {
            at.links.opened(now, connection, opening);
        } else if (what instanceof Notification notification && isKnown) {
            at.links.received(now, connection, notification);
        } else if (what == Sign.CLOSED && isKnown) {
            at.wires.remove(connection);
            close(wire, at);
            at.links.lost(now, connection);
        }
        perform(at);
    }

    private void perform(Side side) {
        List<LinkCommand> commands = side.links.commands();
        while (!commands.isEmpty()) {
            commands.forEach(command -> perform(side, command));
            commands = side.links.commands();
        }
    }

    private void perform(Side side, LinkCommand command) {
        if (command instanceof LinkCommand.Dial dial) {
            Wire wire = new Wire(side, dial.connection(), other(side));
            side.wires.put(dial.connection(), wire);
            wires.add(wire);
        } else if (command instanceof LinkCommand.Send send) {
            Wire wire = side.wires.get(send.connection());
            if (wire != null) {
                (side == wire.dialler ? wire.toAcceptor : wire.toDialler).add(send.notification());
                side.links.flushed(send.connection());
            }
        } else if (command instanceof LinkCommand.Close close) {
            close(side.wires.remove(close.connection()), side);
        } else if (command instanceof LinkCommand.Report report
                && report.event() instanceof Event.NotificationReceived heard) {
            side.lastHeard = heard.notification().round();
        }
    }

    private static void close(@Nullable Wire wire, Side by) {
        if (wire != null && by == wire.dialler && !wire.isClosedByDialler) {
            wire.isClosedByDialler = true;
            wire.toAcceptor.add(Sign.CLOSED);
        } else if (wire != null && by == wire.acceptor && !wire.isClosedByAcceptor) {
            wire.isClosedByAcceptor = true;
            wire.toDialler.add(Sign.CLOSED);
        }
    }

    private Side other(Side side) {
        return side == sides[0] ? sides[1] : sides[0];
    }

    private static Notification notification(long round) {
        return new Notification(
                PeerState.LOOKING, new ServerId(1), Zxid.ZERO, round, 0, Notification.VERSION, "version=0");
    }
}
