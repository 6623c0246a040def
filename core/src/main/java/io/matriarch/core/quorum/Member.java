package io.matriarch.core.quorum;

import io.matriarch.wire.ServerId;

/** One server of the configuration: a participant votes and is counted, an observer is not. */
public record Member(ServerId sid, boolean isParticipant) {}
