package io.matriarch.compat.candidates;

import io.matriarch.bench.candidates.Cable;
import java.io.IOException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;

/** Curator's LeaderLatch. */
final class LatchContender implements Contender {
    private final String name;
    private final Cable cable;
    private final String path;
    private final Witness witness;
    private final CuratorFramework client;
    private LeaderLatch latch;

    LatchContender(String name, Cable cable, String path, Witness witness) throws Exception {
        this.name = name;
        this.cable = cable;
        this.path = path;
        this.witness = witness;
        client = CuratorClients.start(cable);
        latch = start();
    }

    private LeaderLatch start() throws Exception {
        LeaderLatch made = new LeaderLatch(client, path, name);
        made.addListener(new LeaderLatchListener() {
            @Override
            public void isLeader() {
                witness.begins(name);
            }

            @Override
            public void notLeader() {
                witness.ceases(name);
            }
        });
        made.start();
        return made;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Cable cable() {
        return cable;
    }

    @Override
    public void resign() throws Exception {
        // A latch takes its znode back before it tells that it leads no longer: whoever uses it stops work first.
        witness.ceases(name);
        latch.close();
        latch = start();
    }

    @Override
    public void leave() throws IOException {
        witness.ceases(name);
        latch.close();
        client.close();
        cable.close();
    }
}
