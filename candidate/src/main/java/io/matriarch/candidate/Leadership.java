package io.matriarch.candidate;

/**
 * A leadership, from the moment it was granted.
 *
 * @param path the candidate's znode
 * @param sessionId the session that owns it
 * @param fencingToken grows from leader to leader under one path: the zxid at which the znode was created. Whoever is
 *     given work by a leader can refuse a token lower than the highest one seen
 */
public record Leadership(String path, long sessionId, long fencingToken) {}
