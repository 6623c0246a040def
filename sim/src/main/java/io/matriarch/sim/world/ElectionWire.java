package io.matriarch.sim.world;

import io.matriarch.core.port.Event;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.Notification;

/** What a process does with frames on its election port: those that cannot be read are passed over (election.md 2.2). */
final class ElectionWire {
    private final SimProcess process;
    private final WorldParts.ElectionPort port;
    private boolean isDeaf;

    ElectionWire(SimProcess process, WorldParts.ElectionPort port) {
        this.process = process;
        this.port = port;
    }

    /** The body of a frame. */
    void received(int from, Bytes body) {
        try {
            received(from, Notification.decode(body));
        } catch (MalformedException e) {
            switch (port) {
                case CORRECT, FORGETS_LAST_WORD -> {}
                case DEAFENED_BY_MALFORMED -> isDeaf = true;
                case ENDED_BY_MALFORMED -> throw e;
            }
        }
    }

    void received(int from, Notification notification) {
        if (!isDeaf) {
            process.deliver(new Event.NotificationReceived(new ServerId(from), notification));
        }
    }
}
