/// People's commands: `mizuhiki letter|relation|grant|person|seal|ledger|lab …`.
@NullMarked
package org.mizuhiki.apps.command;

import org.jspecify.annotations.NullMarked;
