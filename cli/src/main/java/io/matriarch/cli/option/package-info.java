/** Kinds of values that several commands take on their command lines. May use: nothing of the house. */
@NullMarked
package io.matriarch.cli.option;

import org.jspecify.annotations.NullMarked;
