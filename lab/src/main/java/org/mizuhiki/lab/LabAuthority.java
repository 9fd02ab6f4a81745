package org.mizuhiki.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.OwnKey;

/// A throw-away CA, by strongSwan's own tool `pki`: a lab does not need the region's authority to try
/// tunnels.
public final class LabAuthority {
    private final Path folder;
    private final String name;

    /// What a router proves itself with.
    ///
    /// @param identity    as tunnels name it
    /// @param certificate DER
    /// @param key         a file, PKCS#8
    public record Papers(String identity, Bytes certificate, Path key) {
        public OwnKey inHand() {
            return new OwnKey.InHand(Secret.taking(read(key)));
        }
    }

    private LabAuthority(Path folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /// @throws Refusal `lab-pki` if the tool is not here
    public static LabAuthority found(Path folder, String name) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var authority = new LabAuthority(folder, name);
        authority.key("ca");
        authority.pki(
                "ca.crt", "--self", "--ca", "--in", "ca.key", "--dn", "C=JP, O=Lab, CN=" + name, "--lifetime", "30");
        return authority;
    }

    public Bytes certificate() {
        return Bytes.of(read(folder.resolve("ca.crt")));
    }

    public Papers issue(String site) {
        var identity = "C=JP, O=" + name + ", CN=" + site;
        key(site);
        pki(
                site + ".crt",
                "--issue",
                "--in",
                site + ".key",
                "--type",
                "priv",
                "--cacert",
                "ca.crt",
                "--cakey",
                "ca.key",
                "--dn",
                identity,
                "--lifetime",
                "30");
        return new Papers(identity, Bytes.of(read(folder.resolve(site + ".crt"))), folder.resolve(site + ".key"));
    }

    /// A revocation list that names these, and no other.
    public Bytes revoking(Papers... revoked) {
        var words = new ArrayList<>(List.of("--signcrl", "--cacert", "ca.crt", "--cakey", "ca.key", "--lifetime", "7"));
        if (Files.exists(folder.resolve("crl"))) {
            move("crl", "crl.before");
            words.addAll(List.of("--lastcrl", "crl.before"));
        }
        Stream.of(revoked).forEach(p -> {
            var file = p.key().getFileName().toString().replace(".key", ".crt");
            words.addAll(List.of("--reason", "key-compromise", "--cert", file));
        });
        pki("crl", words.toArray(String[]::new));
        return Bytes.of(read(folder.resolve("crl")));
    }

    private void key(String owner) {
        pki(owner + ".key", "--gen", "--type", "ecdsa", "--size", "256");
    }

    private void pki(String out, String... words) {
        try {
            var command = new ArrayList<>(List.of("pki"));
            command.addAll(List.of(words));
            var process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(folder.resolve(out).toFile())
                    .redirectError(folder.resolve("said").toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException(Files.readString(folder.resolve("said")));
            }
        } catch (IOException e) {
            throw Refusal.of(
                    "lab-pki",
                    "ラボの証明書を作れません（Debianのstrongswan-pkiが必要です。./mizuhiki setup を実行してください）",
                    "The lab's certificates cannot be made: it takes Debian's strongswan-pki, run ./mizuhiki setup",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void move(String from, String to) {
        try {
            Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
