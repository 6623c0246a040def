package io.matriarch.sim.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the checks of one world share: the history, and one {@link ServerChecks} per server. */
public final class Observed {
    private final Proposals proposals = new Proposals();
    private final List<ServerLog> logs = new ArrayList<>();
    private final List<EpochFiles> epochs = new ArrayList<>();
    private final int voters;
    private final DeliveredHistory history;
    private final ClientChecks clients;
    private final VoteChecks.Candidacies candidacies = new VoteChecks.Candidacies();
    private final Map<Long, Integer> leaderOfEpoch = new HashMap<>();
    private final Map<Long, Integer> timeouts = new HashMap<>();

    /**
     * @param epochFiles those of servers 1, 2, … in this order
     * @param voters how many of them vote: the first; what the others hold counts for nothing
     */
    public Observed(List<EpochFiles> epochFiles, int voters) {
        this.voters = voters;
        for (int sid = 1; sid <= epochFiles.size(); sid++) {
            logs.add(new ServerLog(sid, proposals));
        }
        epochs.addAll(epochFiles);
        history = new DeliveredHistory(proposals, logs.subList(0, voters));
        clients = new ClientChecks(history);
    }

    public DeliveredHistory history() {
        return history;
    }

    public ClientChecks clients() {
        return clients;
    }

    /** The checks of one server, for as long as its disk lasts. */
    public ServerChecks server(int sid) {
        ServerLog log = logs.get(sid - 1);
        EpochFiles files = epochs.get(sid - 1);
        return new ServerChecks(
                sid,
                voters,
                log,
                files,
                new WireChecks(sid, log, files, epochs.subList(0, voters), leaderOfEpoch),
                new VoteChecks(sid, voters, log, files, candidacies),
                new ExpiryChecks(sid, timeouts),
                history);
    }
}
