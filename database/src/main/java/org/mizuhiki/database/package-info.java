/// Opens a role's own database: the embedded PostgreSQL by default, any PostgreSQL 15 or later by JDBC URL.
@NullMarked
@Room(
        purpose = "Where do rows live durably? embedded PostgreSQL, pool, migrations, backup",
        leansOn = {})
package org.mizuhiki.database;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
