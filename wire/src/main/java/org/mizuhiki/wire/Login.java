package org.mizuhiki.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// Name and password as HTTP Basic carries them (RFC 7617): for protocols whose ordinary clients know
/// nothing better, over TLS only.
public record Login(String name, Secret password) {
    private static final String SCHEME = "basic ";

    /// @param shown all `Authorization` headers of a request
    static Optional<Login> read(List<String> shown) {
        if (shown.size() > 1) { // two readers must not see two callers
            throw malformed();
        }
        return shown.stream()
                .filter(s -> s.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(s -> decode(s.substring(SCHEME.length()).strip()))
                .findFirst();
    }

    /// As the `Authorization` header carries it.
    ///
    /// @throws IllegalArgumentException for a name with a colon, which would end it
    String written() {
        if (name.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a name has no colon");
        }
        var before = (name + ":").getBytes(StandardCharsets.UTF_8);
        return password.lend(bytes -> {
            var both = Arrays.copyOf(before, before.length + bytes.length);
            System.arraycopy(bytes, 0, both, before.length, bytes.length);
            var text = Base64.getEncoder().encodeToString(both);
            Arrays.fill(both, (byte) 0);
            return "Basic " + text;
        });
    }

    private static Login decode(String text) {
        try {
            var bytes = Base64.getDecoder().decode(text);
            int colon = 0;
            while (colon < bytes.length && bytes[colon] != ':') {
                colon++;
            }
            if (colon == bytes.length) {
                throw malformed();
            }
            var name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, colon));
            var password = Secret.taking(Arrays.copyOfRange(bytes, colon + 1, bytes.length));
            Arrays.fill(bytes, (byte) 0);
            return new Login(name.toString(), password);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw malformed(); // not as the cause: its message would quote the header
        }
    }

    private static Refusal malformed() {
        return Refusal.of(
                "login-malformed",
                "Authorizationヘッダーの形式が正しくありません（名前とパスワードのBasic認証のみ）",
                "The Authorization header is malformed; one with HTTP Basic is understood");
    }
}
