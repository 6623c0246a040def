/**
 * Many candidates on an ensemble of real server processes, with faults on both sides, for as long as one likes; and a witness
 * beside them that knows nothing of leases. Start at {@code SoakCommand}. May use: the candidate library and {@code bench.ensemble},
 * {@code bench.candidates}.
 */
@NullMarked
package io.matriarch.bench.soak;

import org.jspecify.annotations.NullMarked;
