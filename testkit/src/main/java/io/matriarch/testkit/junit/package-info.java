/**
 * Ensembles for JUnit 5 tests: {@link io.matriarch.testkit.junit.Matriarch} on a test class or method, or
 * {@link io.matriarch.testkit.junit.MatriarchExtension} as a field. JUnit itself is the user's: this package needs
 * junit-jupiter-api, the rest of the test kit does not.
 */
@NullMarked
package io.matriarch.testkit.junit;

import org.jspecify.annotations.NullMarked;
