package org.mizuhiki.trust.path;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which algorithms carry trust.
public enum Strength {
    /// Signatures over SHA-2 or SHA-3, RSA from 2,048 bits, curves from 256 bits, ML-DSA. CRYPTREC's list
    /// of 2023 (LS-0001) and RFC 8551, 2.2.
    TODAY,

    /// Whatever the JDK checks; for published test suites of former times only.
    ANY;

    private static final int RSA = 2048;
    private static final int CURVE = 256;
    private static final Pattern SIGNATURES = Pattern.compile(
            "(?i)(SHA(256|384|512)with(RSA|ECDSA)|SHA3-(256|384|512)with(RSA|ECDSA)|Ed25519|Ed448|EdDSA|ML-DSA.*)");
    private static final Pattern KEYS = Pattern.compile("(?i)(Ed25519|Ed448|EdDSA|X25519|X448|XDH|ML-.*)");
    private static final Set<String> DIGESTS = Set.of("SHA-256", "SHA-384", "SHA-512");

    /// @return the algorithm that is too weak or unknown
    public Optional<String> lacking(X509Certificate certificate) {
        if (this == ANY) {
            return Optional.empty();
        }
        var weak = signature(certificate.getSigAlgName(), certificate.getSigAlgParams());
        return weak.isPresent() ? weak : key(certificate.getPublicKey());
    }

    /// Of an anchor only the key counts: nobody relies on its own signature.
    public Optional<String> lackingKey(X509Certificate anchor) {
        return this == ANY ? Optional.empty() : key(anchor.getPublicKey());
    }

    public boolean carries(X509CRL crl) {
        return this == ANY
                || signature(crl.getSigAlgName(), crl.getSigAlgParams()).isEmpty();
    }

    /// @param signature a name of the JDK's kind, such as `SHA256withECDSA`
    public boolean carries(String signature) {
        return this == ANY || SIGNATURES.matcher(signature).matches();
    }

    private static Optional<String> signature(String name, byte @Nullable [] parameters) {
        boolean strong = SIGNATURES.matcher(name).matches()
                || ("RSASSA-PSS".equalsIgnoreCase(name) && parameters != null && isStrongPss(parameters));
        return strong ? Optional.empty() : Optional.of(name);
    }

    private static boolean isStrongPss(byte... parameters) {
        try {
            var read = AlgorithmParameters.getInstance("RSASSA-PSS");
            read.init(parameters);
            return DIGESTS.contains(
                    read.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm());
        } catch (GeneralSecurityException | java.io.IOException e) {
            return false;
        }
    }

    private static Optional<String> key(PublicKey key) {
        return switch (key) {
            case RSAPublicKey r
            when r.getModulus().bitLength() < RSA ->
                Optional.of("RSA " + r.getModulus().bitLength());
            case RSAPublicKey r -> Optional.empty();
            case ECPublicKey e
            when e.getParams().getCurve().getField().getFieldSize() < CURVE ->
                Optional.of("EC " + e.getParams().getCurve().getField().getFieldSize());
            case ECPublicKey e -> Optional.empty();
            case DSAPublicKey d -> Optional.of("DSA");
            default -> KEYS.matcher(key.getAlgorithm()).matches() ? Optional.empty() : Optional.of(key.getAlgorithm());
        };
    }
}
