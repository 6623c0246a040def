package io.matriarch.sim.world;

import io.matriarch.sim.net.Stream;
import io.matriarch.sim.net.StreamEnd;
import io.matriarch.sim.net.VirtualNetwork;
import io.matriarch.wire.Acl;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.client.ClientRequest;
import io.matriarch.wire.client.ConnectRequest;
import io.matriarch.wire.client.ConnectResponse;
import io.matriarch.wire.client.OpCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;

/** A client of a scenario: one session at one server, creating one znode after the other. */
final class ScriptedWriter implements VirtualNetwork.Dialler, StreamEnd {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final int client;
    private final int writes;
    private Stream stream;
    private boolean isEstablished;
    private boolean isOver;
    private int sent;
    private int acknowledged;

    ScriptedWriter(int client, int writes) {
        this.client = client;
        this.writes = writes;
    }

    int acknowledged() {
        return acknowledged;
    }

    /** All acknowledged, or the connection is gone. */
    boolean isOver() {
        return isOver || acknowledged == writes;
    }

    @Override
    public StreamEnd connected(Stream up) {
        stream = up;
        Bytes password = Bytes.wrap(new byte[ConnectResponse.PASSWORD_BYTES]);
        up.send(0, new ConnectRequest(0, 0, TIMEOUT_MILLIS, 0, password, true, false).encode());
        return this;
    }

    @Override
    public void failed(String reason) {
        isOver = true;
    }

    @Override
    public void closed(String reason) {
        isOver = true;
    }

    @Override
    public void received(Object message) {
        if (!isEstablished) {
            isEstablished = true;
        } else if (Reply.decode(OpCode.CREATE, (Bytes) message).err() == 0) {
            acknowledged++;
        }
        if (sent < writes) {
            sent++;
            Request create = new Request.Create(
                    OpCode.CREATE, "/c" + client + "-" + sent, Bytes.EMPTY, Acl.OPEN, 0, Request.Create.NO_TTL);
            stream.send(0, new ClientRequest(sent, create.opcode(), create.encode()).encode());
        }
    }
}
