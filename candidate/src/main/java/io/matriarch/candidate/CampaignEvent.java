package io.matriarch.candidate;

import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * What can happen to a {@link Campaign}. Answers carry the generation of the question; an answer of an older generation
 * is void.
 */
sealed interface CampaignEvent {
    /** A session is connected; {@code timeoutMillis} is the session timeout that the server granted. */
    record Connected(long sessionId, int timeoutMillis) implements CampaignEvent {}

    record Disconnected() implements CampaignEvent {}

    record SessionExpired() implements CampaignEvent {}

    record ParentCreated(int generation, Code code) implements CampaignEvent {}

    record NodeCreated(int generation, Code code, @Nullable String path) implements CampaignEvent {}

    /** Answer to {@link CampaignEffect.FindOwn}; {@code path} is null if there is no such znode. */
    record OwnFound(int generation, Code code, @Nullable String path) implements CampaignEvent {}

    record Listed(int generation, Code code, List<String> names) implements CampaignEvent {}

    /** The candidate's own znode was read; {@code ephemeralOwner} is the session that owns it. */
    record OwnNodeRead(int generation, Code code, long ephemeralOwner, long czxid) implements CampaignEvent {}

    record PredecessorRead(int generation, Code code) implements CampaignEvent {}

    /** The write that proves the own znode was committed, or not. */
    record Confirmed(int generation, Code code) implements CampaignEvent {}

    /** The own znode was taken back; NONODE is as good. */
    record Withdrawn(int generation, Code code) implements CampaignEvent {}

    /** Answer to {@link CampaignEffect.Yield}. */
    record Yielded(int generation, Code code) implements CampaignEvent {}

    /** A watched znode was changed or deleted. */
    record NodeChanged(String path) implements CampaignEvent {}

    /** The deadline has come. */
    record TimePassed() implements CampaignEvent {}

    /** Stop leading, and do not stand again for a while. */
    record ResignRequested(long restNanos) implements CampaignEvent {}

    /** Let {@code successor}, a candidate's name or path, be the next leader. */
    record StepAsideRequested(String successor) implements CampaignEvent {}

    record CloseRequested() implements CampaignEvent {}
}
