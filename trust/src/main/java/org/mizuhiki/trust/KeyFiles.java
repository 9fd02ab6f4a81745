package org.mizuhiki.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// EC keys and certificates as files: PKCS#8 PEM (mode 0600, written whole or not at all) and certificate
/// PEM.
public final class KeyFiles {
    private static final int LARGEST = 1 << 16;
    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";

    private KeyFiles() {}

    /// A fresh P-256 key pair.
    public static KeyPair newKeyPair(SecureRandom die) {
        return newKeyPair("secp256r1", die);
    }

    static KeyPair newKeyPair(String curve, SecureRandom die) {
        try {
            var maker = KeyPairGenerator.getInstance("EC");
            maker.initialize(new ECGenParameterSpec(curve), die);
            return maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256 and P-384", e);
        }
    }

    /// Writes a key for its owner's eyes only; the file never exists with wider rights, not even for a
    /// moment.
    public static void writeKey(Path file, PrivateKey key) {
        var der = key.getEncoded();
        try {
            write(file, pem(KEY, der), "rw-------");
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    /// @throws Refusal `key-file-unreadable` when it is missing or no EC PKCS#8 PEM
    public static PrivateKey readKey(Path file) {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(keyBytes(file)));
        } catch (GeneralSecurityException e) {
            throw unreadable(file, e);
        }
    }

    /// PKCS#8, of whatever kind of key.
    static byte[] keyBytes(Path file) {
        try {
            var blocks = blocks(KEY, read(file));
            if (blocks.size() != 1) {
                throw unreadable(file, null);
            }
            return blocks.getFirst();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    public static void writeChain(Path file, List<X509Certificate> chain) {
        write(file, pem(chain), "rw-r--r--");
    }

    /// One certificate after the other.
    public static String pem(List<X509Certificate> chain) {
        return chain.stream().map(c -> pem(CERTIFICATE, encoded(c).toArray())).collect(Collectors.joining());
    }

    /// @throws Refusal `key-file-unreadable` when it is missing or holds no certificate
    public static List<X509Certificate> readChain(Path file) {
        try {
            var chain = chain(read(file));
            if (chain.isEmpty()) {
                throw unreadable(file, null);
            }
            return chain;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /// What [#pem] wrote.
    ///
    /// @throws IOException a block without end, or not base64
    /// @throws Refusal `certificate-malformed`
    public static List<X509Certificate> chain(String pem) throws IOException {
        return blocks(CERTIFICATE, pem).stream()
                .map(der -> certificate(Bytes.of(der)))
                .toList();
    }

    /// @throws Refusal `certificate-malformed`
    public static X509Certificate certificate(Bytes der) {
        try {
            var read = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new java.io.ByteArrayInputStream(der.toArray()));
            if (der.size() <= LARGEST
                    && read instanceof X509Certificate x
                    && encoded(x).equals(der)) {
                return x;
            }
            throw malformed(null);
        } catch (CertificateException e) {
            throw malformed(e);
        }
    }

    /// DER.
    public static Bytes encoded(X509Certificate certificate) {
        try {
            return Bytes.of(certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }

    /// Whole or not at all, and on disk when this returns: a half-written CA key would end the region.
    static void write(Path file, String text, String rights) {
        write(file, text.getBytes(StandardCharsets.UTF_8), rights);
    }

    /// The same for bytes.
    ///
    /// @param rights as `rw-r--r--`
    /// @throws UncheckedIOException and the file is what it was before
    public static void write(Path file, byte[] content, String rights) {
        var parent = file.toAbsolutePath().getParent();
        var draft = file.resolveSibling(file.getFileName() + ".draft");
        try {
            Files.deleteIfExists(draft);
            var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights));
            try (var out = FileChannel.open(
                    draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
                var bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            if (parent != null) {
                try (var folder = FileChannel.open(parent)) {
                    folder.force(true);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not write " + file.getFileName(), e);
        }
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException("too large");
        }
        return Files.readString(file, StandardCharsets.US_ASCII);
    }

    private static String pem(String label, byte... der) {
        var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    /// DER of what bears this label in a PEM text.
    static List<byte[]> blocks(String label, String text) throws IOException {
        var found = new java.util.ArrayList<byte[]>();
        var begin = "-----BEGIN " + label + "-----";
        var end = "-----END " + label + "-----";
        int at = text.indexOf(begin);
        while (at >= 0) {
            int stop = text.indexOf(end, at);
            if (stop < 0) {
                throw new IOException("PEM without end");
            }
            try {
                found.add(Base64.getMimeDecoder().decode(text.substring(at + begin.length(), stop)));
            } catch (IllegalArgumentException e) {
                throw new IOException("PEM is not base64", e);
            }
            at = text.indexOf(begin, stop);
        }
        return found;
    }

    /// Names the file, never what is in it.
    static Refusal unreadable(Path file, @org.jspecify.annotations.Nullable Throwable cause) {
        var ja = "鍵または証明書のファイル「" + file.getFileName() + "」を読めません（PEM形式、P-256の鍵が必要です）";
        var en = "The key or certificate file '" + file.getFileName() + "' cannot be read; it must be PEM";
        return cause == null
                ? Refusal.of("key-file-unreadable", ja, en)
                : Refusal.of("key-file-unreadable", ja, en, cause);
    }

    private static Refusal malformed(@org.jspecify.annotations.Nullable Throwable cause) {
        var ja = "証明書の形式が正しくありません";
        var en = "The certificate is malformed";
        return cause == null
                ? Refusal.of("certificate-malformed", ja, en)
                : Refusal.of("certificate-malformed", ja, en, cause);
    }
}
