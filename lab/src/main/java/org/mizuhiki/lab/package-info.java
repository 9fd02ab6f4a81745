/// A country in one machine: the network of the seed's demonstration (seed 001, N9: sites B, A, C, D, E) in
/// network namespaces, with two providers, NAT in front of some sites, networks that overlap and a
/// [LabRouter] with real strongSwan at each. Tests, the demo and benchmarks run in it; `mizuhiki lab` shows
/// it to people.
///
/// In a lab's folder: `lab.tsv` (what was built, written before anything is), `authority` (its throw-away
/// CA), one folder a router.
@NullMarked
@Room(
        purpose = "Does it work in a network such as the seed draws?",
        leansOn = {"ike"})
package org.mizuhiki.lab;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
