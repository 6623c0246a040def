/**
 * Values and codecs of every record that ZooKeeper servers and clients exchange or store. This package holds what all
 * of them share: the jute primitives ({@link io.matriarch.wire.JuteReader}, {@link io.matriarch.wire.JuteWriter}),
 * {@link io.matriarch.wire.Bytes}, ids, access lists, {@link io.matriarch.wire.Stat} and path rules.
 *
 * <p>Source: client.md 1, 5, 8 and 9; zab.md 1. Uses the JDK only. No clock, file, socket, thread or lock.
 */
@NullMarked
package io.matriarch.wire;

import org.jspecify.annotations.NullMarked;
