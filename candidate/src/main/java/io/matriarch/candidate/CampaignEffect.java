package io.matriarch.candidate;

/** What a {@link Campaign} asks of its host, to be begun in order. */
sealed interface CampaignEffect {
    /** Make a new client, and with it a new session; answered by Connected, sooner or later. */
    record OpenSession(int generation) implements CampaignEffect {}

    /** Close the client, which ends the session, once the listener has returned from everything told so far. */
    record CloseSession() implements CampaignEffect {}

    /** Create {@code path} without data, as a container or as a persistent znode; answered by ParentCreated. */
    record CreateParent(int generation, String path, boolean isContainer) implements CampaignEffect {}

    /** Create an EPHEMERAL_SEQUENTIAL znode; answered by NodeCreated. */
    record CreateNode(int generation, String pathPrefix) implements CampaignEffect {}

    /**
     * List the candidates, without a watch; answered by Listed.
     *
     * @param isAfterSync first have the server catch up with the leader
     */
    record ListCandidates(int generation, boolean isAfterSync) implements CampaignEffect {}

    /** Read the own znode and watch it; answered by OwnNodeRead, later perhaps by NodeChanged. */
    record ReadOwnNode(int generation, String path) implements CampaignEffect {}

    /** Read another candidate's znode and watch it if it is there; answered by PredecessorRead, later NodeChanged. */
    record ReadPredecessor(int generation, String path) implements CampaignEffect {}

    record StartTimer(int generation, long millis) implements CampaignEffect {}

    /** Leadership ends by itself {@code millis} after the moment at which the connection was lost. */
    record LimitLeadership(long millis) implements CampaignEffect {}

    /** The connection is back: leadership has no end of its own again. */
    record UnlimitLeadership() implements CampaignEffect {}

    record Tell(CandidacyEvent event) implements CampaignEffect {}
}
