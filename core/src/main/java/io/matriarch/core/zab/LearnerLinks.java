package io.matriarch.core.zab;

import io.matriarch.core.port.LinkId;
import io.matriarch.core.port.Now;
import io.matriarch.core.port.TraceEvent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The links of a leader's learners, as they come and go; in the order in which they came. */
final class LearnerLinks {
    private static final int MAX_LINKS = 1_000;

    private final Zab zab;
    private final Consumer<LearnerLink> onGone;
    private final Map<LinkId, LearnerLink> links = new TreeMap<>((a, b) -> Long.compare(a.value(), b.value()));

    /** @param onGone gives back what a link held, once it is not here any more */
    LearnerLinks(Zab zab, Consumer<LearnerLink> onGone) {
        this.zab = zab;
        this.onGone = onGone;
    }

    /** Null if it is not here any more. */
    @Nullable
    LearnerLink get(LinkId id) {
        return links.get(id);
    }

    boolean has(LearnerLink link) {
        return links.containsKey(link.id);
    }

    /** All of them; a view. */
    Collection<LearnerLink> all() {
        return links.values();
    }

    /** All that are here now, for whoever may drop some on the way. */
    List<LearnerLink> copy() {
        return List.copyOf(links.values());
    }

    int count() {
        return links.size();
    }

    int count(Predicate<LearnerLink> which) {
        return (int) links.values().stream().filter(which).count();
    }

    void up(LinkId link, String address) {
        if (links.size() >= MAX_LINKS) {
            zab.close(link, "more than " + MAX_LINKS + " learners");
            return;
        }
        links.put(link, new LearnerLink(link, address, zab.now().nanos()));
    }

    /** A link ended by itself. */
    void down(LinkId id, String reason) {
        LearnerLink link = links.remove(id);
        if (link != null) {
            gone(link, reason);
        }
    }

    /** Ends a link. */
    void drop(LearnerLink link, String reason) {
        if (links.remove(link.id) != null) {
            zab.close(link.id, reason);
            gone(link, reason);
        }
    }

    void dropAllBut(Predicate<LearnerLink> stays, String reason) {
        copy().stream().filter(stays.negate()).forEach(link -> drop(link, reason));
    }

    void dropSilent(Now now) {
        for (LearnerLink link : copy()) {
            String why = link.whySilent(now, zab.limits());
            if (why != null) {
                drop(link, why);
            }
        }
    }

    /**
     * An id is not authenticated and not unique: the newer connection counts (zab.md 4), also when the first words of one
     * that the learner has given up come late.
     *
     * @return false if there is a newer one, so that {@code link} is dropped
     */
    boolean isNewest(LearnerLink link) {
        for (LearnerLink other : copy()) {
            if (other != link && other.sid.equals(link.sid)) {
                boolean isOlder = other.id.value() < link.id.value();
                drop(isOlder ? other : link, link.who() + " connected anew");
            }
        }
        return has(link);
    }

    private void gone(LearnerLink link, String reason) {
        zab.out().trace(new TraceEvent.LinkClosed(link.id, link.who(), reason));
        onGone.accept(link);
    }
}
