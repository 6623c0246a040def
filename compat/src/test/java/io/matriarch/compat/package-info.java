/**
 * Matriarch beside the real thing: the unmodified Apache ZooKeeper client and Curator against our server processes, Apache's servers
 * in one ensemble and on one directory with ours, and one script run against both. Everything here starts real processes.
 */
package io.matriarch.compat;
