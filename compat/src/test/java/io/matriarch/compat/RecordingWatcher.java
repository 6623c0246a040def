package io.matriarch.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/** Keeps every event it is told, in order. */
public final class RecordingWatcher implements Watcher {
    private final List<WatchedEvent> events = new ArrayList<>();

    @Override
    public synchronized void process(WatchedEvent event) {
        events.add(event);
    }

    /** Everything so far. */
    public synchronized List<WatchedEvent> events() {
        return List.copyOf(events);
    }

    /** Events about znodes so far, each as {@code NodeCreated /path}. */
    public List<String> znodeEvents() {
        return events().stream()
                .filter(event -> event.getType() != Event.EventType.None)
                .map(event -> event.getType() + " " + event.getPath())
                .toList();
    }

    /** Changes of the connection so far. */
    public List<Event.KeeperState> states() {
        return events().stream()
                .filter(event -> event.getType() == Event.EventType.None)
                .map(WatchedEvent::getState)
                .toList();
    }

    /** Events about znodes since the last call, after everything that the server had sent this client has been delivered. */
    public List<String> drain(ZooKeeper client) throws InterruptedException {
        CountDownLatch delivered = new CountDownLatch(1);
        // Callbacks and events of one client are delivered by one thread in the order in which they came.
        client.sync("/", (code, path, context) -> delivered.countDown(), null);
        if (!delivered.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no answer to sync within 10 s");
        }
        synchronized (this) {
            List<String> result = znodeEvents();
            events.clear();
            return result;
        }
    }
}
