package io.matriarch.wire.client;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.Id;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Stat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a reply (client.md 5 and 6.1). The order of components is the order on the wire. Operations that are not
 * named here have none. Lists are taken as they are and must not change afterwards.
 */
public sealed interface Response
        permits Response.Created,
                Response.CreatedWithStat,
                Response.StatOnly,
                Response.Data,
                Response.Children,
                Response.ChildrenWithStat,
                Response.AclList,
                Response.SyncPath,
                Response.MultiResults,
                Response.ErrorBody,
                Response.Ephemerals,
                Response.ChildCount,
                Response.WhoAmI,
                Response.SaslToken,
                WatchEvent {
    /** Writes the record. */
    void encode(JuteWriter out);

    /**
     * Reads the body that a successful {@code opcode} is answered with; for clients.
     *
     * @return null if that operation has no body
     * @throws MalformedException if it cannot be read
     */
    static @Nullable Response decode(int opcode, JuteReader in) {
        return ResponseDecoder.decode(opcode, in);
    }

    /** create. */
    record Created(String path) implements Response {
        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
        }
    }

    /** create2, createContainer, createTTL. */
    record CreatedWithStat(String path, Stat stat) implements Response {
        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            stat.encode(out);
        }
    }

    /** exists, setData, setACL. */
    record StatOnly(Stat stat) implements Response {
        @Override
        public void encode(JuteWriter out) {
            stat.encode(out);
        }
    }

    /** getData, reconfig. */
    record Data(@Nullable Bytes data, Stat stat) implements Response {
        @Override
        public void encode(JuteWriter out) {
            out.writeBuffer(data);
            stat.encode(out);
        }
    }

    /** getChildren: names without slashes, in any order. */
    record Children(List<String> names) implements Response {
        @Override
        public void encode(JuteWriter out) {
            out.writeStrings(names);
        }
    }

    /** getChildren2. */
    record ChildrenWithStat(List<String> names, Stat stat) implements Response {
        @Override
        public void encode(JuteWriter out) {
            out.writeStrings(names);
            stat.encode(out);
        }
    }

    /** getACL. */
    record AclList(List<Acl> acl, Stat stat) implements Response {
        @Override
        public void encode(JuteWriter out) {
            Acl.encodeList(out, acl);
            stat.encode(out);
        }
    }

    /** sync: the path as it came. */
    record SyncPath(@Nullable String path) implements Response {
        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
        }
    }

    /** multi, multiRead. Compat: a failed multi has this body too, with 0 in the reply header. */
    record MultiResults(List<OpResult> results) implements Response {
        @Override
        public void encode(JuteWriter out) {
            for (OpResult result : results) {
                result.encode(out);
            }
            MultiHeader.encodeEnd(out);
        }
    }

    /** addWatch (with 0), and failures inside multi results. */
    record ErrorBody(int err) implements Response {
        @Override
        public void encode(JuteWriter out) {
            out.writeInt(err);
        }
    }

    /** getEphemerals: full paths in any order. */
    record Ephemerals(List<String> paths) implements Response {
        @Override
        public void encode(JuteWriter out) {
            out.writeStrings(paths);
        }
    }

    /** getAllChildrenNumber. */
    record ChildCount(int count) implements Response {
        @Override
        public void encode(JuteWriter out) {
            out.writeInt(count);
        }
    }

    /** whoAmI: scheme and name of each identity. */
    record WhoAmI(List<Id> ids) implements Response {
        @Override
        public void encode(JuteWriter out) {
            out.writeInt(ids.size());
            for (Id id : ids) {
                id.encode(out);
            }
        }
    }

    /** sasl. Compat: with a null token also the body of a refusal, whose reply header has an error. */
    record SaslToken(@Nullable Bytes token) implements Response {
        @Override
        public void encode(JuteWriter out) {
            out.writeBuffer(token);
        }
    }
}
