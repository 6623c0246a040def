/**
 * Stand-ins for the test servers of Apache Curator (curator-test): the same names and verbs, so that a test changes its
 * imports and nothing else. Neither Curator nor Apache's client is needed.
 *
 * <p>Compat: accessors are called as Curator's are.
 */
@NullMarked
package io.matriarch.testkit.curator;

import org.jspecify.annotations.NullMarked;
