/** Elections in memory, run once so that the first real one meets code that is loaded and linked. */
@NullMarked
package io.matriarch.server.rehearsal;

import org.jspecify.annotations.NullMarked;
