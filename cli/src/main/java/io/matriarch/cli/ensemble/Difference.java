package io.matriarch.cli.ensemble;

/**
 * One znode that is not the same at a server as at the leader.
 *
 * @param what data, Stat, ACL, missing or not expected
 * @param atLeader what the leader has, on one line
 * @param atServer what the server has, on one line
 */
record Difference(String path, String what, String atLeader, String atServer) {}
