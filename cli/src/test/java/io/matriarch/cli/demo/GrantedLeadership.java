package io.matriarch.cli.demo;

import io.matriarch.candidate.Leadership;
import java.time.Duration;

/** A leadership as it is told. */
record GrantedLeadership(String path, long sessionId, long term, long fencingToken) implements Leadership {
    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public Duration remaining() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Duration timeToStop() {
        return Duration.ofSeconds(7);
    }
}
