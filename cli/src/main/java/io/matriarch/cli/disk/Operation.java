package io.matriarch.cli.disk;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Permission;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.txn.CheckTxn;
import io.matriarch.wire.txn.CloseSessionTxn;
import io.matriarch.wire.txn.CreateContainerTxn;
import io.matriarch.wire.txn.CreateSessionTxn;
import io.matriarch.wire.txn.CreateTtlTxn;
import io.matriarch.wire.txn.CreateTxn;
import io.matriarch.wire.txn.DeleteTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.MultiTxn;
import io.matriarch.wire.txn.SetAclTxn;
import io.matriarch.wire.txn.SetDataTxn;
import io.matriarch.wire.txn.SubTxn;
import io.matriarch.wire.txn.TxnBody;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction, or a part of a multi, does, in the words of its printed line.
 *
 * @param type ZooKeeper's name of it
 * @param path of the znode; null if it concerns none
 * @param hasData whether it carries data at all
 * @param data that data, perhaps null
 * @param details anything else, by name, in the order of printing
 * @param parts of a multi
 */
record Operation(
        String type,
        @Nullable String path,
        boolean hasData,
        @Nullable Bytes data,
        Map<String, Object> details,
        List<Operation> parts) {
    /** In the order in which ZooKeeper's shell writes them. */
    private static final Map<Integer, String> LETTERS = new LinkedHashMap<>();

    static {
        LETTERS.put(Permission.CREATE, "c");
        LETTERS.put(Permission.DELETE, "d");
        LETTERS.put(Permission.READ, "r");
        LETTERS.put(Permission.WRITE, "w");
        LETTERS.put(Permission.ADMIN, "a");
    }

    static Operation of(int type, TxnBody body) {
        String name = OpCode.name(type);
        if (body instanceof CreateTxn b) {
            Map<String, Object> details = create(b.acl(), b.parentCVersion());
            details.put("ephemeral", b.ephemeral());
            return new Operation(name, b.path(), true, b.data(), details, List.of());
        }
        if (body instanceof CreateContainerTxn b) {
            return new Operation(name, b.path(), true, b.data(), create(b.acl(), b.parentCVersion()), List.of());
        }
        if (body instanceof CreateTtlTxn b) {
            Map<String, Object> details = create(b.acl(), b.parentCVersion());
            details.put("ttlMillis", b.ttl());
            return new Operation(name, b.path(), true, b.data(), details, List.of());
        }
        if (body instanceof SetDataTxn b) {
            return new Operation(name, b.path(), true, b.data(), detail("version", b.version()), List.of());
        }
        return withoutData(name, body);
    }

    private static Operation withoutData(String name, TxnBody body) {
        if (body instanceof SetAclTxn b) {
            Map<String, Object> details = detail("acl", text(b.acl()));
            details.put("version", b.version());
            return plain(name, b.path(), details);
        }
        if (body instanceof DeleteTxn b) {
            return plain(name, b.path(), Map.of());
        }
        if (body instanceof CheckTxn b) {
            return plain(name, b.path(), detail("version", b.version()));
        }
        if (body instanceof CreateSessionTxn b) {
            return plain(name, null, detail("timeoutMillis", b.timeoutMillis()));
        }
        if (body instanceof CloseSessionTxn b) {
            List<String> paths = b.paths();
            return plain(name, null, paths == null ? Map.of() : detail("deletes", paths));
        }
        if (body instanceof ErrorTxn b) {
            return plain(name, null, detail("error", b.err()));
        }
        if (body instanceof MultiTxn b) {
            List<Operation> parts = b.parts().stream().map(Operation::of).toList();
            return new Operation(name, null, false, null, detail("failed", b.isFailed()), parts);
        }
        throw new IllegalArgumentException("no transaction: " + body);
    }

    private static Operation of(SubTxn part) {
        return of(part.type(), part.body());
    }

    /** An access list as the shell's users write it. */
    static List<String> text(List<Acl> acl) {
        return acl.stream().map(Operation::text).toList();
    }

    private static String text(Acl entry) {
        StringBuilder granted = new StringBuilder();
        LETTERS.forEach((bit, letter) -> granted.append((entry.perms() & bit) == 0 ? "" : letter));
        return entry.id().scheme() + ":" + entry.id().id() + ":" + granted;
    }

    private static Operation plain(String type, @Nullable String path, Map<String, Object> details) {
        return new Operation(type, path, false, null, details, List.of());
    }

    private static Map<String, Object> create(List<Acl> acl, int parentCVersion) {
        Map<String, Object> details = detail("acl", text(acl));
        details.put("parentCVersion", parentCVersion);
        return details;
    }

    private static Map<String, Object> detail(String name, Object value) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put(name, value);
        return details;
    }
}
