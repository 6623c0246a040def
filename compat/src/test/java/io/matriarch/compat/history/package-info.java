/** What clients of real ensembles are shown while servers die, judged afterwards (client.md 13, 16; {@code sim.history}). */
package io.matriarch.compat.history;
