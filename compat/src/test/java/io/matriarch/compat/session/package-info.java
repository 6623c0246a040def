/** Local sessions and read-only servers: the same script played on Apache's ensembles, on ours, and on mixed ones. */
package io.matriarch.compat.session;
