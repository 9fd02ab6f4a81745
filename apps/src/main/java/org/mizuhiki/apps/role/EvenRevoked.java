package org.mizuhiki.apps.role;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.CaList;
import org.mizuhiki.trust.Published;

/// What the authority publishes, asked for with a server's certificate, and without when that is believed no
/// more: a server whose certificate was revoked with its CA learns here that it is to renew. Usually with it,
/// as callers without a certificate may ask for little.
record EvenRevoked(Published known, Published anonymous) implements Published {
    private static final Set<String> NOT_BELIEVED = Set.of("certificate-revoked", "certificate-expired");

    private <T> T ask(Function<Published, T> question) {
        try {
            return question.apply(known);
        } catch (Refusal e) {
            if (NOT_BELIEVED.contains(e.code())) {
                return question.apply(anonymous);
            }
            throw e;
        }
    }

    @Override
    public Bytes certificate(String ca) {
        return ask(p -> p.certificate(ca));
    }

    @Override
    public Bytes crl(String ca) {
        return ask(p -> p.crl(ca));
    }

    @Override
    public Optional<CaList> caList() {
        return ask(Published::caList);
    }
}
