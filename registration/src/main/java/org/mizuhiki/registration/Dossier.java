package org.mizuhiki.registration;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// A file as it is handed out: signed acts in their order, and what they had issued. Who reads it checks it.
public record Dossier(Digest file, List<Paper> papers) {
    public Dossier {
        papers = List.copyOf(papers);
    }

    /// @param signed CAdES-T
    /// @param issued the chain of the certificate that it had issued, own first
    public record Paper(Bytes signed, List<X509Certificate> issued) {
        public Paper {
            issued = List.copyOf(issued);
        }
    }

    /// Checks every signature and the chain between the acts.
    ///
    /// @throws Refusal `dossier-broken`, and those of [SignedActs#check]
    public List<Done> read(SignedActs acts) {
        var done = new ArrayList<Done>();
        var last = Optional.<Digest>empty();
        for (var paper : papers) {
            var act = acts.check(paper.signed()).act();
            boolean follows = act.file().equals(file)
                    && act.place().map(Act.Place::before).equals(last);
            if (!follows) {
                throw broken();
            }
            done.add(new Done(act, paper.issued()));
            last = Optional.of(act.id());
        }
        if (done.isEmpty()) {
            throw broken();
        }
        return List.copyOf(done);
    }

    private static Refusal broken() {
        return Refusal.of(
                "dossier-broken",
                "手続きの記録のつながりが正しくありません。改ざんされた可能性があります",
                "The file's acts do not follow on one another; something was altered or left out");
    }
}
