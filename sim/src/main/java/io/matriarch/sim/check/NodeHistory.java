package io.matriarch.sim.check;

import java.util.ArrayList;
import java.util.List;

/** All states of one path, and what would fire which watch. */
final class NodeHistory {
    /** What a watch can be told (client.md 13.2), in the numbers of the wire. */
    record Change(long zxid, int type) {}

    private final ZxidList zxids = new ZxidList();
    private final List<NodeState> states = new ArrayList<>();
    private final List<Change> dataChanges = new ArrayList<>();
    private final List<Change> childChanges = new ArrayList<>();

    NodeState now() {
        return states.isEmpty() ? NodeState.ABSENT : states.get(states.size() - 1);
    }

    /** The state after the last transaction up to {@code zxid}. */
    NodeState at(long zxid) {
        int index = zxids.firstAbove(zxid) - 1;
        return index < 0 ? NodeState.ABSENT : states.get(index);
    }

    void set(long zxid, NodeState state) {
        if (zxids.lastOr(-1) == zxid) {
            states.set(states.size() - 1, state);
        } else {
            zxids.add(zxid);
            states.add(state);
        }
    }

    void dataChanged(long zxid, int type) {
        dataChanges.add(new Change(zxid, type));
    }

    void childChanged(long zxid, int type) {
        childChanges.add(new Change(zxid, type));
    }

    List<Change> changes(boolean isOfChildren) {
        return isOfChildren ? childChanges : dataChanges;
    }
}
