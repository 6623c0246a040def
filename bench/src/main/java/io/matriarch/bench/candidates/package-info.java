/**
 * How long an election among clients goes without a leader, with the candidates of this house and Curator's LeaderLatch on the same
 * server. Start at {@code CandidatesCommand}. May use: the candidate library, Curator, and {@code bench.ensemble}.
 */
@NullMarked
package io.matriarch.bench.candidates;

import org.jspecify.annotations.NullMarked;
