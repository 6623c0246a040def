/**
 * {@code matriarch bench}: measurements of ours and of Apache ZooKeeper in one run, on one machine, with one configuration
 * (docs/testing.md, "Benches"). Start at {@link io.matriarch.bench.BenchRun}.
 */
@NullMarked
package io.matriarch.bench;

import org.jspecify.annotations.NullMarked;
