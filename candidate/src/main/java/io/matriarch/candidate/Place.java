package io.matriarch.candidate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A candidate's place in the line, and the one znode that it watches there: the own one while it is first, else that of its
 * nearest predecessor, so that a death wakes one candidate only (client.md 20.1, step 3).
 */
final class Place {
    private final Settings settings;
    private final Outbox outbox;
    private final Tenure tenure;
    private @Nullable String watchedPath;

    Place(Settings settings, Outbox outbox, Tenure tenure) {
        this.settings = settings;
        this.outbox = outbox;
        this.tenure = tenure;
    }

    boolean isWatched(String path) {
        return path.equals(watchedPath);
    }

    /** The watched path; "nothing" if there is none. */
    String watched() {
        String path = watchedPath;
        return path == null ? "nothing" : path;
    }

    /** Changes of a znode that was watched so far do not matter any more. */
    void leave() {
        watchedPath = null;
    }

    /** Takes the place of {@code name}: steps down, goes behind a preferred candidate, or asks whether it may lead, as the list demands. */
    void take(Contenders contenders, String name, long now, long sessionId, int timeoutMillis) {
        String predecessor = contenders.before(name, settings.blocks());
        String preferred = settings.aim() == Aim.LEAD ? contenders.preferredTo(settings.priority()) : null;
        if (predecessor != null) {
            tenure.end("another candidate is before this one");
            String path = pathOf(predecessor);
            watchedPath = path;
            outbox.ask(generation -> new CampaignEffect.ReadPredecessor(generation, path));
            tenure.becomeIneligible();
            if (settings.aim() == Aim.LEAD && predecessor.equals(contenders.first())) {
                tenure.prepare(now, pathOf(name), timeoutMillis);
            }
        } else if (preferred != null && (tenure.lease() == null || settings.isPreemptible())) {
            tenure.end("a candidate of higher priority is there");
            yieldTo(preferred, List.of(name));
        } else {
            String path = pathOf(name);
            watchedPath = path;
            outbox.ask(generation -> new CampaignEffect.ReadOwnNode(generation, path));
            if (tenure.hasRead(path)) {
                tenure.becomeEligible(now, sessionId, timeoutMillis);
            }
            if (settings.aim() != Aim.BE_THERE) {
                tenure.confirm(now, path, timeoutMillis);
            }
        }
    }

    /** Steps down so that {@code successor} leads next; says false, and does nothing, if it is not behind {@code name}. */
    boolean giveTo(Contenders contenders, String name, String successor) {
        if (!contenders.contains(successor)
                || contenders.allBefore(name).contains(successor)
                || successor.equals(name)) {
            return false;
        }
        tenure.end("it stepped aside for " + successor);
        yieldTo(successor, contenders.allBefore(successor));
        return true;
    }

    private void yieldTo(String successor, List<String> names) {
        List<String> paths = names.stream().map(this::pathOf).toList();
        watchedPath = null;
        outbox.ask(generation -> new CampaignEffect.Yield(generation, paths, pathOf(successor)));
    }

    private String pathOf(String name) {
        return settings.parent() + "/" + name;
    }
}
