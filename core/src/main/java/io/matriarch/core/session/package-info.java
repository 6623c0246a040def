/**
 * Sessions: their ids, and on the leader their expiry and who serves them.
 *
 * <p>Source: client.md 3.3 and 10, zab.md 12. May use: wire, {@code core.port}. Which sessions exist is the tree's to know.
 */
@NullMarked
package io.matriarch.core.session;

import org.jspecify.annotations.NullMarked;
