package io.matriarch.candidate;

import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * What can happen to a {@link Campaign}. Answers carry the generation of the question; an answer of an older generation
 * is void.
 */
sealed interface CampaignEvent {
    record Started() implements CampaignEvent {}

    /** A session is connected; {@code timeoutMillis} is the session timeout that the server granted. */
    record Connected(long sessionId, int timeoutMillis) implements CampaignEvent {}

    record Disconnected() implements CampaignEvent {}

    record SessionExpired() implements CampaignEvent {}

    /** No client could be made at all, for instance for want of file descriptors. */
    record OpenFailed(int generation, String cause) implements CampaignEvent {}

    record ParentCreated(int generation, Code code) implements CampaignEvent {}

    record NodeCreated(int generation, Code code, @Nullable String path) implements CampaignEvent {}

    record Listed(int generation, Code code, List<String> names) implements CampaignEvent {}

    /** The candidate's own znode was read; {@code ephemeralOwner} is the session that owns it. */
    record OwnNodeRead(int generation, Code code, long ephemeralOwner, long czxid) implements CampaignEvent {}

    record PredecessorRead(int generation, Code code) implements CampaignEvent {}

    /** A watched znode was changed or deleted. */
    record NodeChanged(String path) implements CampaignEvent {}

    record TimerFired(int generation) implements CampaignEvent {}

    record CloseRequested() implements CampaignEvent {}
}
