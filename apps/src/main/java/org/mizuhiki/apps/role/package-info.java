/// The server processes, cut by security context: each with its own folder, database, port and certificate.
@NullMarked
package org.mizuhiki.apps.role;

import org.jspecify.annotations.NullMarked;
