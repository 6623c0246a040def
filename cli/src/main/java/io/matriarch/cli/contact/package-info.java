/**
 * How commands reach servers: addresses, sockets, four-letter words, and the options for them.
 *
 * <p>Source: operations.md 3. May use: the JDK and picocli.
 */
@NullMarked
package io.matriarch.cli.contact;

import org.jspecify.annotations.NullMarked;
