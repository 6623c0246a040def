package io.matriarch.sim.world;

import io.matriarch.core.peer.PeerStatus;
import io.matriarch.sim.client.SimClient;
import io.matriarch.sim.time.Chance;
import io.matriarch.wire.election.PeerState;
import java.util.ArrayList;
import java.util.List;

/** Draws what goes wrong, when, where and for how long. */
final class Misfortune {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final long HOUR_MILLIS = 3_600_000;
    /** A disk is lost in the first moment within two seconds in which that is safe. */
    private static final int DISK_LOSS_TRIES = 1000;

    private static final long DISK_LOSS_GAP_NANOS = 2 * MILLI;

    /** So much slower a disk forces nothing within the time that a tail takes to grow. */
    private static final double TAIL_DISK_FACTOR = 1000;

    private static final int TAIL_TRIES = 1000;
    private static final long WATCH_NANOS = 2 * MILLI;

    private final World world;
    private final Chance chance;
    private final List<Fault> drawn;
    private final Strangers strangers;
    private boolean isOver;

    Misfortune(World world, Chance chance) {
        this.world = world;
        this.chance = chance;
        this.strangers = new Strangers(world, chance.fork("strangers"));
        this.drawn = new ArrayList<>(world.plan().faults());
    }

    void begin() {
        if (!drawn.isEmpty()) {
            next();
        }
    }

    void end() {
        isOver = true;
    }

    /** How long a server stays down: often briefly, sometimes long enough to be missed. */
    long downNanos() {
        return switch (chance.weighted(6, 3, 1)) {
            case 0 -> chance.between(5, 300) * MILLI;
            case 1 -> chance.between(300, 3000) * MILLI;
            default -> chance.between(3000, 9000) * MILLI;
        };
    }

    private void next() {
        world.heap().after(chance.exponential(world.plan().meanFaultNanos()), () -> {
            if (!isOver) {
                strike(chance.pick(drawn));
                next();
            }
        });
    }

    private void strike(Fault fault) {
        SimHost host = victim();
        world.trace().note(world.heap().nowNanos(), host.sid(), "fault " + fault);
        world.tally().count(Tally.FAULTS, fault.name());
        switch (fault) {
            case KILL -> ifUp(host, () -> host.kill("killed"));
            case POWER_LOSS -> ifUp(host, () -> host.losePower("out of the blue"));
            case POWER_LOSS_IN_WRITE -> host.disk().armPowerLoss((int) chance.between(1, 30));
            case BLACKOUT -> world.hosts().forEach(each -> ifUp(each, () -> each.losePower("blackout")));
            case STRAY_TAIL -> strayTail(host, TAIL_TRIES);
            case LAGGARD -> lag(host);
            case CRASH_AT_STEP -> host.crashPoints().arm();
            case CUT_SNAPSHOT ->
                world.hosts().forEach(each -> each.crashPoints().armForSnapshot());
            case CUT_TRUNCATION ->
                world.hosts().forEach(each -> each.crashPoints().armForTruncation());
            case STRANGERS -> {
                if (host.isOurs()) {
                    strangers.visit(host);
                }
            }
            case LOST_DISK -> loseDisk(host, DISK_LOSS_TRIES);
            case DISK_ERROR -> host.disk().armError((int) chance.between(1, 30));
            case SLOW_DISK -> slowDisk(host);
            case PARTITION -> partition();
            case ISOLATED_LEADER -> isolateLeader();
            case FORSAKEN_LEADER -> forsakeLeader();
            case ONE_WAY_PARTITION -> oneWay(host);
            case BROKEN_CONNECTIONS -> {
                world.network().breakSome((int) chance.between(1, 4));
                world.mesh().breakOne();
            }
            case DELAYS -> {
                world.conditions().spikes(chance.below(3) / 10.0, chance.between(1, 400) * MILLI);
                world.heap().after(chance.between(100, 3000) * MILLI, () -> world.conditions()
                        .spikes(0, 0));
            }
            case LOST_NOTIFICATIONS -> {
                world.conditions().notificationLoss(chance.below(8) / 10.0);
                world.heap().after(chance.between(500, 4000) * MILLI, () -> world.conditions()
                        .notificationLoss(0));
            }
            case PAUSE -> pause(host);
            case STOP -> ifUp(host, () -> host.server().requestStop());
            case TRANSFER ->
                ifUp(host, () -> host.server()
                        .requestTransfer(chance.pick(world.hosts()).sid()));
            case CLOCK_JUMP -> host.clock().jumpWall(chance.between(-HOUR_MILLIS, HOUR_MILLIS));
            case CLIENT_SILENCE ->
                client().vanish(chance.between(10, 3L * world.plan().sessionTimeoutMillis()) * MILLI);
            case CLIENT_MOVE -> move(client());
        }
    }

    /** The leader more often than its share. */
    private SimHost victim() {
        SimHost leader = world.leader();
        return leader != null && chance.hits(0.4) ? leader : chance.pick(world.hosts());
    }

    private SimClient client() {
        return chance.pick(world.clients());
    }

    private static void ifUp(SimHost host, Runnable blow) {
        if (host.isUp()) {
            blow.run();
        }
    }

    private void lag(SimHost laggard) {
        if (!laggard.isUp()) {
            return;
        }
        long awayNanos = chance.between(2000, 6000) * MILLI;
        laggard.killFor(awayNanos);
        long at = awayNanos * 2 / 3;
        for (SimHost other : world.hosts()) {
            if (other != laggard) {
                world.heap().after(at, () -> {
                    if (!isOver && other.isUp()) {
                        other.killFor(chance.between(5, 50) * MILLI);
                    }
                });
                at += chance.between(50, 600) * MILLI;
            }
        }
    }

    /** Waits for a leader, for a tail does not grow without one; then all but one lose what they have not forced. */
    private void strayTail(SimHost owner, int tries) {
        if (isOver || tries == 0) {
            return;
        }
        if (world.leader() == null) {
            world.heap().after(WATCH_NANOS, () -> strayTail(owner, tries - 1));
            return;
        }
        world.hosts().stream().filter(host -> host != owner).forEach(host -> host.slowDisk(TAIL_DISK_FACTOR));
        world.heap().after(chance.between(30, 200) * MILLI, () -> {
            boolean isFirst = chance.hits(0.5);
            for (SimHost host : world.hosts()) {
                host.slowDisk(1);
                boolean isAway = host == owner && !isFirst;
                host.losePowerFor((isAway ? chance.between(800, 4000) : chance.between(5, 40)) * MILLI);
            }
            if (isFirst) {
                killBeforeItLeads(owner, TAIL_TRIES);
            }
        });
    }

    /**
     * Who has the tail is elected for it, and dies before anybody follows. An Apache server has the tail in a snapshot by then
     * (zab.md R12).
     */
    private void killBeforeItLeads(SimHost owner, int tries) {
        if (isOver || tries == 0) {
            return;
        }
        if (owner.isUp() && owner.server().isNearlyLeader()) {
            owner.killFor(chance.between(800, 4000) * MILLI);
        } else {
            world.heap().after(MILLI, () -> killBeforeItLeads(owner, tries - 1));
        }
    }

    /**
     * What a server promised goes with its disk, so this is safe only while nobody rests on it: one leader, everybody
     * else behind it, nothing in between. From then on nobody counts the server until a leader has filled its disk.
     */
    private void loseDisk(SimHost host, int tries) {
        SimHost leader = world.leader();
        boolean isSpare = leader != null
                && host != leader
                && world.plan().maySpareDiskOf(host.sid())
                && leader.peer().status().outstandingProposals() == 0
                && world.hosts().stream().allMatch(each -> each == leader || isBehindALeader(each));
        if (isSpare) {
            host.loseDisk();
        } else if (tries > 0 && !isOver) {
            world.heap().after(DISK_LOSS_GAP_NANOS, () -> loseDisk(host, tries - 1));
        }
    }

    private static boolean isBehindALeader(SimHost host) {
        if (!host.isUp() || host.checks().isDiskNew()) {
            return false;
        }
        PeerStatus status = host.peer().status();
        return status.isServing() && status.role() != PeerState.LEADING && status.role() != PeerState.LOOKING;
    }

    private void slowDisk(SimHost host) {
        host.slowDisk(10 + chance.below(300));
        world.heap().after(chance.between(100, 4000) * MILLI, () -> host.slowDisk(1));
    }

    private void pause(SimHost host) {
        HostedServer process = host.process();
        if (process != null) {
            process.pause(chance.hits(0.5) ? chance.between(1, 200) * MILLI : chance.between(200, 4000) * MILLI);
        }
    }

    /** Often from a server that is stuck, so that what was sent through it may come late. */
    private void move(SimClient client) {
        HostedServer process = client.server() == 0
                ? null
                : world.hosts().get(client.server() - 1).process();
        if (process != null && chance.hits(0.5)) {
            process.pause(chance.between(20, 600) * MILLI);
            world.heap().after(chance.between(0, 60) * MILLI, client::reconnect);
        } else {
            client.reconnect();
        }
    }

    private void oneWay(SimHost host) {
        SimHost other = chance.pick(world.hosts());
        world.topology().block(host.sid(), other.sid());
        world.heap().after(healNanos(), () -> world.topology().unblock(host.sid(), other.sid()));
    }

    /** Cuts a drawn set of servers off from the others; each client is on one of the two sides. */
    private void partition() {
        List<Integer> left = new ArrayList<>();
        List<Integer> right = new ArrayList<>();
        world.hosts().forEach(host -> (chance.hits(0.5) ? left : right).add(host.sid()));
        world.clients().forEach(client -> (chance.hits(0.5) ? left : right).add(client.node()));
        cut(left, right);
    }

    /** Clients stay with the leader more often than not, so that it has something to log. */
    private void isolateLeader() {
        SimHost leader = world.leader();
        if (leader == null) {
            return;
        }
        List<Integer> left = new ArrayList<>(List.of(leader.sid()));
        List<Integer> right = new ArrayList<>();
        world.hosts().stream().filter(host -> host != leader).forEach(host -> right.add(host.sid()));
        // With clients that only read, nothing tells a deposed leader that it is one (zab.md R27).
        boolean isReadOnly = chance.hits(0.3);
        world.clients().stream()
                .filter(client -> isReadOnly ? !client.isReader() : chance.hits(0.3))
                .forEach(client -> right.add(client.node()));
        cut(left, right);
    }

    /** Who was elected instead serves others while the leader's clients ask on (zab.md R27). */
    private void forsakeLeader() {
        SimHost leader = world.leader();
        if (leader == null) {
            return;
        }
        List<Integer> left = new ArrayList<>(List.of(leader.sid()));
        List<Integer> right = new ArrayList<>();
        world.clients().forEach(client -> (client.isReader() ? left : right).add(client.node()));
        world.hosts().stream().filter(host -> host != leader).forEach(host -> right.add(host.sid()));
        cut(left, right);
        world.hosts().stream()
                .filter(host -> host != leader)
                .forEach(host -> host.killFor(chance.between(1, 10) * MILLI));
    }

    private void cut(List<Integer> left, List<Integer> right) {
        for (int a : left) {
            for (int b : right) {
                world.topology().block(a, b);
                world.topology().block(b, a);
            }
        }
        world.heap().after(healNanos(), () -> {
            for (int a : left) {
                for (int b : right) {
                    world.topology().unblock(a, b);
                    world.topology().unblock(b, a);
                }
            }
        });
    }

    private long healNanos() {
        return chance.hits(0.5) ? chance.between(20, 800) * MILLI : chance.between(1, 6) * SECOND;
    }
}
