/**
 * Candidates of Curator, kazoo and Mesos's kind beside ours under one path, unmodified, on our servers and on Apache's
 * (client.md 20.3, 20.4).
 */
package io.matriarch.compat.candidates;
