/**
 * Leader election among clients: each candidate creates an ephemeral, sequential znode under one path; the smallest
 * leads; every other candidate watches only the one before it. Start at {@link io.matriarch.candidate.Candidacy}; the
 * rules are in {@code Campaign}, a state machine without a thread or a socket.
 *
 * <p>Source: the documented recipe (client.md 20.1) and the cases of its failure (client.md 20.3). May use: the Apache
 * ZooKeeper client and the JDK, so that it runs against Apache ensembles too.
 */
@NullMarked
package io.matriarch.candidate;

import org.jspecify.annotations.NullMarked;
