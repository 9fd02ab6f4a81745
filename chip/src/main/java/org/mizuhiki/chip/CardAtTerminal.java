package org.mizuhiki.chip;

import org.mizuhiki.chip.NationalCard.Credential;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// A person's national ID card at an opened terminal, without its PIN: the element authenticates its
/// institution to the card (docs/flows/national-card.md), which then signs.
///
/// @param certificate of the institution's key in this element, [InstitutionForms#certificate]
/// @param admission its signature by the root that cards believe
public record CardAtTerminal(TerminalElement element, NationalCard card, Bytes certificate, Bytes admission) {
    public ElementKey key() {
        return element.view().key();
    }

    /// The visit, upon the nonce of somebody elsewhere who does not believe this host. From here on, until the
    /// card is reset, it signs.
    ///
    /// @throws org.mizuhiki.house.Refusal `card-not-permitted` when the card does not believe the institution;
    ///     those of [Visits]
    public Presence presence(Bytes nonce) {
        var before = element.sealing(nonce);
        card.present(certificate, admission);
        var begun = element.visits().begin(card.challenge());
        boolean finished = false;
        try {
            card.authenticate(begun.authentication());
            var visit = element.visits()
                    .finish(
                            begun,
                            card.certificate(Credential.AUTHENTICATION),
                            content -> card.sign(Credential.AUTHENTICATION, content.sha256()));
            finished = true;
            return new Presence(before, visit);
        } finally {
            if (!finished && element.view().unfinished()) {
                element.visits().abandon(begun);
            }
        }
    }

    /// What the card signs, always the same: a secret of whoever had the card at a terminal, or its PIN.
    public Secret signature(Bytes content) {
        return Secret.taking(
                card.sign(Credential.AUTHENTICATION, content.sha256()).toArray());
    }
}
