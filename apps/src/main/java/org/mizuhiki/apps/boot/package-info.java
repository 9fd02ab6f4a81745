/// What a router is given once, on a stick or as a QR code, to configure itself: its forms, no network.
@NullMarked
package org.mizuhiki.apps.boot;

import org.jspecify.annotations.NullMarked;
