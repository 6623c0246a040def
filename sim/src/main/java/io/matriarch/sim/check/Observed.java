package io.matriarch.sim.check;

import io.matriarch.core.session.SessionRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the checks of one world share: the history, and one {@link ServerChecks} per server. */
public final class Observed {
    private final Proposals proposals;
    private final List<ServerLog> logs = new ArrayList<>();
    private final List<EpochFiles> epochs = new ArrayList<>();
    private final Quorums initial;
    private final int servers;
    private final SessionRules sessionRules;
    private final DeliveredHistory history;
    private final ClientChecks clients;
    private final VoteChecks.Candidacies candidacies = new VoteChecks.Candidacies();
    private final Reigns reigns;
    private final Map<Long, Integer> leaderOfEpoch = new HashMap<>();
    private final Map<Long, Integer> timeouts = new HashMap<>();
    private final Map<Long, Integer> homes = new HashMap<>();

    /**
     * @param epochFiles those of servers 1, 2, … in this order
     * @param quorums which of them vote at first, and which sets of those decide; what the others hold counts for nothing
     * @param sessionRules of all servers
     * @param hasHeartbeats whether short heartbeats tell a leader that it is alone
     */
    public Observed(
            List<EpochFiles> epochFiles,
            Quorums quorums,
            SessionRules sessionRules,
            TxnBounds bounds,
            boolean hasHeartbeats) {
        this.reigns = new Reigns(hasHeartbeats);
        this.proposals = new Proposals(bounds);
        this.initial = quorums;
        this.servers = epochFiles.size();
        this.sessionRules = sessionRules;
        for (int sid = 1; sid <= epochFiles.size(); sid++) {
            logs.add(new ServerLog(sid, proposals));
        }
        epochs.addAll(epochFiles);
        history = new DeliveredHistory(proposals, logs, new Electorate(quorums, servers), sessionRules.hasLocal());
        clients = new ClientChecks(history, homes, sessionRules.mayUpgrade(), bounds.ourBytes());
    }

    public DeliveredHistory history() {
        return history;
    }

    public ClientChecks clients() {
        return clients;
    }

    /** Whether {@code sid} has promised a later epoch than the one that {@code leader} is in. */
    public boolean hasPromisedAbove(int sid, int leader) {
        return epochs.get(sid - 1).accepted() > epochs.get(leader - 1).current();
    }

    /** The epoch in which {@code sid} leads or follows, or did last. */
    public long epochOf(int sid) {
        return epochs.get(sid - 1).current();
    }

    /** Whether the disk of {@code sid} holds whatever was delivered, and has entered {@code epoch}. */
    public boolean hasAllUpTo(int sid, long epoch) {
        boolean hasDelivered = history.last() == 0 || logs.get(sid - 1).hasForced(history.last());
        return hasDelivered && epochs.get(sid - 1).current() >= epoch;
    }

    /** The checks of one server, for as long as its disk lasts. */
    public ServerChecks server(int sid) {
        ServerLog log = logs.get(sid - 1);
        EpochFiles files = epochs.get(sid - 1);
        Electorate quorums = new Electorate(initial, servers);
        return new ServerChecks(
                sid,
                quorums,
                log,
                files,
                new WireChecks(sid, log, files, epochs, quorums, leaderOfEpoch),
                new VoteChecks(sid, quorums, log, files, candidacies),
                new ExpiryChecks(sid, timeouts),
                new LocalSessionChecks(sid, sessionRules, history, homes),
                new ReadOnlyChecks(sid, sessionRules.hasReadOnly()),
                reigns,
                history);
    }
}
