/// ACME (RFC 8555) for the region's servers: signed requests, accounts, orders.
@NullMarked
package org.mizuhiki.enrol.acme;

import org.jspecify.annotations.NullMarked;
