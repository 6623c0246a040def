package io.matriarch.compat.script;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Stat;

/** Prints what a step came to, without what must differ from run to run: zxids, times, session ids. */
final class Outcome {
    private Outcome() {}

    static String of(Object result, long sessionId) {
        if (result == null) {
            return "ok";
        } else if (result instanceof byte[] bytes) {
            return "data '" + new String(bytes, StandardCharsets.UTF_8) + "'";
        } else if (result instanceof Stat stat) {
            return of(stat, sessionId);
        } else if (result instanceof ACL acl) {
            return acl.getId().getScheme() + ":" + acl.getId().getId() + ":" + acl.getPerms();
        } else if (result instanceof ClientInfo client) {
            return client.getAuthScheme() + ":" + client.getUser();
        } else if (result instanceof OpResult op) {
            return of(op, sessionId);
        } else if (result instanceof KeeperException failure) {
            return failure.code().name();
        } else if (result instanceof Collection<?> many) {
            List<String> each = new ArrayList<>();
            many.forEach(one -> each.add(of(one, sessionId)));
            return each.toString();
        }
        return result.toString();
    }

    /** An error of the service by its code; any other by its class. */
    static String of(Exception failure) {
        return failure instanceof KeeperException keeper
                ? keeper.code().name()
                : failure.getClass().getSimpleName();
    }

    private static String of(Stat stat, long sessionId) {
        String owner = stat.getEphemeralOwner() == 0 ? "none" : stat.getEphemeralOwner() == sessionId ? "me" : "other";
        return "stat version=" + stat.getVersion() + " cversion=" + stat.getCversion() + " aversion="
                + stat.getAversion() + " owner=" + owner + " length=" + stat.getDataLength() + " children="
                + stat.getNumChildren() + relation(" mzxid", stat.getMzxid(), " czxid", stat.getCzxid())
                + relation(" pzxid", stat.getPzxid(), " czxid", stat.getCzxid())
                + (stat.getMtime() >= stat.getCtime() ? "" : " mtime<ctime");
    }

    private static String relation(String left, long leftValue, String right, long rightValue) {
        int order = Long.compare(leftValue, rightValue);
        return left + (order == 0 ? "=" : order < 0 ? "<" : ">") + right.trim();
    }

    private static String of(OpResult op, long sessionId) {
        if (op instanceof OpResult.ErrorResult error) {
            return "error " + KeeperException.Code.get(error.getErr());
        } else if (op instanceof OpResult.CreateResult create) {
            return "created " + create.getPath()
                    + (create.getStat() == null ? "" : " " + of(create.getStat(), sessionId));
        } else if (op instanceof OpResult.SetDataResult set) {
            return "set " + of(set.getStat(), sessionId);
        } else if (op instanceof OpResult.GetDataResult get) {
            return of(get.getData(), sessionId) + " " + of(get.getStat(), sessionId);
        } else if (op instanceof OpResult.GetChildrenResult children) {
            return "children " + children.getChildren().stream().sorted().toList();
        }
        return op.getClass().getSimpleName();
    }
}
