package io.matriarch.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.Effect;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.OpResult;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Level 1: order of answers, reads, watches and identities on links; client.md 4, 6, 11, 13 and 16. */
class ClientDeskTest {
    private final Server server = Server.serving();
    private final TestClient client = server.connected();

    private static Request get(String path) {
        return new Request.GetData(path, false);
    }

    private static Request watch(String path) {
        return new Request.GetData(path, true);
    }

    // --- order ---------------------------------------------------------------------------------------------------

    @Test
    void c11RepliesComeInTheOrderOfRequestsAndReadsSeeOwnWrites() {
        client.create("/a");
        client.send(get("/a"));
        client.send(TestClient.set("/a", 0));
        client.send(get("/a"));
        client.send(-2, OpCode.PING, Bytes.EMPTY);
        assertThat(client.heard()).isEmpty();
        server.settleOne();
        assertThat(client.heard()).containsExactly("#1 0 /a", "#2 0 x");
        server.settleOne();
        assertThat(client.heard()).containsExactly("#3 0", "#4 0 new", "#-2 0");
    }

    @Test
    void readsOfOthersDoNotWaitForAWrite() {
        TestClient other = server.connected();
        client.create("/a");
        other.send(get("/zookeeper"));
        assertThat(other.heard()).containsExactly("#1 0 ");
    }

    @Test
    void r8ASyncHoldsWhatFollowsItAndEchoesItsPath() {
        client.send(new Request.Sync("/x"));
        client.send(get("/zookeeper"));
        client.create("/a");
        assertThat(client.heard()).isEmpty();
        server.settleOne();
        assertThat(client.heard()).containsExactly("#1 0", "#2 0 ");
        Reply reply = client.answer(new Request.Sync("/nowhere"));
        assertThat(reply.body()).isEqualTo(new Response.SyncPath("/nowhere"));
    }

    @Test
    void aWriteBehindASyncIsNotPassedOnBeforeItsAnswerLestAReadBetweenThemSeesIt() {
        client.send(new Request.Sync("/x"));
        client.send(get("/a"));
        client.create("/a");
        client.send(get("/a"));
        assertThat(server.outcomesToCome()).isEqualTo(1);
        server.settleOne();
        assertThat(client.heard()).containsExactly("#1 0", "#2 -101");
        server.settle();
        assertThat(client.heard()).containsExactly("#3 0 /a", "#4 0 x");
    }

    @Test
    void whatFollowsAnUnknownOperationIsNotDoneWhileTheRefusalWaits() {
        client.create("/a");
        client.send(888, Bytes.EMPTY);
        client.create("/b");
        server.settle();
        assertThat(client.heard()).containsExactly("#1 0 /a", "#2 -6", "closed");
        assertThat(server.tree.find("/b")).isNull();
        assertThat(server.desk.figures().stats().outstanding()).isZero();
    }

    @Test
    void syncsOfClosedLinksKeepTheirPlaceInTheLine() {
        TestClient other = server.connected();
        client.send(new Request.Sync("/1"));
        other.send(new Request.Sync("/2"));
        server.desk.linkDown(server.now(), client.link);
        server.settleOne();
        assertThat(other.heard()).isEmpty();
        server.settleOne();
        assertThat(other.heard()).containsExactly("#1 0");
    }

    @Test
    void n7WhatFollowsACloseNeverHappens() {
        client.send(OpCode.CLOSE_SESSION, Bytes.EMPTY);
        client.create("/late");
        server.settle();
        assertThat(client.heard()).containsExactly("#1 0", "closed");
        assertThat(server.tree.find("/late")).isNull();
        assertThat(server.tree.hasSession(client.sessionId)).isFalse();
        assertThat(server.desk.figures().stats().connections()).isZero();
        assertThat(server.desk.figures().stats().outstanding()).isZero();
    }

    @Test
    void aFailureIsAnsweredInItsTurnToo() {
        client.create("/a");
        client.send(OpCode.GET_DATA, Bytes.utf8("?"));
        client.send(OpCode.RECONFIG, new Request.Reconfig(null, null, null, 0).encode());
        assertThat(client.heard()).isEmpty();
        server.settle();
        assertThat(client.heard()).containsExactly("#1 0 /a", "#2 -5", "#3 -123");
    }

    @Test
    void c5UnknownOperationsAreRefusedAndTheLinkCloses() {
        for (int opcode : new int[] {888, 0, -1, 10, OpCode.CHECK, OpCode.DELETE_CONTAINER, OpCode.CREATE_SESSION}) {
            TestClient other = server.connected();
            other.create("/" + opcode);
            int xid = other.send(opcode, new Request.DeleteContainer("/zookeeper").encode());
            server.settle();
            assertThat(other.heard()).containsExactly("#1 0 /" + opcode, "#" + xid + " -6", "closed");
            assertThat(server.tree.hasSession(other.sessionId)).isTrue();
        }
    }

    @Test
    void pingsAlwaysHaveTheirOwnXid() {
        Reply reply = lastReplyTo(() -> client.send(5, OpCode.PING, Bytes.EMPTY));
        assertThat(reply)
                .isEqualTo(new Reply(Reply.XID_PING, server.tree.lastApplied().value(), 0, null));
    }

    private Reply lastReplyTo(Runnable action) {
        action.run();
        server.settle();
        Reply last = null;
        for (Effect effect : server.effects) {
            if (effect instanceof Effect.SendReply sent) {
                last = sent.reply();
            }
        }
        return last;
    }

    @Test
    void aFrameWithoutAHeaderClosesTheLink() {
        client.frame(Bytes.wrap(new byte[4]));
        assertThat(client.heard()).containsExactly("closed");
    }

    // --- reads ---------------------------------------------------------------------------------------------------

    @Test
    void readsOfMissingNodes() {
        assertThat(client.err(get("/none"))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(get("none"))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(get("/x/"))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(get(""))).isZero();
        assertThat(client.err(new Request.Exists("/\0", false))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
        assertThat(client.err(new Request.Exists("/none", false))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(new Request.GetChildren("/none", false, true))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(new Request.GetAcl("/none"))).isEqualTo(ErrorCode.NO_NODE);
        assertThat(client.err(new Request.GetAllChildrenNumber("/none"))).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void s7GetChildren2AgreesWithExists() {
        client.create("/a");
        client.create("/a/x");
        client.create("/a/y");
        Response.ChildrenWithStat children = (Response.ChildrenWithStat)
                client.answer(new Request.GetChildren("/a", false, true)).body();
        assertThat(children.names()).containsExactlyInAnyOrder("x", "y");
        assertThat(children.stat()).isEqualTo(client.stat("/a"));
        assertThat(client.answer(new Request.GetChildren("/a", false, false)).body())
                .isEqualTo(new Response.Children(children.names()));
    }

    @Test
    void a7GetAclHidesHashesFromThoseWithoutAdmin() {
        List<Acl> acl = List.of(new Acl(31, new Id("digest", "u:h")), new Acl(1, Id.ANYONE));
        client.err(TestClient.create(OpCode.CREATE, "/a", 0, acl));
        Response.AclList shown =
                (Response.AclList) client.answer(new Request.GetAcl("/a")).body();
        assertThat(shown.acl()).containsExactly(new Acl(31, new Id("digest", "u:x")), new Acl(1, Id.ANYONE));
        client.err(TestClient.create(
                OpCode.CREATE, "/b", 0, List.of(new Acl(16, Id.ANYONE), new Acl(1, new Id("digest", "u:h")))));
        shown = (Response.AclList) client.answer(new Request.GetAcl("/b")).body();
        assertThat(shown.acl().get(1).id().id()).isEqualTo("u:h");
        client.err(TestClient.create(OpCode.CREATE, "/c", 0, List.of(new Acl(6, Id.ANYONE))));
        assertThat(client.err(new Request.GetAcl("/c"))).isEqualTo(ErrorCode.NO_AUTH);
        assertThat(client.err(new Request.Exists("/c", true))).isEqualTo(ErrorCode.NO_AUTH);
        assertThat(server.desk.figures().watchCount()).isZero();
    }

    @Test
    void k9GetEphemeralsByPlainPrefix() {
        TestClient other = server.connected();
        for (String path : new String[] {"/base0", "/base1", "/other"}) {
            client.send(TestClient.create(OpCode.CREATE, path, 1));
        }
        other.send(TestClient.create(OpCode.CREATE, "/base2", 1));
        server.settle();
        assertThat(client.answer(new Request.GetEphemerals("/ba")).body())
                .isEqualTo(new Response.Ephemerals(List.of("/base0", "/base1")));
        assertThat(client.answer(new Request.GetEphemerals(null)).body())
                .isEqualTo(new Response.Ephemerals(List.of("/base0", "/base1", "/other")));
        assertThat(client.answer(new Request.GetEphemerals("/z")).body()).isEqualTo(new Response.Ephemerals(List.of()));
    }

    @Test
    void k11WhoAmI() {
        assertThat(client.answer(new Request.WhoAmI()).body())
                .isEqualTo(new Response.WhoAmI(List.of(new Id("ip", "10.0.0.1"))));
        client.auth("digest", "a:b");
        assertThat(client.answer(new Request.WhoAmI()).body())
                .isEqualTo(new Response.WhoAmI(List.of(new Id("ip", "10.0.0.1"), new Id("digest", "a"))));
    }

    @Test
    void m13A13MultiReadAnswersEachByItself() {
        client.err(TestClient.create(OpCode.CREATE, "/locked", 0, List.of(new Acl(2, Id.ANYONE))));
        Reply reply = client.answer(new Request.MultiRead(
                List.of(get("/zookeeper"), new Request.GetChildren("/none", false, false), get("/locked"))));
        assertThat(((Response.MultiResults) reply.body()).results())
                .extracting(OpResult::err)
                .containsExactly(0, -101, -102);
        assertThat(reply.err()).isZero();
    }

    // --- watches -------------------------------------------------------------------------------------------------

    @Test
    void w16AnOwnEventPrecedesTheReplyToTheWriteThatCausedIt() {
        client.send(new Request.Exists("/a", true));
        client.create("/a");
        server.settle();
        assertThat(client.heard()).containsExactly("#1 -101", "Created /a", "#2 0 /a");
    }

    @Test
    void w17TheEventsZxidIsTheTransactions() {
        client.send(new Request.Exists("/a", true));
        client.create("/a");
        server.settle();
        Effect.SendReply sent = (Effect.SendReply) server.effects.get(server.effects.size() - 2);
        assertThat(sent.reply().zxid()).isEqualTo(server.tree.find("/a").mzxid());
        assertThat(sent.reply().xid()).isEqualTo(Reply.XID_WATCH);
    }

    @Test
    void c4ExistsOnAnAbsentNodeWatchesAndGetDataDoesNot() {
        TestClient other = server.connected();
        other.send(watch("/a"));
        other.send(new Request.GetChildren("/a", true, false));
        assertThat(server.desk.figures().watchCount()).isZero();
        other.send(new Request.Exists("/a", true));
        other.heard();
        client.create("/a");
        server.settle();
        client.send(TestClient.set("/a", -1));
        server.settle();
        assertThat(other.heard()).containsExactly("Created /a");
    }

    @Test
    void m6AMultiFiresEachWatchOnceBeforeItsReplyAndAFailedOneNone() {
        client.create("/a");
        server.settle();
        client.send(watch("/a"));
        client.send(new Request.GetChildren("/a", true, false));
        client.heard();
        Request touch = new Request.Multi(List.of(
                TestClient.set("/a", -1), TestClient.set("/a", -1), TestClient.create(OpCode.CREATE, "/a/b", 0)));
        client.send(new Request.Multi(List.of(TestClient.set("/a", -1), new Request.Check("/none", 0))));
        client.send(touch);
        server.settle();
        assertThat(client.heard())
                .containsExactly(
                        "#4 0 [-1:0, -1:-101]", "DataChanged /a", "ChildrenChanged /a", "#5 0 [5:0, 5:0, 1:0]");
    }

    @Test
    void w14EventsOfWhatMayNotBeReadAreWithheldAndUsedUp() {
        List<Acl> own = List.of(new Acl(31, new Id("digest", "u:h")));
        client.create("/a");
        server.settle();
        client.send(new Request.AddWatch("/a", 1));
        client.send(new Request.Exists("/a/secret", true));
        client.heard();
        TestClient other = server.connected();
        other.err(TestClient.create(OpCode.CREATE, "/a/secret", 0, own));
        other.err(TestClient.create(OpCode.CREATE, "/a/open", 0));
        other.err(new Request.Delete("/a/secret", -1));
        assertThat(client.heard()).containsExactly("Created /a/open");
        other.err(TestClient.create(OpCode.CREATE, "/a/secret", 0));
        assertThat(client.heard()).containsExactly("Created /a/secret");
    }

    @Test
    void w12W15RemoveAndCheckWatches() {
        client.send(new Request.Exists("/a", true));
        assertThat(client.err(new Request.CheckWatches("/a", 2))).isZero();
        assertThat(client.err(new Request.CheckWatches("/a", 1))).isEqualTo(ErrorCode.NO_WATCHER);
        assertThat(client.err(new Request.CheckWatches("/a", 6))).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(client.err(new Request.RemoveWatches("/a", 4))).isEqualTo(ErrorCode.NO_WATCHER);
        assertThat(client.err(new Request.RemoveWatches("/a", 3))).isZero();
        assertThat(client.err(new Request.RemoveWatches("/a", 2))).isEqualTo(ErrorCode.NO_WATCHER);
        assertThat(client.err(new Request.AddWatch("/a", 2))).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(client.answer(new Request.AddWatch("/a", 0)).body()).isEqualTo(new Response.ErrorBody(0));
        assertThat(client.err(new Request.CheckWatches("/a", 4))).isZero();
        assertThat(client.err(new Request.CheckWatches("/a", 5))).isEqualTo(ErrorCode.NO_WATCHER);
    }

    @Test
    void setWatchesSendsMissedEventsBeforeItsReplyWithItsXid() {
        client.create("/a");
        server.settle();
        client.heard();
        Request again = new Request.SetWatches(
                0, List.of("/a", "/gone"), List.of(), List.of("/zookeeper"), List.of(), List.of(), false);
        client.send(Reply.XID_SET_WATCHES, OpCode.SET_WATCHES, again.encode());
        assertThat(client.heard()).containsExactly("DataChanged /a", "Deleted /gone", "#-8 0");
        assertThat(server.desk.figures().watchCount()).isEqualTo(1);
    }

    @Test
    void watchesGoWithTheirLink() {
        client.send(new Request.Exists("/a", true));
        assertThat(server.desk.figures().watchCount()).isEqualTo(1);
        assertThat(server.desk.linkDown(server.now(), client.link)).isTrue();
        assertThat(server.desk.linkDown(server.now(), client.link)).isFalse();
        assertThat(server.desk.figures().watchCount()).isZero();
    }

    // --- identities ----------------------------------------------------------------------------------------------

    @Test
    void authOvertakesAndItsZxidIsZero() {
        client.create("/a");
        client.auth("digest", "a:b");
        assertThat(client.heard()).containsExactly("#-4 0");
        client.send(OpCode.AUTH, new Request.Auth(0, "digest", Bytes.utf8("a:b")).encode());
        assertThat(client.heard()).containsExactly("#2 0");
    }

    @Test
    void a3ARefusedAuthClosesAndNothingBehindItIsDone() {
        client.auth("kerberos", "x");
        client.create("/a");
        server.settle();
        assertThat(client.heard()).containsExactly("#-4 -115", "closed");
        assertThat(server.tree.find("/a")).isNull();
    }

    @Test
    void a2ProofOfTheSuperDigestOpensEveryDoor() {
        Server withSuper =
                new Server(Server.CONFIG.withAccess("super:D/InIHSb7yEEbrWz8b9l71RjZJU=", ZnodeConfig.DEFAULT));
        withSuper.desk.serve(withSuper.now(), withSuper);
        TestClient owner = withSuper.connected();
        owner.err(TestClient.create(OpCode.CREATE, "/a", 0, List.of(new Acl(31, new Id("digest", "u:h")))));
        assertThat(owner.err(get("/a"))).isEqualTo(ErrorCode.NO_AUTH);
        owner.auth("digest", "super:test");
        assertThat(owner.err(get("/a"))).isZero();
        assertThat(owner.err(TestClient.set("/a", -1))).isZero();
    }

    @Test
    void a12SkippedAclsOpenEveryDoorAndAreStoredAndShownInFull() {
        Server open = new Server(Server.CONFIG.withAccess(null, ZnodeConfig.DEFAULT.withAclChecks(AclChecks.SKIPPED)));
        open.preparation = new TxnPreparation(
                open.tree,
                true,
                session -> false,
                MembershipChange.never(),
                TxnLimit.NONE,
                RequestRules.CORRECT,
                ZnodeConfig.DEFAULT.withAclChecks(AclChecks.SKIPPED));
        open.desk.serve(open.now(), open);
        TestClient anybody = open.connected();
        List<Acl> shut = List.of(new Acl(0, new Id("digest", "u:h")));
        assertThat(anybody.err(TestClient.create(OpCode.CREATE, "/a", 0, shut))).isZero();

        assertThat(anybody.err(new Request.GetData("/a", true))).isZero();
        assertThat(anybody.answer(new Request.GetAcl("/a")).body())
                .isInstanceOfSatisfying(
                        Response.AclList.class, list -> assertThat(list.acl()).isEqualTo(shut));
        int set = anybody.send(TestClient.set("/a", -1));
        open.settle();
        assertThat(anybody.heard()).as("the watch is told").containsExactly("DataChanged /a", "#" + set + " 0");
        assertThat(anybody.err(TestClient.create(OpCode.CREATE, "/a/b", 0, shut)))
                .isZero();
        assertThat(anybody.err(new Request.SetAcl("/a/b", shut, -1))).isZero();
        assertThat(anybody.err(new Request.Delete("/a/b", -1))).isZero();
    }

    @Test
    void saslIsAnsweredAsNotConfigured() {
        Reply reply = client.answer(new Request.Sasl(Bytes.EMPTY));
        assertThat(reply).isEqualTo(new Reply(reply.xid(), 0, 0, new Response.SaslToken(null)));
        client.send(new Request.Sasl(null));
        assertThat(client.heard()).containsExactly("closed");
    }

    @Test
    void aRequestIsJudgedByTheIdentitiesOfItsArrival() {
        client.err(TestClient.create(OpCode.CREATE, "/a", 0, List.of(new Acl(31, new Id("digest", "u:h")))));
        client.heard();
        client.create("/b");
        client.send(get("/zookeeper"));
        int early = client.send(new Request.GetAcl("/a"));
        client.auth("digest", "u:p");
        server.settle();
        assertThat(client.heard()).endsWith("#" + early + " -102");
    }

    // --- bounds and figures --------------------------------------------------------------------------------------

    @Test
    void aFullQueuePausesReadsUntilHalfIsAnswered() {
        Server small = new Server(Server.CONFIG.withBounds(4, 1 << 20, 100));
        small.desk.serve(small.now(), small);
        TestClient writer = small.connected();
        for (int i = 0; i < 5; i++) {
            writer.create("/" + i);
        }
        assertThat(writer.heard()).containsExactly("paused");
        small.settleOne();
        small.settleOne();
        assertThat(writer.heard()).containsExactly("#1 0 /0", "#2 0 /1");
        small.settleOne();
        assertThat(writer.heard()).containsExactly("#3 0 /2", "resumed");
    }

    @Test
    void manyBytesPauseReadsToo() {
        Server small = new Server(Server.CONFIG.withBounds(1000, 500, 1000));
        small.desk.serve(small.now(), small);
        TestClient writer = small.connected();
        writer.send(new Request.Create(OpCode.CREATE, "/a", Bytes.wrap(new byte[600]), Acl.OPEN, 0, -1));
        assertThat(writer.heard()).containsExactly("paused");
        small.settle();
        assertThat(writer.heard()).containsExactly("#1 0 /a", "resumed");
    }

    @Test
    void withTooMuchOutstandingInAllLinksThatHaveSomeAreNotReadFrom() {
        Server small = new Server(Server.CONFIG.withBounds(100, 1 << 20, 2));
        small.desk.serve(small.now(), small);
        TestClient one = small.connected();
        TestClient two = small.connected();
        one.create("/1");
        two.create("/2");
        assertThat(one.heard()).isEmpty();
        assertThat(two.heard()).containsExactly("paused");
        small.settle();
        assertThat(two.heard()).containsExactly("#1 0 /2", "resumed");
    }

    @Test
    void figures() {
        client.create("/a");
        assertThat(server.desk.figures().stats().outstanding()).isEqualTo(1);
        server.pass(3);
        server.settle();
        ClientStats stats = server.desk.figures().stats();
        assertThat(stats.connections()).isEqualTo(1);
        assertThat(stats.received()).isEqualTo(2);
        assertThat(stats.sent()).isEqualTo(2);
        assertThat(stats.maxLatencyMillis()).isEqualTo(3.0);
        ClientStats.Link line = server.desk.figures().detailed().links().get(0);
        assertThat(line.address()).isEqualTo("10.0.0.1");
        assertThat(line.sessionId()).isEqualTo(client.sessionId);
        assertThat(line.received()).isEqualTo(2);
        assertThat(line.sent()).isEqualTo(2);
        assertThat(line.lastXid()).isEqualTo(1);
        assertThat(line.lastOpcode()).isEqualTo(OpCode.CREATE);
        assertThat(line.lastLatencyMillis()).isEqualTo(3);
        server.desk.figures().reset(true);
        ClientStats.Link again = server.desk.figures().detailed().links().get(0);
        assertThat(again.received() + again.sent() + again.lastLatencyMillis()).isZero();
        assertThat(again.maxLatencyMillis()).isZero();
        assertThat(again.lastXid()).isEqualTo(-1);
        assertThat(again.sessionId()).isEqualTo(client.sessionId);
        assertThat(server.desk.figures().stats().maxLatencyMillis()).isEqualTo(3.0);
        server.desk.figures().reset(false);
        assertThat(server.desk.figures().stats().maxLatencyMillis()).isZero();
    }
}
