package io.matriarch.compat.candidates;

import io.matriarch.bench.candidates.Cable;
import java.util.concurrent.Semaphore;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;

/** Curator's LeaderSelector, which queues again by itself. */
final class SelectorContender extends LeaderSelectorListenerAdapter implements Contender {
    private final String name;
    private final Cable cable;
    private final Witness witness;
    private final CuratorFramework client;
    private final LeaderSelector selector;
    private final Semaphore resignations = new Semaphore(0);

    SelectorContender(String name, Cable cable, String path, Witness witness) {
        this.name = name;
        this.cable = cable;
        this.witness = witness;
        client = CuratorClients.start(cable);
        selector = new LeaderSelector(client, path, this);
        selector.setId(name);
        selector.autoRequeue();
        selector.start();
    }

    @Override
    public void takeLeadership(CuratorFramework leading) throws InterruptedException {
        witness.begins(name);
        try {
            resignations.acquire();
        } finally {
            witness.ceases(name);
        }
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
    public void resign() {
        resignations.release();
    }

    @Override
    public void leave() {
        selector.close();
        client.close();
        cable.close();
    }
}
