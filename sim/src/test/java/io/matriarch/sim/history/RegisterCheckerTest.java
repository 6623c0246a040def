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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories of one key that have, and that have not, a sequential explanation. */
class RegisterCheckerTest {
    private static final String KEY = "/k";

    private final List<Call> history = new ArrayList<>();

    @Test
    void sequentialCallsAreExplained() {
        create("a", 0, 1);
        read("a", 0, 2, 3);
        set("b", 1, 4, 5);
        read("b", 1, 6, 7);
        assertExplained();
    }

    @Test
    void overlappingCallsMayComeInEitherOrder() {
        create("a", 0, 1);
        set("b", 1, 2, 10);
        read("a", 0, 3, 4);
        read("b", 1, 5, 6);
        assertExplained();
    }

    @Test
    void aReadMustNotReturnWhatWasOverwrittenBefore() {
        create("a", 0, 1);
        set("b", 1, 2, 3);
        read("a", 0, 4, 5);
        assertRefused();
    }

    @Test
    void aReadMustNotGoBack() {
        create("a", 0, 1);
        set("b", 1, 2, 20);
        read("b", 1, 3, 4);
        read("a", 0, 5, 6);
        assertRefused();
    }

    @Test
    void aWriteWithoutAnswerMayHappenLateOrNever() {
        create("a", 0, 1);
        add(new Request.SetData(KEY, Bytes.utf8("b"), -1), 2, Long.MAX_VALUE, null, null);
        read("a", 0, 3, 4);
        read("b", 1, 5, 6);
        assertExplained();
        read("b", 1, 7, 8);
        assertExplained();
    }

    @Test
    void anAcknowledgedWriteMustHappen() {
        create("a", 0, 1);
        add(new Request.Delete(KEY, -1), 2, 3, OK, null);
        read("a", 0, 4, 5);
        assertRefused();
    }

    @Test
    void aRefusalNeedsItsCause() {
        create("a", 0, 1);
        add(new Request.Delete(KEY, 0), 2, 3, ErrorCode.BAD_VERSION, null);
        assertRefused();
    }

    private static final int OK = ErrorCode.OK;

    private void create(String value, long from, long to) {
        Request create = new Request.Create(OpCode.CREATE, KEY, Bytes.utf8(value), Acl.OPEN, 0, Request.Create.NO_TTL);
        add(create, from, to, OK, new Response.Created(KEY));
    }

    private void set(String value, int version, long from, long to) {
        add(new Request.SetData(KEY, Bytes.utf8(value), -1), from, to, OK, new Response.StatOnly(stat(version)));
    }

    private void read(String value, int version, long from, long to) {
        Call sync = new Call(1, 1, 0, new Request.Sync(KEY), from, null);
        Call read = new Call(1, 1, 0, new Request.GetData(KEY, false), from, sync);
        read.responded(new Reply(0, 0, OK, new Response.Data(Bytes.utf8(value), stat(version))), to);
        history.add(read);
    }

    private void add(Request request, long from, long to, Integer err, Response body) {
        Call operation = new Call(1, 1, 0, request, from, null);
        if (err != null) {
            operation.responded(new Reply(0, 0, err, body), to);
        }
        history.add(operation);
    }

    private static Stat stat(int version) {
        return new Stat(0, 0, 0, 0, version, 0, 0, 0, 0, 0, 0);
    }

    private void assertExplained() {
        assertThat(new RegisterChecker(history).check()).containsValue(RegisterChecker.Finding.EXPLAINED);
    }

    private void assertRefused() {
        assertThat(new RegisterChecker(history).check()).containsEntry(KEY, RegisterChecker.Finding.IMPOSSIBLE);
    }
}
