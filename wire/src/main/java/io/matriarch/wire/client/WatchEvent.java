package io.matriarch.wire.client;

import io.matriarch.wire.JuteReader;
import io.matriarch.wire.JuteWriter;

/**
 * What a watch tells its client (client.md 13.5): type int, state int, path ustring. It travels as the body of a
 * {@link Reply} with xid {@link Reply#XID_WATCH}.
 *
 * @param type {@link #NODE_CREATED} to {@link #NODE_CHILDREN_CHANGED}
 * @param state {@link #SYNC_CONNECTED} from servers
 * @param path the full path at the server
 */
public record WatchEvent(int type, int state, String path) implements Response {
    /** The znode was created. */
    public static final int NODE_CREATED = 1;

    /** The znode was deleted. */
    public static final int NODE_DELETED = 2;

    /** The znode's data was set. */
    public static final int NODE_DATA_CHANGED = 3;

    /** A child was created or deleted. */
    public static final int NODE_CHILDREN_CHANGED = 4;

    /** The only state that servers send. */
    public static final int SYNC_CONNECTED = 3;

    static WatchEvent decode(JuteReader in) {
        int type = in.readInt();
        int state = in.readInt();
        return new WatchEvent(type, state, in.readString("path"));
    }

    @Override
    public void encode(JuteWriter out) {
        out.writeInt(type);
        out.writeInt(state);
        out.writeString(path);
    }
}
