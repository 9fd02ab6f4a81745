package org.mizuhiki.centre;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;

/// One router at the centre.
record RouterCounter(PostgresCentre centre, Member.Service router, X509Certificate certificate, InetAddress seen)
        implements RouterDesk {
    @Override
    public Seen locate(Location location) {
        return centre.locate(router, certificate, seen, location);
    }

    @Override
    public List<Order> orders(Done last) {
        return centre.orders(router.identity(), last);
    }

    @Override
    public void report(Report report) {
        if (!report.reason().orElse("none").matches("[a-z][a-z0-9-]{0,63}")) {
            throw Refusal.of("report-malformed", "報告の理由は符号で記してください", "A report's reason is a code word");
        }
        centre.report(router.identity(), report);
    }

    @Override
    public void log(SignedBatch batch) {
        centre.log(router.identity(), batch);
    }
}
