package org.mizuhiki.registration;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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
    public List<SignedAct> check(SignedActs acts) {
        var checked = new ArrayList<SignedAct>();
        var last = Optional.<Digest>empty();
        for (var paper : papers) {
            var signed = acts.check(paper.signed());
            var act = signed.act();
            boolean follows = act.file().equals(file)
                    && act.place().map(Act.Place::before).equals(last);
            if (!follows) {
                throw broken();
            }
            checked.add(signed);
            last = Optional.of(act.id());
        }
        if (checked.isEmpty()) {
            throw broken();
        }
        return List.copyOf(checked);
    }

    /// What was done, after the same checks.
    List<Done> read(SignedActs acts) {
        var checked = check(acts);
        return IntStream.range(0, checked.size())
                .mapToObj(i -> new Done(checked.get(i).act(), papers.get(i).issued()))
                .toList();
    }

    private static Refusal broken() {
        return Refusal.of(
                "dossier-broken",
                "手続きの記録のつながりが正しくありません。改ざんされた可能性があります",
                "The file's acts do not follow on one another; something was altered or left out");
    }
}
