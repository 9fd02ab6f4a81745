package org.mizuhiki.enrol.acme;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.mizuhiki.house.Refusal;

/// One JSON object as a client sent it. Names that are not known are passed over, as RFC 8555 wants it; a
/// known name with a value of another type is refused, and so is a name that comes twice.
final class Fields {
    private final Map<?, ?> values;

    private Fields(Map<?, ?> values) {
        this.values = values;
    }

    /// @throws Refusal `jws-malformed`
    static Fields read(byte[] json) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
            return new Fields(JsonUtil.parseJson(text.toString()));
        } catch (CharacterCodingException | JoseException | RuntimeException e) {
            throw malformed(); // not as the cause: the parser quotes what it read
        }
    }

    /// Base64url without padding, in its one spelling: a lenient reader would let two texts pass as one.
    ///
    /// @throws Refusal `jws-malformed`
    static byte[] decode(String base64url) {
        try {
            var decoded = Base64.getUrlDecoder().decode(base64url);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(decoded).equals(base64url)) {
                return decoded;
            }
            throw malformed();
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name) {
        var text = of(name, String.class);
        if (text.isPresent() && text.get().chars().anyMatch(Character::isISOControl)) {
            throw malformed(); // the database refuses NUL, and logs end lines at others
        }
        return text;
    }

    String need(String name) {
        return text(name).orElseThrow(Fields::malformed);
    }

    byte[] bytes(String name) {
        return decode(need(name));
    }

    boolean flag(String name) {
        return of(name, Boolean.class).orElse(false);
    }

    OptionalInt number(String name) {
        return of(name, Long.class)
                .map(n -> OptionalInt.of(n.equals((long) n.intValue()) ? n.intValue() : -1))
                .orElse(OptionalInt.empty());
    }

    Optional<Fields> object(String name) {
        return of(name, Map.class).map(Fields::object);
    }

    List<Fields> objects(String name) {
        List<?> items = of(name, List.class).orElseThrow(Fields::malformed);
        return items.stream().map(Fields::object).toList();
    }

    private static Fields object(Object item) {
        if (item instanceof Map<?, ?> map) {
            return new Fields(map);
        }
        throw malformed();
    }

    private <T> Optional<T> of(String name, Class<T> type) {
        var value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw malformed();
        }
        return Optional.of(type.cast(value));
    }

    static Refusal malformed() {
        return Refusal.of(
                "jws-malformed",
                "要求はRFC 8555の形の署名付きJSON（JWS）で送ってください",
                "Send a request as signed JSON (JWS) in the form of RFC 8555");
    }
}
