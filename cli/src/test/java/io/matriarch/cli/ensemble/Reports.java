package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import io.matriarch.core.quorum.Configuration;
import io.matriarch.server.client.Standing;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import java.util.List;

/** What servers might say of themselves. */
final class Reports {
    static final String OURS = "3.9.5-matriarch-0.1.0";
    private static final String THREE =
            "server.1=a:1:2:participant\nserver.2=b:1:2:participant\nserver.3=c:1:2:participant";

    private Reports() {}

    static EnsembleReport ensemble(ServerReport... servers) {
        return new EnsembleReport(List.of(servers), Configuration.parse(THREE));
    }

    static EnsembleReport ensemble(String members, ServerReport... servers) {
        return new EnsembleReport(List.of(servers), Configuration.parse(members));
    }

    static ServerReport leading(long sid, long zxid) {
        return server(sid, PeerState.LEADING, true, zxid);
    }

    static ServerReport following(long sid, long zxid) {
        return server(sid, PeerState.FOLLOWING, true, zxid);
    }

    static ServerReport observing(long sid, long zxid) {
        return server(sid, PeerState.OBSERVING, true, zxid);
    }

    static ServerReport synchronizing(long sid) {
        return server(sid, PeerState.FOLLOWING, false, 0);
    }

    static ServerReport down(long sid) {
        return ServerReport.unreachable(address(sid), sid, "Connection refused");
    }

    /** In epoch 5, with a disk that takes a millisecond. */
    static ServerReport server(long sid, PeerState role, boolean isServing, long zxid) {
        return server(sid, role, isServing, zxid, 0, true);
    }

    /** The same, leading more or less gladly. */
    static ServerReport server(long sid, PeerState role, boolean isServing, long zxid, int priority, boolean stands) {
        Standing standing = new Standing(
                new ServerId(sid),
                OURS,
                1000,
                role,
                "broadcast",
                isServing,
                new ServerId(3),
                7,
                5,
                5,
                new Zxid(zxid),
                new Zxid(zxid),
                4,
                9,
                0,
                0,
                100,
                1000,
                8000,
                10_000,
                800,
                priority,
                stands,
                THREE);
        return new ServerReport(
                address(sid),
                sid,
                null,
                OURS,
                role,
                isServing,
                5,
                new Zxid(zxid),
                4,
                new ServerReport.Force(1000, 8000),
                standing,
                0,
                100);
    }

    static ServerReport apache(long sid, PeerState role, String version, long zxid) {
        return new ServerReport(address(sid), sid, null, version, role, true, 5, new Zxid(zxid), 1, null, null, 0, 0);
    }

    static ServerReport ahead(ServerReport server, long aheadMicros) {
        return new ServerReport(
                server.address(),
                server.sid(),
                null,
                server.version(),
                server.role(),
                server.isServing(),
                server.epoch(),
                server.zxid(),
                server.clients(),
                server.force(),
                server.standing(),
                aheadMicros,
                100);
    }

    static ServerReport slow(ServerReport server) {
        return new ServerReport(
                server.address(),
                server.sid(),
                null,
                server.version(),
                server.role(),
                server.isServing(),
                server.epoch(),
                server.zxid(),
                server.clients(),
                new ServerReport.Force(60_000, 2_500_000),
                server.standing(),
                0,
                100);
    }

    private static Address address(long sid) {
        return new Address("zk" + sid, 2181);
    }
}
