/**
 * What clients ask and how it is answered: {@link io.matriarch.core.request.ClientDesk} on every server takes their
 * frames, answers reads from the tree and sends writes {@link io.matriarch.core.request.Upstream}; {@link
 * io.matriarch.core.request.TxnPreparation} on the leader turns each write into one transaction.
 *
 * <p>Source: client.md, zab.md 12 and 13. May use: wire, {@code core.port}, {@code core.tree}, {@code core.watch}, {@code
 * core.session}.
 */
@NullMarked
package io.matriarch.core.request;

import org.jspecify.annotations.NullMarked;
