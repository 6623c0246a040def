package io.matriarch.candidate;

import java.util.UUID;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * The candidate's own znode: how it comes to be there, once, and how it is found again when the answer to its creation was
 * lost.
 *
 * <p>Where the layout allows, its name begins with an id that nobody else has, a new one for each session (client.md 20.1, step
 * 5): whatever a list shows under that id is ours. Where all candidates' names begin alike, the servers are asked which
 * znodes belong to this session.
 */
final class OwnZnode {
    private final Settings settings;
    private final Supplier<UUID> chance;
    private final Outbox outbox;
    private final ParentPath parents;

    /** Start of the name; a new one per session. */
    private String prefix;

    /** A creation was sent whose outcome is unknown. */
    private boolean isCreateUncertain;

    private @Nullable String name;
    private boolean isSequenceWarned;

    /** @param chance gives ids that nobody else has */
    OwnZnode(Settings settings, Supplier<UUID> chance, Outbox outbox) {
        this.settings = settings;
        this.chance = chance;
        this.outbox = outbox;
        this.parents = new ParentPath(settings.parent());
        this.prefix = settings.layout().prefix(chance.get(), settings.priority());
    }

    /** Whether it is known to be there, or was when last heard of. */
    boolean isKnown() {
        return name != null;
    }

    /** The name, or null while the znode is not known to be there. */
    @Nullable
    String name() {
        return name;
    }

    /** The path; that of the parent while the znode is not known to be there. */
    String path() {
        String known = name;
        return known == null ? settings.parent() : settings.parent() + "/" + known;
    }

    String pathPrefix() {
        return settings.parent() + "/" + prefix;
    }

    /** Whether it may be there although nobody knows: a list that may miss it proves nothing then. */
    boolean isUncertain() {
        return isCreateUncertain;
    }

    /** Makes the parents, then the znode. */
    void createWithParents() {
        isCreateUncertain = false;
        parents.restart();
        createParent();
    }

    private void createParent() {
        outbox.ask(generation -> new CampaignEffect.CreateParent(generation, parents.current(), parents.isContainer()));
    }

    String parent() {
        return parents.current();
    }

    /** A parent is there: goes on to the next, or to the znode itself. */
    void parentCreated() {
        if (parents.hasNext()) {
            parents.next();
            createParent();
        } else {
            create();
        }
    }

    /** A server older than 3.5. Some close the connection too; then this is done again once it is back. */
    void containersNotOffered() {
        parents.offerNoContainers();
        createParent();
    }

    void create() {
        isCreateUncertain = true;
        outbox.ask(generation -> new CampaignEffect.CreateNode(generation, pathPrefix()));
    }

    /** What came of its creation; {@code path} is given with OK only. */
    void created(Code code, @Nullable String path, long sessionId) {
        isCreateUncertain = code == Code.CONNECTIONLOSS || code == Code.OPERATIONTIMEOUT;
        if (code == Code.OK && path != null && !settings.layout().isProtected()) {
            entered(nameOf(path), sessionId);
        }
    }

    /**
     * Asks which candidates there are, such that the answer shows the own znode if it is there.
     *
     * @param isAfterSync the server that is asked may not have seen yet what became of a creation
     */
    void list(boolean isAfterSync) {
        if (isAfterSync && !settings.layout().isProtected()) {
            outbox.ask(generation -> new CampaignEffect.FindOwn(generation, pathPrefix()));
        } else {
            outbox.ask(generation -> new CampaignEffect.ListCandidates(generation, isAfterSync));
        }
    }

    /** The servers said which znode is this session's, null if none: the outcome of a creation is known. */
    void found(@Nullable String path, long sessionId) {
        isCreateUncertain = false;
        if (path != null) {
            entered(nameOf(path), sessionId);
        }
    }

    /** Looks for it on a list that settles what became of a creation; says whether it is there. */
    boolean isAmong(Contenders contenders, long sessionId) {
        isCreateUncertain = false;
        String own = settings.layout().isProtected() ? contenders.withPrefix(prefix) : ifContained(contenders);
        if (own != null) {
            entered(own, sessionId);
        }
        return own != null;
    }

    private @Nullable String ifContained(Contenders contenders) {
        String known = name;
        return known != null && contenders.contains(known) ? known : null;
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void entered(String own, long sessionId) {
        if (own.equals(name)) {
            return;
        }
        name = own;
        long sequence = SequenceNumber.of(own);
        outbox.tell(new CandidacyEvent.Entered(path(), sequence, sessionId));
        if (!isSequenceWarned && Math.abs(sequence) > SequenceNumber.WARNING) {
            isSequenceWarned = true;
            outbox.tell(new CandidacyEvent.Troubled(settings.parent() + " has numbered " + sequence
                    + " candidates; other libraries fail at 2147483647: remove the path and make it anew in a quiet"
                    + " hour"));
        }
    }

    /** It is not there. */
    void gone() {
        name = null;
        isCreateUncertain = false;
    }

    /** It went with its session; the next one is found by another id. */
    void sessionEnded() {
        gone();
        prefix = settings.layout().prefix(chance.get(), settings.priority());
    }
}
