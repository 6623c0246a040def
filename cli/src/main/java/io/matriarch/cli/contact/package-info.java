/**
 * How commands reach servers: addresses, sockets, four-letter words.
 *
 * <p>Source: operations.md 3. May use: the JDK.
 */
@NullMarked
package io.matriarch.cli.contact;

import org.jspecify.annotations.NullMarked;
