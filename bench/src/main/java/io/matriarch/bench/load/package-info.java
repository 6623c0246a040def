/**
 * A small client that speaks ZooKeeper's client protocol on raw sockets, one thread for all its connections, so that what is
 * measured is the server. Its encoding is its own: the yardstick shares no code with what it measures.
 *
 * <p>Source: client.md 1-6. Uses the JDK and HdrHistogram.
 */
@NullMarked
package io.matriarch.bench.load;

import org.jspecify.annotations.NullMarked;
