/// Ordinary mail of other PKIs: the region's edge where letters of strangers arrive (SMTP over TLS),
/// S/MIME opened,
/// checked and explained, and the durable way out. What lies here at rest is closed for its person.
@NullMarked
@Room(
        purpose = "How does a letter of another PKI come in, is it to be believed, and how does one go out?",
        leansOn = {"seal", "trust", "wire", "database"})
package org.mizuhiki.mail;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
