package org.mizuhiki.enrol.acme;

import org.mizuhiki.house.Secret;

/// An external account binding as the operator hands it over; good for one account.
public record Given(String kid, Secret key) {}
