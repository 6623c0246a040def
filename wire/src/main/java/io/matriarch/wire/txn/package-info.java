/**
 * Transactions: what a proposal carries and a log record holds.
 *
 * <p>Source: zab.md 6. Uses {@code io.matriarch.wire} and the operation codes of {@code io.matriarch.wire.client}.
 */
@NullMarked
package io.matriarch.wire.txn;

import org.jspecify.annotations.NullMarked;
