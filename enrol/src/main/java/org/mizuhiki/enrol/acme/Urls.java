package org.mizuhiki.enrol.acme;

import java.net.URI;
import java.util.function.Supplier;

/// Where everything is, as written into answers and as a request's `url` must read.
///
/// @param base `https://host:port`; asked late, as a server may learn its port only when it listens
record Urls(Supplier<URI> base) {
    static final String PATH = "/acme";

    String at(String path) {
        return base.get() + PATH + path;
    }

    String directory() {
        return at("/directory");
    }

    String newAccount() {
        return at("/new-account");
    }

    String account(String id) {
        return at("/account/" + id);
    }

    String orders(String account) {
        return account(account) + "/orders";
    }

    String newOrder() {
        return at("/new-order");
    }

    String order(String id) {
        return at("/order/" + id);
    }

    String finalize(String order) {
        return order(order) + "/finalize";
    }

    String authorization(String order) {
        return at("/authorization/" + order);
    }

    String challenge(String order) {
        return at("/challenge/" + order);
    }

    String certificate(String order) {
        return at("/certificate/" + order);
    }

    String revokeCert() {
        return at("/revoke-cert");
    }

    String keyChange() {
        return at("/key-change");
    }
}
