package io.matriarch.core.election;

import io.matriarch.core.port.TraceEvent.DecisionRule;

/** The outcome of an election: whom to follow (or lead, if it is ourselves), in which round, and what ended the wait. */
public record Decision(Vote vote, long round, DecisionRule rule) {}
