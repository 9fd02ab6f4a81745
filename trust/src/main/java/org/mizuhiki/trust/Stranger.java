package org.mizuhiki.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A certificate of another PKI with all that came along, as it came: DER, not yet looked at.
///
/// @param others certificates of CAs and signers of lists, in any order
/// @param lists revocation lists (RFC 5280)
/// @param ocsp OCSP responses (RFC 6960)
/// @param mail the address that the certificate is to name, such as a mail's sender
public record Stranger(
        Bytes certificate, List<Bytes> others, List<Bytes> lists, List<Bytes> ocsp, Optional<String> mail) {
    private static final int MAX_FILE = 4 << 20;
    private static final byte SEQUENCE = 0x30;

    public Stranger {
        others = List.copyOf(others);
        lists = List.copyOf(lists);
        ocsp = List.copyOf(ocsp);
    }

    /// A file as people have it: one certificate in DER; or PEM, the own certificate first, others and lists behind.
    ///
    /// @throws Refusal `stranger-file-malformed`
    public static Stranger read(Bytes file) {
        var held = Held.in(file);
        if (held.certificates().isEmpty()) {
            throw malformed(Optional.empty());
        }
        var others = held.certificates().subList(1, held.certificates().size());
        return new Stranger(held.certificates().getFirst(), others, held.lists(), List.of(), Optional.empty());
    }

    /// With what another such file holds: certificates, lists, or one of either in DER.
    ///
    /// @throws Refusal `stranger-file-malformed`
    public Stranger with(Bytes file) {
        var held = Held.in(file);
        return new Stranger(certificate, joined(others, held.certificates()), joined(lists, held.lists()), ocsp, mail);
    }

    private static List<Bytes> joined(List<Bytes> some, List<Bytes> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /// @param lists what is in DER may be either: as what it is not, it cannot be read and is left out
    private record Held(List<Bytes> certificates, List<Bytes> lists) {
        static Held in(Bytes file) {
            if (file.size() > MAX_FILE || file.size() == 0) {
                throw malformed(Optional.empty());
            }
            if (file.toArray()[0] == SEQUENCE) {
                return new Held(List.of(file), List.of(file));
            }
            try {
                var text = new String(file.toArray(), StandardCharsets.US_ASCII);
                var held = new Held(blocks("CERTIFICATE", text), blocks("X509 CRL", text));
                if (held.certificates().isEmpty() && held.lists().isEmpty()) {
                    throw malformed(Optional.empty());
                }
                return held;
            } catch (IOException e) {
                throw malformed(Optional.of(e));
            }
        }
    }

    private static List<Bytes> blocks(String label, String text) throws IOException {
        return KeyFiles.blocks(label, text).stream().map(Bytes::of).toList();
    }

    private static Refusal malformed(Optional<IOException> cause) {
        var ja = "証明書のファイルを読めません（PEM、またはDERの証明書1つ。4 MiBまで）";
        var en = "The certificate file cannot be read; it holds PEM, or one certificate in DER, of at most 4 MiB";
        return cause.map(c -> Refusal.of("stranger-file-malformed", ja, en, c))
                .orElseGet(() -> Refusal.of("stranger-file-malformed", ja, en));
    }

    /// Own certificate first, as a signature carries them.
    public static Stranger of(List<Bytes> chain) {
        return new Stranger(chain.getFirst(), chain.subList(1, chain.size()), List.of(), List.of(), Optional.empty());
    }

    public Stranger from(String address) {
        return new Stranger(certificate, others, lists, ocsp, Optional.of(address));
    }

    long size() {
        return (long) certificate.size() + size(others) + size(lists) + size(ocsp);
    }

    private static long size(List<Bytes> all) {
        return all.stream().mapToLong(Bytes::size).sum();
    }
}
