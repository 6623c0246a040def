package io.matriarch.sim.world;

import io.matriarch.core.port.Event;
import io.matriarch.core.port.LinkId;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Member;
import io.matriarch.sim.time.Chance;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.SessionPassword;
import java.util.ArrayList;
import java.util.List;

/** Changes the members of an ensemble from time to time: takes servers out, the leader too, brings them back, in either role. */
final class Operator {
    /** "super:test", as in Apache's own documentation. */
    static final String DIGEST = "super:D/InIHSb7yEEbrWz8b9l71RjZJU=";

    private static final Bytes PASSWORD = Bytes.utf8("super:test");
    private static final long MILLI = 1_000_000;
    private static final long FIRST_LINK = 1L << 40;
    private static final int PATIENCE_MILLIS = 2_000;
    private static final int XID_AUTH = -4;
    private static final int FEWEST_VOTERS = 2;

    private final World world;
    private final Chance chance;
    private long links = FIRST_LINK;
    private boolean isOver;

    Operator(World world, Chance chance) {
        this.world = world;
        this.chance = chance;
    }

    void begin() {
        if (world.plan().isReconfigurable()) {
            next();
        }
    }

    void end() {
        isOver = true;
    }

    /**
     * Compat: an Apache leader goes on although a server has promised a later epoch, and that server can never join it. Ours
     * gives way then (zab.md R4); to Apache's leader somebody has to see.
     */
    void restartWhoeverCannotBeJoined() {
        SimHost leader = world.leader();
        if (leader == null || world.plan().releaseOf(leader.sid()) == null) {
            return;
        }
        for (SimHost host : world.hosts()) {
            boolean isLeftOut = host.isUp() && !host.server().isServing();
            if (isLeftOut && world.observed().hasPromisedAbove(host.sid(), leader.sid())) {
                leader.kill("restarted, for server " + host.sid() + " cannot join it");
                return;
            }
        }
    }

    /**
     * Compat: an Apache server to which two voters were proposed, itself one of them, cannot join who leads without it, although
     * nobody agreed to that (election.md 3.5, 3.8; so does 3.9.5). Whoever sees it restarts it, twice if need be: a start deletes
     * {@code zoo.cfg.dynamic.next}, and the next one knows nothing of it.
     */
    void restartWhoeverIsLockedOut() {
        SimHost leader = world.leader();
        if (leader == null) {
            return;
        }
        for (SimHost host : world.hosts()) {
            long version = host.process() instanceof ApacheProcess process ? process.lockedOutBy() : 0;
            // A leader of a later epoch would have completed it, had anybody acknowledged it who counts.
            boolean isInVain = leader.server().configuration().version() < version
                    && new Zxid(version).epoch() < world.observed().epochOf(leader.sid());
            if (isInVain) {
                host.apacheDisk().forgetProposed();
                host.kill("restarted without configuration " + new Zxid(version) + ", which locked it out");
            }
        }
    }

    /**
     * Compat: an Apache leader takes the first acknowledgement of whoever joins for that of NEWLEADER, and Apache's learners
     * acknowledge proposals first at times; what too many acknowledged so is never committed, nor anything behind it (zab.md
     * D5, seed 32594). Nobody notices but its clients. Ours acknowledge NEWLEADER first (R19).
     */
    void restartWhoeverCommitsNoMore() {
        SimHost leader = world.leader();
        if (leader != null && leader.process() instanceof ApacheProcess process && process.isStuckLeader()) {
            leader.kill("restarted, for it commits nothing any more");
        }
    }

    private void next() {
        world.heap().after(chance.between(100, 3000) * MILLI, () -> {
            if (!isOver) {
                change();
                next();
            }
        });
    }

    /** Connects to a drawn server, says who it is, asks for one change, and some time later closes its session and hangs up. */
    private void change() {
        SimHost leader = world.leader();
        HostedServer any = chance.pick(ours()).process();
        if (leader == null || !(any instanceof SimProcess process)) {
            return;
        }
        Request.Reconfig change = drawn(leader.server().configuration(), leader.sid());
        world.trace().note(world.heap().nowNanos(), "operator", change.toString());
        LinkId link = new LinkId(links++);
        int timeoutMillis = world.plan().sessionTimeoutMillis();
        process.deliver(new Event.ClientLinkUp(link, "10.0.2.1"));
        process.deliver(new Event.ClientFrame(
                link, new ConnectRequest(0, 0, timeoutMillis, 0, SessionPassword.of(0), true, false).encode()));
        Request auth = new Request.Auth(0, "digest", PASSWORD);
        process.deliver(new Event.ClientFrame(link, frame(XID_AUTH, auth)));
        process.deliver(new Event.ClientFrame(link, frame(1, change)));
        process.after(Math.min(PATIENCE_MILLIS, timeoutMillis / 2) * MILLI, () -> {
            process.deliver(new Event.ClientFrame(link, frame(2, new Request.CloseSession())));
            process.deliver(new Event.LinkDown(link, "the operator left"));
        });
    }

    /** The servers that clients use. */
    private List<SimHost> ours() {
        return world.hosts().stream()
                .filter(host -> world.plan().releaseOf(host.sid()) == null)
                .toList();
    }

    private static Bytes frame(int xid, Request request) {
        return new ClientRequest(xid, request.opcode(), request.encode()).encode();
    }

    private Request.Reconfig drawn(Configuration now, int leader) {
        List<Integer> voters = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        for (int sid = 1; sid <= world.plan().servers(); sid++) {
            (now.isParticipant(new ServerId(sid)) ? voters : others).add(sid);
        }
        boolean mayShrink = voters.size() > FEWEST_VOTERS;
        int voter = chance.hits(0.4) && voters.contains(leader) ? leader : chance.pick(voters);
        if (mayShrink && (others.isEmpty() || chance.hits(0.5))) {
            return chance.hits(0.5)
                    ? new Request.Reconfig(null, String.valueOf(voter), null, -1)
                    : new Request.Reconfig(line(voter, false), null, null, -1);
        }
        int other = chance.pick(others.isEmpty() ? voters : others);
        if (mayShrink && chance.hits(0.3)) {
            // One for another, at once.
            return new Request.Reconfig(line(other, true), String.valueOf(voter), null, now.version());
        }
        return new Request.Reconfig(line(other, chance.hits(0.8)), null, null, -1);
    }

    private static String line(int sid, boolean isParticipant) {
        Member member = Member.parse(
                new ServerId(sid),
                "10.0.0." + sid + ":2888:3888:" + (isParticipant ? "participant" : "observer") + ";2181");
        return "server." + sid + "=" + member.text();
    }
}
