package io.matriarch.core.peer;

import io.matriarch.core.port.LogEntry;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.Txn;
import io.matriarch.wire.txn.TxnBody;
import io.matriarch.wire.txn.TxnHeader;
import java.util.ArrayList;
import java.util.List;

/** Log entries by hand. An entry of this class creates one znode, named after its zxid, so that a tree tells what was applied. */
public final class Entries {
    static final long WALL_MILLIS = 1_700_000_000_000L;

    private Entries() {}

    public static Zxid z(long epoch, long counter) {
        return Zxid.of(epoch, counter);
    }

    /** The znode that the entry with this zxid creates. */
    public static String path(Zxid zxid) {
        return "/" + zxid;
    }

    public static LogEntry entry(long epoch, long counter) {
        Zxid zxid = z(epoch, counter);
        return entry(0, 0, zxid, OpCode.CREATE, new CreateTxn(path(zxid), Bytes.EMPTY, Acl.OPEN, false, -1));
    }

    /** The entries of {@code epoch} with counters {@code first} to {@code last}. */
    public static List<LogEntry> entries(long epoch, long first, long last) {
        List<LogEntry> entries = new ArrayList<>();
        for (long counter = first; counter <= last; counter++) {
            entries.add(entry(epoch, counter));
        }
        return entries;
    }

    public static LogEntry opens(long sessionId, int timeoutMillis, Zxid zxid) {
        return entry(sessionId, 0, zxid, OpCode.CREATE_SESSION, new CreateSessionTxn(timeoutMillis));
    }

    public static LogEntry entry(long sessionId, int cxid, Zxid zxid, int type, TxnBody body) {
        return new LogEntry(
                zxid, new Txn(new TxnHeader(sessionId, cxid, zxid, WALL_MILLIS, type), body, null).encode());
    }

    @SafeVarargs
    public static List<LogEntry> both(List<LogEntry>... parts) {
        List<LogEntry> all = new ArrayList<>();
        for (List<LogEntry> part : parts) {
            all.addAll(part);
        }
        return all;
    }
}
