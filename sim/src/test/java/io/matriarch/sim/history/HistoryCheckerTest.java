package io.matriarch.sim.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Stat;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import io.matriarch.wire.client.WatchEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Each violation of client.md 13 and 16 that a server could commit, planted into a history that is right without it, is
 * found, and by the rule that is about it.
 */
class HistoryCheckerTest {
    private static final String KEY = "/k";
    private static final int FIRST = 1;
    private static final int SECOND = 2;

    private final History history = new History();
    private final int[] xids = new int[SECOND + 1];
    private long now;

    HistoryCheckerTest() {
        history.connected(FIRST);
        history.connected(SECOND);
    }

    // --- histories that are right ------------------------------------------------------------------------------------

    @Test
    void aHistoryWithoutFaultIsCountedAndNotAccused() {
        created(FIRST, "a", 10);
        read(SECOND, "a", 10, 0, 10, true);
        Call lost = sent(FIRST, setData("b", -1));
        history.connected(FIRST);
        history.told(SECOND, 11, event(WatchEvent.NODE_DATA_CHANGED));
        read(SECOND, "b", 11, 1, 11, false);
        deleted(FIRST, 12);
        absent(SECOND, 12);
        HistoryReport report = new HistoryChecker(history).check();
        assertThat(report.violations()).isEmpty();
        assertThat(report.undecidedKeys()).isEmpty();
        assertThat(report.calls()).isEqualTo(6);
        assertThat(report.acknowledgedWrites()).isEqualTo(2);
        assertThat(report.events()).isOne();
        assertThat(lost.reply()).isNull();
    }

    @Test
    void aReadThatLagsIsRightAsLongAsNoSyncCameFirst() {
        created(FIRST, "a", 10);
        set(FIRST, "b", 1, 11);
        read(SECOND, "a", 10, 0, 10, false);
        assertRight();
    }

    @Test
    void aWriteMayBeAnsweredWithAZxidAfterItsOwn() {
        created(FIRST, "a", 10);
        answer(sent(FIRST, setData("b", -1)), 13, new Response.StatOnly(stat(10, 11, 1)));
        set(SECOND, "c", 2, 14);
        assertRight();
    }

    // --- writes ------------------------------------------------------------------------------------------------------

    @Test
    void aWriteBeforeOneThatWasAcknowledgedBeforeItBegan() {
        created(FIRST, "a", 10);
        set(FIRST, "b", 1, 12);
        set(SECOND, "c", 2, 11);
        assertFound(HistoryRule.LINEARIZABLE_WRITES, "written at 0xb though 0xc");
    }

    @Test
    void twoWritesAtOneZxid() {
        created(FIRST, "a", 10);
        Call one = sent(FIRST, setData("b", -1));
        Call other = sent(SECOND, setData("c", -1));
        answer(one, 11, new Response.StatOnly(stat(10, 11, 1)));
        answer(other, 11, new Response.StatOnly(stat(10, 11, 2)));
        assertFound(HistoryRule.ONE_ZXID_PER_WRITE, "were both written at 0xb");
    }

    @Test
    void anAcknowledgedWriteThatIsLost() {
        created(FIRST, "a", 10);
        set(FIRST, "b", 1, 11);
        read(SECOND, "a", 10, 0, 20, false);
        assertFound(HistoryRule.TRUE_READ, "at 0x14 after [client 1");
    }

    @Test
    void anAcknowledgedCreateThatIsLost() {
        created(FIRST, "a", 10);
        absent(SECOND, 11);
        assertFound(HistoryRule.TRUE_READ, "finds nothing at 0xb");
    }

    // --- reads -------------------------------------------------------------------------------------------------------

    @Test
    void dataThatNobodyWrote() {
        created(FIRST, "a", 10);
        read(SECOND, "b", 10, 0, 10, false);
        assertFound(HistoryRule.TRUE_READ, "which nobody wrote there");
    }

    @Test
    void theDataOfAWriteThatWasRefused() {
        created(FIRST, "a", 10);
        refuse(sent(FIRST, setData("b", 7)), 11, ErrorCode.BAD_VERSION);
        read(SECOND, "b", 11, 1, 11, false);
        assertFound(HistoryRule.TRUE_READ, "which nobody wrote there");
    }

    @Test
    void aReadAfterSyncFromBeforeIt() {
        created(FIRST, "a", 10);
        set(FIRST, "b", 1, 11);
        Call sync = sent(SECOND, new Request.Sync(KEY));
        Call read = history.sent(SECOND, SECOND, ++xids[SECOND], new Request.GetData(KEY, false), now, sync);
        answer(sync, 10, new Response.SyncPath(KEY));
        answer(read, 10, new Response.Data(Bytes.utf8("a"), stat(10, 10, 0)));
        assertFound(HistoryRule.FRESH_AFTER_SYNC, "at 0xa though 0xb");
    }

    @Test
    void valuesWithoutAnOrderEvenIfAllZxidsAreRight() {
        created(FIRST, "a", 10);
        set(FIRST, "b", 1, 11);
        // Says that it waited for the sync and is newest, and shows the old value with an invented version.
        Call sync = sent(SECOND, new Request.Sync(KEY));
        Call read = history.sent(SECOND, SECOND, ++xids[SECOND], new Request.GetData(KEY, false), now, sync);
        answer(sync, 12, new Response.SyncPath(KEY));
        answer(read, 12, new Response.Data(Bytes.utf8("a"), stat(10, 12, 2)));
        assertFound(HistoryRule.REGISTER_LINEARIZABLE, KEY);
    }

    // --- one session -------------------------------------------------------------------------------------------------

    @Test
    void aClientThatGoesBackInTime() {
        created(FIRST, "a", 10);
        set(FIRST, "b", 1, 11);
        read(SECOND, "b", 11, 1, 11, false);
        history.connected(SECOND);
        read(SECOND, "a", 10, 0, 10, false);
        assertFound(HistoryRule.SESSION_ORDER, "at 0xa after its client saw 0xb");
    }

    @Test
    void repliesThatOvertakeEachOther() {
        created(FIRST, "a", 10);
        Call one = sent(FIRST, new Request.Exists(KEY, false));
        Call other = sent(FIRST, new Request.Exists(KEY, false));
        answer(other, 10, new Response.StatOnly(stat(10, 10, 0)));
        answer(one, 10, new Response.StatOnly(stat(10, 10, 0)));
        assertFound(HistoryRule.SESSION_ORDER, "after request 3");
    }

    @Test
    void aReplyToAnotherRequest() {
        created(FIRST, "a", 10);
        Call call = sent(FIRST, new Request.Exists(KEY, false));
        Reply reply = new Reply(call.xid() + 1, 10, ErrorCode.OK, new Response.StatOnly(stat(10, 10, 0)));
        history.replied(call, reply, ++now);
        assertFound(HistoryRule.SESSION_ORDER, "is answered by");
    }

    // --- watches -----------------------------------------------------------------------------------------------------

    @Test
    void aChangeThatAReplyShowsBeforeTheWatchFired() {
        created(FIRST, "a", 10);
        read(SECOND, "a", 10, 0, 10, true);
        set(FIRST, "b", 1, 11);
        read(SECOND, "b", 11, 1, 11, false);
        history.told(SECOND, 11, event(WatchEvent.NODE_DATA_CHANGED));
        assertFound(HistoryRule.WATCH_BEFORE_REPLY, "without being told of");
    }

    @Test
    void aWatchThatIsLostWithItsConnectionAndNotClaimedTellsNothing() {
        created(FIRST, "a", 10);
        read(SECOND, "a", 10, 0, 10, true);
        set(FIRST, "b", 1, 11);
        history.connected(SECOND);
        read(SECOND, "b", 11, 1, 11, false);
        assertRight();
    }

    @Test
    void aClaimedWatchWhoseChangeIsNotTold() {
        created(FIRST, "a", 10);
        read(SECOND, "a", 10, 0, 10, true);
        set(FIRST, "b", 1, 11);
        history.connected(SECOND);
        Call claim = sent(
                SECOND, new Request.SetWatches(10, List.of(KEY), List.of(), List.of(), List.of(), List.of(), false));
        answer(claim, 11, null);
        assertFound(HistoryRule.WATCH_BEFORE_REPLY, "watched since 0xa");
    }

    @Test
    void childrenThatChangeUntold() {
        answer(sent(SECOND, new Request.GetChildren("/", true, false)), 9, new Response.Children(List.of()));
        created(FIRST, "a", 10);
        read(SECOND, "a", 10, 0, 10, false);
        assertFound(HistoryRule.WATCH_BEFORE_REPLY, "children of /");
    }

    @Test
    void anEventThatSkipsTheFirstChange() {
        created(FIRST, "a", 10);
        read(SECOND, "a", 10, 0, 10, true);
        set(FIRST, "b", 1, 11);
        set(FIRST, "c", 2, 12);
        history.told(SECOND, 12, event(WatchEvent.NODE_DATA_CHANGED));
        assertFound(HistoryRule.TRUE_WATCH_EVENT, "came before");
    }

    @Test
    void anEventOfTheWrongKind() {
        created(FIRST, "a", 10);
        read(SECOND, "a", 10, 0, 10, true);
        set(FIRST, "b", 1, 11);
        history.told(SECOND, 11, event(WatchEvent.NODE_DELETED));
        assertFound(HistoryRule.TRUE_WATCH_EVENT, "another change");
    }

    @Test
    void anEventThatComesTwice() {
        created(FIRST, "a", 10);
        read(SECOND, "a", 10, 0, 10, true);
        set(FIRST, "b", 1, 11);
        history.told(SECOND, 11, event(WatchEvent.NODE_DATA_CHANGED));
        history.told(SECOND, 11, event(WatchEvent.NODE_DATA_CHANGED));
        assertFound(HistoryRule.TRUE_WATCH_EVENT, "watches only {}");
    }

    // --- words -------------------------------------------------------------------------------------------------------

    private void created(int client, String value, long zxid) {
        Request create = new Request.Create(OpCode.CREATE2, KEY, Bytes.utf8(value), Acl.OPEN, 0, Request.Create.NO_TTL);
        answer(sent(client, create), zxid, new Response.CreatedWithStat(KEY, stat(zxid, zxid, 0)));
    }

    private void set(int client, String value, int version, long zxid) {
        answer(sent(client, setData(value, -1)), zxid, new Response.StatOnly(stat(10, zxid, version)));
    }

    private static Request setData(String value, int version) {
        return new Request.SetData(KEY, Bytes.utf8(value), version);
    }

    private void deleted(int client, long zxid) {
        answer(sent(client, new Request.Delete(KEY, -1)), zxid, null);
    }

    private void read(int client, String value, long mzxid, int version, long zxid, boolean watch) {
        Call call = sent(client, new Request.GetData(KEY, watch));
        answer(call, zxid, new Response.Data(Bytes.utf8(value), stat(10, mzxid, version)));
    }

    private void absent(int client, long zxid) {
        refuse(sent(client, new Request.GetData(KEY, false)), zxid, ErrorCode.NO_NODE);
    }

    private Call sent(int client, Request request) {
        return history.sent(client, client, ++xids[client], request, ++now, null);
    }

    private void answer(Call call, long zxid, @Nullable Response body) {
        history.replied(call, new Reply(call.xid(), zxid, ErrorCode.OK, body), ++now);
    }

    private void refuse(Call call, long zxid, int err) {
        history.replied(call, Reply.failed(call.xid(), zxid, err), ++now);
    }

    private static WatchEvent event(int type) {
        return new WatchEvent(type, 3, KEY);
    }

    private static Stat stat(long czxid, long mzxid, int version) {
        return new Stat(czxid, mzxid, 0, 0, version, 0, 0, 0, 0, 0, czxid);
    }

    private void assertRight() {
        assertThat(new HistoryChecker(history).check().violations()).isEmpty();
    }

    private void assertFound(HistoryRule rule, String words) {
        assertThat(new HistoryChecker(history).check().violations()).anySatisfy(violation -> {
            assertThat(violation.rule()).isEqualTo(rule);
            assertThat(violation.text()).contains(words);
        });
    }
}
