package io.matriarch.candidate;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.client.HostProvider;
import org.apache.zookeeper.common.PathUtils;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link Candidacy}. */
public final class CandidacyBuilder {
    private final ElectionSession.@Nullable Builder ownSession;
    private final @Nullable ElectionSession sharedSession;
    private final String path;
    private Layout layout = Layout.MATRIARCH;
    private int priority;
    private boolean isPreemptible;
    private Aim aim = Aim.LEAD;
    private Predicate<String> blocks = Settings.ALL;
    private byte[] content = new byte[0];
    private List<ACL> acl = ZooDefs.Ids.OPEN_ACL_UNSAFE;
    private Consumer<CandidacyEvent> listener = event -> {};
    private Consumer<Leadership> overrun = leadership -> {};
    private @Nullable Executor executor;

    CandidacyBuilder(
            ElectionSession.@Nullable Builder ownSession, @Nullable ElectionSession sharedSession, String path) {
        PathUtils.validatePath(path);
        if (path.equals("/")) {
            throw new IllegalArgumentException("an election needs a path of its own, not /");
        }
        this.ownSession = ownSession;
        this.sharedSession = sharedSession;
        this.path = path;
    }

    /** Default 10 seconds; the servers may grant another. Only for a candidacy with a session of its own. */
    public CandidacyBuilder sessionTimeout(Duration timeout) {
        own("sessionTimeout").sessionTimeout(timeout);
        return this;
    }

    /**
     * Decides to which server the client connects, instead of a random order of the connect string. Asked once for
     * each new session. Only for a candidacy with a session of its own.
     */
    public CandidacyBuilder hosts(Supplier<HostProvider> hosts) {
        own("hosts").hosts(hosts);
        return this;
    }

    private ElectionSession.Builder own(String setting) {
        ElectionSession.Builder builder = ownSession;
        if (builder == null) {
            throw new IllegalStateException(setting + " is a setting of the ElectionSession that is shared");
        }
        return builder;
    }

    /** What the candidate's znode holds, often {@code host:port}; default nothing. */
    public CandidacyBuilder content(String text) {
        return content(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What the candidate's znode holds; default nothing. */
    public CandidacyBuilder content(byte[] bytes) {
        content = bytes.clone();
        return this;
    }

    /** Who may do what with the znodes that are made; default everybody everything. */
    public CandidacyBuilder acl(List<ACL> entries) {
        acl = List.copyOf(entries);
        return this;
    }

    /** How the candidates under the path are named; default {@link Layout#MATRIARCH}. */
    public CandidacyBuilder layout(Layout names) {
        layout = names;
        return this;
    }

    /**
     * 0 to 9999, default 0. A candidate whose turn it is, and who sees one of higher priority in the line, goes behind it.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public CandidacyBuilder priority(int value) {
        if (value < 0 || value > Layout.MAX_PRIORITY) {
            throw new IllegalArgumentException("a priority is 0 to " + Layout.MAX_PRIORITY + ", not " + value);
        }
        priority = value;
        return this;
    }

    /** Lets a leader step down when a candidate of higher priority comes; default it leads on. */
    public CandidacyBuilder preemptible(boolean value) {
        isPreemptible = value;
        return this;
    }

    CandidacyBuilder aim(Aim value, Predicate<String> whoBlocks) {
        aim = value;
        blocks = whoBlocks;
        return this;
    }

    /** Told of every event, one at a time. It may block; until it returns, nothing more is told. */
    public CandidacyBuilder listener(Consumer<CandidacyEvent> listener) {
        this.listener = listener;
        return this;
    }

    /**
     * Called when the listener has not returned from {@link CandidacyEvent.SteppedDown} although another candidate may
     * lead from now on: a quarter of the session timeout after the leadership ended. The last means, such as halting the
     * process. Runs on the candidacy's own thread.
     */
    public CandidacyBuilder overrun(Consumer<Leadership> lastMeans) {
        this.overrun = lastMeans;
        return this;
    }

    /** Where the listener runs; by default on the candidacy's own thread, which it must then not block. */
    public CandidacyBuilder executor(Executor executor) {
        this.executor = executor;
        return this;
    }

    Consumer<CandidacyEvent> listener() {
        return listener;
    }

    Consumer<Leadership> overrun() {
        return overrun;
    }

    Executor executorOr(Executor otherwise) {
        Executor chosen = executor;
        return chosen == null ? otherwise : chosen;
    }

    /** Where a campaign's questions go; what they find out is told to {@code events}. */
    ClientPort port(SessionKeeper keeper, Consumer<CampaignEvent> events) {
        return new ClientPort(keeper, path, content, acl, events);
    }

    Settings settings(boolean isSessionOwn) {
        if (priority != 0 && !layout.isProtected()) {
            throw new IllegalArgumentException("names of layout " + layout + " have no place for a priority");
        }
        return new Settings(path, layout, priority, isPreemptible, aim, isSessionOwn, blocks);
    }

    /** Starts the candidacy. Servers need not be there yet. */
    public Candidacy start() {
        ElectionSession shared = sharedSession;
        Candidacy candidacy =
                shared == null ? new Candidacy(this, own("session").start(), true) : new Candidacy(this, shared, false);
        candidacy.start();
        return candidacy;
    }
}
