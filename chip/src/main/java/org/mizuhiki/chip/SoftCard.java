package org.mizuhiki.chip;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.mizuhiki.chip.card.Card;
import org.mizuhiki.chip.card.ImageFile;
import org.mizuhiki.chip.card.LoadFile;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;
import org.mizuhiki.javacard.Oscillator;

/// A card made of software. It keeps applets apart, forgets what is transient, and is after any crash as it
/// was before or after a command; but its host's administrator can read its memory and put an old image
/// back, which no software prevents.
public final class SoftCard implements CardChannel {
    /// One loader for each package, for all cards of this process.
    private static final Map<Program, LoadFile> LOADED = new ConcurrentHashMap<>();

    private final Card card;
    private final Optional<ImageFile> file;

    private SoftCard(Card card, Optional<ImageFile> file) {
        this.card = card;
        this.file = file;
    }

    /// The card that is kept in a file; an empty one where there is no file yet.
    ///
    /// @param key 32 bytes that only this card's owner has; must stay open as long as the card
    /// @param programs all that are on the card
    /// @throws org.mizuhiki.house.Refusal `card-in-use`, `card-image-unreadable`,
    ///     `card-image-other-applets`
    public static SoftCard open(Path image, Secret key, List<Program> programs, SecureRandom die) {
        var file = new ImageFile(image, key, die);
        boolean opened = false;
        try {
            var files = new LinkedHashMap<Program, LoadFile>();
            programs.forEach(p -> files.put(p, loaded(p)));
            var card = file.image()
                    .map(bytes -> Card.revive(bytes, files.values(), die, file))
                    .orElseGet(() -> new Card(die, file));
            opened = true;
            return new SoftCard(card, Optional.of(file));
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    /// An empty card that nobody keeps.
    public static SoftCard inMemory(SecureRandom die) {
        return new SoftCard(new Card(die, Card.FORGETFUL), Optional.empty());
    }

    private static LoadFile loaded(Program program) {
        var known = LOADED.get(program);
        if (known != null) {
            return known;
        }
        var imports = program.imports().stream().map(SoftCard::loaded).toList();
        return LOADED.computeIfAbsent(program, p -> LoadFile.fromClassPath(p.packageName(), p.classes(), imports));
    }

    /// @throws org.mizuhiki.house.Refusal `applet-not-installed`, `applet-not-permitted`
    public void install(Program program, Bytes parameters) {
        card.install(loaded(program), program.applet(), program.aid().toArray(), parameters.toArray());
    }

    /// Gives the card a timer, for [Programs#TIMER], each time that it is opened; resets it, and does so
    /// whenever the oscillator stood still.
    public void wind(Oscillator oscillator) {
        card.wind(oscillator);
    }

    /// Deletes the applet and all it holds.
    ///
    /// @throws org.mizuhiki.house.Refusal `applet-unknown`
    public void delete(Program program) {
        card.delete(program.aid().toArray());
    }

    @Override
    public byte[] transmit(byte... command) {
        return card.transmit(command);
    }

    @Override
    public void reset() {
        card.reset();
    }

    @Override
    public void close() {
        file.ifPresent(ImageFile::close);
    }
}
