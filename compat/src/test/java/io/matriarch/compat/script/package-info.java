/**
 * One script of client calls, as tables of steps, that is run against Apache's server and against ours; the answers must be the same.
 * The steps follow client.md 6 to 13 and the scenarios of its section 22.
 */
package io.matriarch.compat.script;
