package io.matriarch.wire.client;

import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoded request (client.md 5 and 6). The order of components is the order on the wire. Decoding checks shape only:
 * paths are not null but otherwise unchecked, flags and versions are as given. Lists are taken as they are and must not
 * change afterwards.
 */
public sealed interface Request {
    /** The operation's number. */
    int opcode();

    /** Writes the request record, without the header. */
    void encode(JuteWriter out);

    /** The request record, without the header. */
    default Bytes encode() {
        JuteWriter out = new JuteWriter();
        encode(out);
        return out.toBytes();
    }

    /**
     * Reads the record of {@code opcode} from {@code body}. Bytes after the record are ignored (client.md 6.1).
     *
     * @throws MalformedException if the body cannot be read, or no such operation exists
     */
    static Request decode(int opcode, Bytes body) {
        return RequestDecoder.decode(opcode, new JuteReader(body));
    }

    /** Whether a client may send {@code opcode} on its own; any other number is answered with -6 and a close. */
    static boolean isKnown(int opcode) {
        return switch (opcode) {
            case OpCode.CREATE, OpCode.DELETE, OpCode.EXISTS, OpCode.GET_DATA, OpCode.SET_DATA -> true;
            case OpCode.GET_ACL, OpCode.SET_ACL, OpCode.GET_CHILDREN, OpCode.SYNC, OpCode.PING -> true;
            case OpCode.GET_CHILDREN2, OpCode.MULTI, OpCode.CREATE2, OpCode.RECONFIG -> true;
            case OpCode.CHECK_WATCHES, OpCode.REMOVE_WATCHES, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL -> true;
            case OpCode.MULTI_READ, OpCode.AUTH, OpCode.SET_WATCHES, OpCode.SASL, OpCode.GET_EPHEMERALS -> true;
            case OpCode.GET_ALL_CHILDREN_NUMBER, OpCode.SET_WATCHES2, OpCode.ADD_WATCH -> true;
            case OpCode.WHO_AM_I, OpCode.CLOSE_SESSION -> true;
            default -> false;
        };
    }

    /**
     * create, create2, createContainer or createTTL.
     *
     * @param flags the create mode, unchecked
     * @param ttl milliseconds, on the wire with createTTL only; {@link #NO_TTL} otherwise
     */
    record Create(
            int opcode,
            String path,
            @Nullable Bytes data,
            @Nullable List<Acl> acl,
            int flags,
            long ttl) implements Request {
        /** The ttl of the operations that carry none. */
        public static final long NO_TTL = -1;

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            out.writeBuffer(data);
            Acl.encodeList(out, acl);
            out.writeInt(flags);
            if (opcode == OpCode.CREATE_TTL) {
                out.writeLong(ttl);
            }
        }
    }

    /** delete; version -1 means any. */
    record Delete(String path, int version) implements Request {
        @Override
        public int opcode() {
            return OpCode.DELETE;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            out.writeInt(version);
        }
    }

    /** deleteContainer: never from clients, isKnown says no; Apache forwards it between servers. */
    record DeleteContainer(String path) implements Request {
        @Override
        public int opcode() {
            return OpCode.DELETE_CONTAINER;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
        }
    }

    /** exists. */
    record Exists(String path, boolean watch) implements Request {
        @Override
        public int opcode() {
            return OpCode.EXISTS;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            out.writeBoolean(watch);
        }
    }

    /** getData. */
    record GetData(String path, boolean watch) implements Request {
        @Override
        public int opcode() {
            return OpCode.GET_DATA;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            out.writeBoolean(watch);
        }
    }

    /** getChildren, or getChildren2 if the stat is wanted. */
    record GetChildren(String path, boolean watch, boolean withStat) implements Request {
        @Override
        public int opcode() {
            return withStat ? OpCode.GET_CHILDREN2 : OpCode.GET_CHILDREN;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            out.writeBoolean(watch);
        }
    }

    /** setData; version -1 means any. */
    record SetData(String path, @Nullable Bytes data, int version) implements Request {
        @Override
        public int opcode() {
            return OpCode.SET_DATA;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            out.writeBuffer(data);
            out.writeInt(version);
        }
    }

    /** getACL. */
    record GetAcl(String path) implements Request {
        @Override
        public int opcode() {
            return OpCode.GET_ACL;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
        }
    }

    /** setACL; the version is compared with the aversion. */
    record SetAcl(String path, @Nullable List<Acl> acl, int version) implements Request {
        @Override
        public int opcode() {
            return OpCode.SET_ACL;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            Acl.encodeList(out, acl);
            out.writeInt(version);
        }
    }

    /** sync; the path is only echoed, and may be null. */
    record Sync(@Nullable String path) implements Request {
        @Override
        public int opcode() {
            return OpCode.SYNC;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
        }
    }

    /** check; legal inside multi only. */
    record Check(String path, int version) implements Request {
        @Override
        public int opcode() {
            return OpCode.CHECK;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            out.writeInt(version);
        }
    }

    /** multi: create family, delete, setData and check only. */
    record Multi(List<Request> ops) implements Request {
        @Override
        public int opcode() {
            return OpCode.MULTI;
        }

        @Override
        public void encode(JuteWriter out) {
            MultiHeader.encodeAll(out, ops);
        }
    }

    /** multiRead: getData and getChildren only. */
    record MultiRead(List<Request> ops) implements Request {
        @Override
        public int opcode() {
            return OpCode.MULTI_READ;
        }

        @Override
        public void encode(JuteWriter out) {
            MultiHeader.encodeAll(out, ops);
        }
    }

    /** ping. */
    record Ping() implements Request {
        @Override
        public int opcode() {
            return OpCode.PING;
        }

        @Override
        public void encode(JuteWriter out) {}
    }

    /** closeSession. */
    record CloseSession() implements Request {
        @Override
        public int opcode() {
            return OpCode.CLOSE_SESSION;
        }

        @Override
        public void encode(JuteWriter out) {}
    }

    /** createSession: between servers only. */
    record CreateSession(int timeoutMillis) implements Request {
        @Override
        public int opcode() {
            return OpCode.CREATE_SESSION;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeInt(timeoutMillis);
        }
    }

    /** setWatches, or setWatches2 if {@code withPersistent}; without it the last two lists are empty. */
    record SetWatches(
            long relativeZxid,
            List<String> data,
            List<String> exist,
            List<String> child,
            List<String> persistent,
            List<String> recursive,
            boolean withPersistent)
            implements Request {
        @Override
        public int opcode() {
            return withPersistent ? OpCode.SET_WATCHES2 : OpCode.SET_WATCHES;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeLong(relativeZxid);
            out.writeStrings(data);
            out.writeStrings(exist);
            out.writeStrings(child);
            if (withPersistent) {
                out.writeStrings(persistent);
                out.writeStrings(recursive);
            }
        }
    }

    /** addWatch; mode 0 persistent, 1 persistent recursive, others as given. */
    record AddWatch(String path, int mode) implements Request {
        @Override
        public int opcode() {
            return OpCode.ADD_WATCH;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            out.writeInt(mode);
        }
    }

    /** checkWatches; types of client.md 13.6. */
    record CheckWatches(String path, int type) implements Request {
        @Override
        public int opcode() {
            return OpCode.CHECK_WATCHES;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            out.writeInt(type);
        }
    }

    /** removeWatches; types of client.md 13.6. */
    record RemoveWatches(String path, int type) implements Request {
        @Override
        public int opcode() {
            return OpCode.REMOVE_WATCHES;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
            out.writeInt(type);
        }
    }

    /** getEphemerals; a null prefix means all. */
    record GetEphemerals(@Nullable String prefix) implements Request {
        @Override
        public int opcode() {
            return OpCode.GET_EPHEMERALS;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(prefix);
        }
    }

    /** getAllChildrenNumber. */
    record GetAllChildrenNumber(String path) implements Request {
        @Override
        public int opcode() {
            return OpCode.GET_ALL_CHILDREN_NUMBER;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(path);
        }
    }

    /** whoAmI. */
    record WhoAmI() implements Request {
        @Override
        public int opcode() {
            return OpCode.WHO_AM_I;
        }

        @Override
        public void encode(JuteWriter out) {}
    }

    /** auth; the type is always 0 and ignored. */
    record Auth(int type, @Nullable String scheme, @Nullable Bytes auth) implements Request {
        @Override
        public int opcode() {
            return OpCode.AUTH;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeInt(type);
            out.writeString(scheme);
            out.writeBuffer(auth);
        }

        /** Without the credentials, which do not belong into logs. */
        @Override
        public String toString() {
            return "Auth[scheme=" + scheme + "]";
        }
    }

    /** sasl. */
    record Sasl(@Nullable Bytes token) implements Request {
        @Override
        public int opcode() {
            return OpCode.SASL;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeBuffer(token);
        }

        /** Without the token, which does not belong into logs. */
        @Override
        public String toString() {
            return "Sasl[" + (token == null ? "null" : token.length() + " bytes") + "]";
        }
    }

    /** reconfig: either joining and leaving, or newMembers; curConfigId -1 means any. */
    record Reconfig(
            @Nullable String joining,
            @Nullable String leaving,
            @Nullable String newMembers,
            long curConfigId) implements Request {
        @Override
        public int opcode() {
            return OpCode.RECONFIG;
        }

        @Override
        public void encode(JuteWriter out) {
            out.writeString(joining);
            out.writeString(leaving);
            out.writeString(newMembers);
            out.writeLong(curConfigId);
        }
    }
}
